"""Announce contractions to all clients, and withdraw a cue whose contraction does not come.

The event goes to every client; a short buzz goes to whoever is in the room, whatever screen there
is. Cues are counted for the session's closing record, not written one by one: a session of
30 minutes has a hundred of them, and each is in the plan.
"""

from appliance.control.engine_state import CueState, EngineState
from appliance.control.treatment.treatment import Treatment
from appliance.link.interfaces import EngineLink
from appliance.messages.replies import Event
from appliance.safety.contraction_cue_rules import Cue
from appliance.safety.state_machine.states import Delivering, RampUp, Resting

CUE = "cue"
WITHDRAWN = "cue_withdrawn"


class CueAnnouncer:
    """Watches the contractions of the running treatment, once a tick."""

    def __init__(self, engine: EngineState, link: EngineLink) -> None:
        self._engine = engine
        self._write = engine.claim(CueState)
        self._link = link
        self._session: str | None = None
        """The session of the cue: one that ends takes its cue back under its own name."""
        self._number = 0
        """The contraction that was announced last, from 1."""

    def begin_session(self) -> None:
        """Count the cues of a new session from zero."""
        self._write(self._engine.cues._replace(announced=0, withdrawn=0))

    def attend(self) -> bool:
        """Announce or withdraw what is due; say whether a cue has just been given."""
        engine = self._engine
        treatment = engine.setup.treatment
        running = isinstance(engine.machine.state, RampUp | Delivering | Resting)
        if treatment is None or not running or engine.session.id is None:
            self._withdraw()
            return False
        if engine.cues.cue is not None and treatment.plays_on_phase(engine.cues.cue.on_phase):
            self._write(engine.cues._replace(cue=None))
        cue = treatment.announce(engine.tick.now_us)
        if cue is None:
            return False
        self._session = engine.session.id
        self._write(engine.cues._replace(cue=cue, announced=engine.cues.announced + 1))
        self._announce(cue, treatment)
        return True

    def _withdraw(self) -> None:
        cues = self._engine.cues
        cue = cues.cue
        if cue is None:
            return
        self._write(cues._replace(cue=None, withdrawn=cues.withdrawn + 1))
        facts: dict[str, object] = {"on_phase": self._number, "begins_at_us": cue.begins_us}
        self._link.event(Event(name=WITHDRAWN, session=self._session, facts=facts))

    def _announce(self, cue: Cue, treatment: Treatment) -> None:
        plan, channels = treatment.plan, treatment.plan.train(cue.on_phase).channels
        self._number = plan.contraction(cue.on_phase) + 1
        facts: dict[str, object] = {
            "kind": "contraction",
            "on_phase": self._number,
            "of": plan.contraction(plan.on_times),
            "channels": list(channels),
            "level_ua": [treatment.announced_ua(cue.on_phase, n) for n in channels],
            "begins_at_us": cue.begins_us,
            "in_us": cue.begins_us - self._engine.tick.now_us,
        }
        self._link.event(Event(name=CUE, session=self._session, facts=facts))
