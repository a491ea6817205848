"""Harm in an earlier session: a clinician looks and gives a reason before the next one. Pure.

Stop on pain, burning and faintness [Compex Vitality manual] (M). That the session after burning,
faintness or hurt skin waits for a clinician, however short the one before was and however long ago,
is ours (D).
"""

from dataclasses import dataclass, replace

from appliance.clinical.choice import choice_text
from appliance.clinical.closing.facts import (
    HarmReviewed,
    HarmTold,
    StopExplained,
    StoppedBecause,
)
from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.finding import Consequence, Finding
from appliance.core.readable_text import refuse_reason
from appliance.core.refusal import Refusal
from appliance.texts.text import text

RULE = "refusal.harm"
REVIEWED = "harm_reviewed"


@dataclass(frozen=True, slots=True)
class HarmState:
    """What was told of harm and waits for a clinician; `because` is None where nothing does.

    `reviewed` is the last session whose harm was looked at: its close-out may say it once more.
    """

    because: StoppedBecause | None = None
    session: str = ""
    since: FactTime | None = None
    reviewed: str = ""

    def after(self, fact: Fact, at: FactTime) -> "HarmState":
        """Return the state after a fact; a fact of another kind changes nothing."""
        match fact:
            case HarmReviewed():
                return HarmState(reviewed=self.session or self.reviewed)
            case HarmTold() | StopExplained() if fact.because.ends_session:
                if fact.session in {self.session, self.reviewed}:
                    return self
                return replace(self, because=fact.because, session=fact.session, since=at)
            case _:
                return self


def judge_harm(state: HarmState) -> tuple[Finding, ...]:
    """Return that a clinician has to look first, nothing where no harm waits for that."""
    if state.because is None:
        return ()
    return (
        Finding(
            consequence=Consequence.CONFIRM,
            rule=RULE,
            item=state.because.value,
            found=text("harm.found", what=choice_text(state.because)),
            allowed=text("harm.looked_at"),
            nearest=text("harm.nearest"),
            since=state.since,
            answered_by=REVIEWED,
        ),
    )


def refuse_review(fact: HarmReviewed, state: HarmState, current: str | None) -> Refusal | None:
    """Refuse a review of nothing, one without a reason, or while that session is still open."""
    if state.because is None:
        return Refusal(RULE, text("harm.none"), text("harm.told"), text("harm.none_nearest"))
    if current is not None:
        asked = text("harm.found", what=choice_text(state.because))
        return Refusal(RULE, asked, text("harm.ended"), text("sign_in.stop_first"))
    return refuse_reason(fact.reason)
