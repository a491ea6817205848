"""One patient whose facts a test gives one by one: the request, and facts folded or recorded."""

from typing import Any

import msgspec

from appliance.clinical.body import PadSite, Side
from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.patients.events import event_of
from appliance.messages.actions import Action, Prescribe, RecordFact
from appliance.messages.replies import Refused
from appliance.messages.wire import Subject, TextView
from tests.support.clinic import Clinic
from tests.support.complete_file import about, facts_for, wanted
from tests.support.texts import said
from tests.support.unit_in_use import ready_unit

PATIENT = "P-7"
PLAN = wanted(side=Side.LEFT, region="lower_back")
FACTS = facts_for(PLAN, PATIENT)
SITES: tuple[PadSite, ...] = PLAN.placement.sites if PLAN.placement is not None else ()
ASKED = Prescribe(
    programme=PLAN.programme.name,
    subject=Subject.PATIENT,
    patient=PATIENT,
    region="lower_back",
    side="left",
    pad_set="A",
    tap_ua=1_000,
    reason="has had it elsewhere",
)


def fold(clinic: Clinic, *facts: Fact, at: FactTime | None = None) -> None:
    """Make facts part of the file as if recorded one after the other, now or at another time."""
    known = clinic.engine.loop._facts
    for fact in facts:
        clinic.tick()
        when = at or clinic.engine.loop._journal.fact_time()
        known.files.take(about(fact, PATIENT), when)
        known._expected.take(about(fact, PATIENT), when)


def record(fact: Fact, patient: str = PATIENT) -> RecordFact:
    """Return the message that records a fact about a patient."""
    values: dict[str, Any] = msgspec.to_builtins(about(fact, patient), str_keys=True)
    by_engine = {"operator", "simulated"}
    given = {name: value for name, value in values.items() if name not in by_engine}
    return RecordFact(kind=event_of(type(fact)), values=given)


def without(*kinds: type[Fact]) -> tuple[Fact, ...]:
    """Return the facts of a complete file but for those of some kinds."""
    return tuple(fact for fact in FACTS if not isinstance(fact, kinds))


def only(*kinds: type[Fact]) -> tuple[Fact, ...]:
    """Return the facts of a complete file that are of some kinds."""
    return tuple(fact for fact in FACTS if isinstance(fact, kinds))


def refused(clinic: Clinic, action: Action) -> tuple[str, str]:
    """Return rule and nearest of a refusal, the nearest by its key."""
    answer = clinic.ask(action)
    assert isinstance(answer, Refused), answer
    assert all(said(answer))
    nearest = answer.nearest
    return answer.rule, nearest.key if isinstance(nearest, TextView) else str(nearest)


def prescribe(clinic: Clinic, request: Prescribe = ASKED) -> None:
    """Prescribe on a unit that was looked at, and let the patient squeeze the hand switch."""
    ready_unit(clinic.engine.loop)
    clinic.do(request)
    clinic.squeeze()
