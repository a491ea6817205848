"""Burning, faintness and hurt skin end a session, whenever they are told: it is not resumed.

After a trip the session is not continued either (`appliance/control/treatment/raise_back.py`). Pain
in a pause leaves the way on from level zero, without raising back (decision 0039).
"""

from appliance.clinical.choice import choice_text
from appliance.clinical.closing.facts import StopExplained, StoppedBecause
from appliance.clinical.fact import Fact
from appliance.control.bedside.rules import AskedStep, OutputStep
from appliance.control.engine_state import EngineState
from appliance.control.treatment.harm import take_harm
from appliance.core.refusal import Refusal
from appliance.texts.text import text


def take_explanation(engine: EngineState, fact: Fact | None) -> bool:
    """Say whether a fact explains a stop by harm; that of the open session is remembered."""
    if not isinstance(fact, StopExplained) or not fact.because.harms:
        return False
    treatment = engine.setup.treatment
    if treatment is not None and fact.session == engine.session.id:
        take_harm(treatment, fact.because)
    return True


class HarmRule:
    """Refuses to resume; what was told is kept with the treatment."""

    def __init__(self, engine: EngineState) -> None:
        self._engine = engine

    def attend(self) -> None:
        """Do nothing: marks are taken as they arrive."""

    def refuse(self, asked: AskedStep) -> Refusal | None:
        """Refuse to resume a session in which such harm was told."""
        treatment = self._engine.setup.treatment
        if asked.step is not OutputStep.RESUME or treatment is None or not treatment.over_for:
            return None
        return Refusal(
            "refusal.felt",
            choice_text(StoppedBecause(treatment.over_for)),
            text("minutes.new_session"),
            text("sign_in.stop_first"),
        )
