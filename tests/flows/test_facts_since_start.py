"""Facts and time: what is recorded after a step refuses the next one, midnight ends no session."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from appliance.clinical.patients.before_start import missing_before_start
from appliance.clinical.patients.facts import PatientRegistered
from appliance.clinical.placement.facts import (
    FirstFeelingMarked,
    PadSetChecked,
    PadsPlaced,
    PadState,
)
from appliance.clinical.screening.facts import Answer
from appliance.clinical.skin.facts import (
    AlteredSensationAccepted,
    Feeling,
    PatchTestApplied,
    PatchTestPlace,
    PatchTestRead,
    SkinGrade,
)
from appliance.control.bedside import patient_facts
from appliance.core.limits.limits import Region
from appliance.messages.actions import (
    Action,
    CheckContact,
    Fall,
    HoldRise,
    Pause,
    Resume,
    Rise,
    Start,
    Stop,
)
from appliance.messages.wire import Subject
from appliance.records.journal.journal import Journal
from tests.support.clinic import START_UTC_US, Clinic, open_clinic
from tests.support.clinical_records import register
from tests.support.complete_file import MATERIAL, about, facts_for, wanted
from tests.support.one_patient import (
    ASKED,
    FACTS,
    PLAN,
    SITES,
    fold,
    only,
    prescribe,
    record,
    refused,
)
from tests.support.screening import WHO, full, part
from tests.support.skin import before, sensation
from tests.support.unit_in_use import ready_unit

pytestmark = pytest.mark.proves("patient-facts")

DAY_US = 86_400_000_000
TO_MIDNIGHT_US = DAY_US - START_UTC_US % DAY_US
"""From the usual start of a clinic to the end of its day; tests run in UTC."""
BROKEN = before(SkinGrade.BROKEN, *SITES)
ABSENT = sensation(Feeling.ABSENT, *SITES)
DAMAGED = PadSetChecked(
    pad_set="A",
    edges=PadState.DAMAGED,
    gel=PadState.GOOD,
    whole=PadState.GOOD,
    date=PadState.GOOD,
    **WHO,
)


def pads_at(depth: str) -> PadsPlaced:
    plan = wanted(side=PLAN.side, region=PLAN.region, depth=depth)
    (placed,) = [fact for fact in facts_for(plan) if isinstance(fact, PadsPlaced)]
    return placed


LATER = {
    "broken skin": (BROKEN, "refusal.patch_test"),
    "marked skin": (before(SkinGrade.MARKED, *SITES), "refusal.patch_test"),
    "no sensation": (ABSENT, "refusal.sensation"),
    "altered sensation": (sensation(Feeling.ALTERED, *SITES), "refusal.sensation"),
    "damaged pads": (DAMAGED, "refusal.pad_set"),
    "pads at another depth": (pads_at("deep"), "refusal.placement"),
    "an answer that stops": (full(Region.LOWER_BACK, fever=Answer.YES), "refusal.screening"),
    "a changed answer": (part(epilepsy=Answer.YES), "refusal.screening"),
}
"""What may be found once the prescription was accepted, and the rule of its refusal."""


def prescribed(clinic: Clinic) -> None:
    clinic.unlock()
    fold(clinic, *FACTS)
    prescribe(clinic)


def armed(clinic: Clinic) -> None:
    prescribed(clinic)
    clinic.do(CheckContact())
    clinic.until("Armed")


def begun(clinic: Clinic) -> None:
    armed(clinic)
    clinic.do(Start())
    clinic.until("Delivering")
    clinic.raise_to(3_000)
    clinic.wait(500)


def paused(clinic: Clinic) -> None:
    begun(clinic)
    clinic.do(Pause())
    clinic.until("Paused")


STEPS: dict[str, tuple[Callable[[Clinic], None], Action]] = {
    "contact check": (prescribed, CheckContact()),
    "start": (armed, Start()),
    "resume": (paused, Resume()),
    "rise": (begun, Rise(channel=1)),
    "held rise": (begun, HoldRise(channel=1, pressed=True)),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("found", LATER)
def test_what_is_found_later_refuses_the_next_step_and_lowers_nothing(
    clinic: Clinic, step: str, found: str
) -> None:
    """Hazard: a blister is seen in the pause, recorded, and the current goes on."""
    reach, action = STEPS[step]
    fact, rule = LATER[found]
    reach(clinic)
    clinic.wait(60)
    levels = [view.level_ua for view in clinic.view.channels]
    state = clinic.state
    clinic.do(record(fact))
    assert refused(clinic, action)[0] == rule
    assert (clinic.state, [view.level_ua for view in clinic.view.channels]) == (state, levels)


@pytest.mark.parametrize("action", [Fall(channel=1, step_ua=500), Pause(), Stop(), Stop(cut=True)])
def test_less_current_is_never_refused(clinic: Clinic, action: Action) -> None:
    begun(clinic)
    clinic.do(record(BROKEN))
    clinic.do(action)


def test_an_accepted_change_asks_for_another_prescription(clinic: Clinic) -> None:
    """Hazard: sensation is found altered, a reason is given, and the old ceiling stays."""
    armed(clinic)
    clinic.do(record(sensation(Feeling.ALTERED, *SITES)))
    reason = AlteredSensationAccepted(sites=SITES, reason="after surgery, stable", **WHO)
    clinic.do(record(reason))
    for step in (Start(), CheckContact()):
        assert refused(clinic, step) == (
            "refusal.altered_sensation",
            "before_start.prescribe_again",
        )
    prescribe(clinic)
    clinic.do(CheckContact())
    clinic.until("Armed")
    clinic.do(Start())
    clinic.until("Delivering")
    assert refused(clinic, HoldRise(channel=1, pressed=True))[0] == "refusal.press_and_hold"


def test_a_climb_that_is_now_forbidden_asks_for_another_prescription(clinic: Clinic) -> None:
    """Hazard: the ceiling was low already, and the key still climbs where sensation is altered."""
    clinic.unlock()
    fold(clinic, *FACTS)
    prescribe(clinic, replace(ASKED, ceiling_ua=20_000))
    clinic.do(record(sensation(Feeling.ALTERED, *SITES)))
    reason = AlteredSensationAccepted(sites=SITES, reason="after surgery, stable", **WHO)
    clinic.do(record(reason))
    again = ("refusal.altered_sensation", "before_start.prescribe_again")
    assert refused(clinic, CheckContact()) == again
    prescribe(clinic, replace(ASKED, ceiling_ua=20_000))
    clinic.do(CheckContact())


def test_a_lower_ceiling_that_the_prescription_keeps_needs_no_other(clinic: Clinic) -> None:
    clinic.unlock()
    tested = (
        PatchTestApplied(material=MATERIAL, place=PatchTestPlace.UPPER_BACK, **WHO),
        PatchTestRead(material=MATERIAL, grade=SkinGrade.CLEAR, **WHO),
    )
    marked = (before(SkinGrade.MARKED, *SITES), *tested)
    fold(clinic, *FACTS, *marked)
    prescribe(clinic)
    fold(clinic, *marked)
    clinic.do(CheckContact())


def test_facts_about_somebody_else_change_nothing(clinic: Clinic) -> None:
    begun(clinic)
    loop = clinic.engine.loop
    at = loop._journal.fact_time()
    for fact in (FACTS[0], BROKEN):
        loop._facts.files.take(about(fact, "P-8"), at)
    clinic.do(Rise(channel=1))


def test_a_rise_judges_again_only_what_is_new(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    armed(clinic)
    clinic.do(Start())
    clinic.until("Delivering")
    judged: list[object] = []

    def counted(*asked: Any) -> Any:
        judged.append(asked)
        return missing_before_start(*asked)

    monkeypatch.setattr(patient_facts, "missing_before_start", counted)
    clinic.raise_to(3_000)
    clinic.wait(500)
    for _ in range(3):
        clinic.do(Rise(channel=1))
        clinic.wait(500)
    assert judged == []
    clinic.do(record(ABSENT))
    for _ in range(3):
        refused(clinic, Rise(channel=1))
    assert len(judged) == 2, "the file of now and that of Start, once"


# --- before it is on the disk ----------------------------------------------------------------


def hold(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk write nothing more from now on."""
    reached = clinic.engine.loop._journal._records.acknowledged
    monkeypatch.setattr(Journal, "acknowledged", property(lambda _: reached))


def test_a_fact_forbids_before_it_is_on_the_disk_and_allows_only_afterwards(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    prescribed(clinic)
    with monkeypatch.context() as slow:
        hold(clinic, slow)
        clinic.wait(60)
        first = clinic.link.send(record(ABSENT))
        clinic.tick()
        assert refused(clinic, CheckContact())[0] == "refusal.sensation"
    clinic.link.wait_reply(first)
    with monkeypatch.context() as slow:
        hold(clinic, slow)
        clinic.wait(60)
        second = clinic.link.send(record(sensation(Feeling.NORMAL, *SITES)))
        clinic.tick()
        assert refused(clinic, CheckContact())[0] == "refusal.sensation"
    clinic.link.wait_reply(second)
    clinic.do(CheckContact())


def test_a_patient_whose_file_is_unknown_gets_nothing(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(clinic)
    monkeypatch.setattr(clinic.engine.loop._facts._loaded, "fault", "event 9 cannot be read")
    assert refused(clinic, Rise(channel=1)) == ("refusal.patient", "patient.records_first")
    clinic.do(Stop())
    clinic.until("Finished")


def test_unknown_files_refuse_the_prescription_of_a_patient_only(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.unlock()
    fold(clinic, *FACTS)
    monkeypatch.setattr(clinic.engine.loop._facts._loaded, "fault", "event 9 cannot be read")
    assert refused(clinic, ASKED) == ("refusal.patient", "patient.records_first")
    clinic.prescribe(subject=Subject.TEST_LOAD)


# --- days, restarts, clocks ------------------------------------------------------------------


def test_facts_of_yesterday_refuse_start_after_midnight(tmp_path: Path) -> None:
    before_us = TO_MIDNIGHT_US - 15_000_000
    with open_clinic(tmp_path, after_us=before_us) as clinic:
        armed(clinic)
        clinic.wait(15_000)
        assert clinic.state == "Armed"
        ready_unit(clinic.engine.loop)
        assert refused(clinic, Start()) == ("refusal.screening", "screening.visit_list")


def test_a_session_that_has_begun_goes_on_after_midnight(tmp_path: Path) -> None:
    before_us = TO_MIDNIGHT_US - 20_000_000
    with open_clinic(tmp_path, after_us=before_us) as clinic:
        begun(clinic)
        clinic.wait(20_000)
        clinic.do(Rise(channel=1))
        clinic.do(Pause())
        clinic.until("Paused")
        clinic.do(Resume())
        clinic.until("Delivering")
        clinic.do(record(ABSENT))
        assert refused(clinic, Rise(channel=1))[0] == "refusal.sensation"


def recorded_file(clinic: Clinic) -> str:
    """Record a complete file over the link; return the patient's new id."""
    clinic.unlock()
    patient = register(clinic)
    for fact in FACTS:
        if not isinstance(fact, PatientRegistered | FirstFeelingMarked):
            clinic.do(record(fact, patient))
    return patient


@pytest.mark.parametrize(
    ("after_us", "trusted", "refusal"),
    [
        (600_000_000, True, None),
        (600_000_000, False, ("refusal.screening", "screening.answer_all")),
        (-600_000_000, True, ("refusal.screening", "screening.answer_all")),
        (DAY_US, True, ("refusal.screening", "screening.visit_list")),
    ],
)
def test_a_complete_file_survives_a_restart_only_by_a_clock_that_can_tell(
    tmp_path: Path, after_us: int, *, trusted: bool, refusal: tuple[str, str] | None
) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        patient = recorded_file(clinic)
        prescribe(clinic, replace(ASKED, patient=patient))
        clinic.do(CheckContact())
    with open_clinic(tmp_path / "2", data=data, after_us=after_us, trusted=trusted) as clinic:
        clinic.unlock()
        prescribe(clinic, replace(ASKED, patient=patient))
        if refusal is None:
            clinic.do(CheckContact())
        else:
            assert refused(clinic, CheckContact()) == refusal


def test_a_file_of_this_boot_is_complete_without_a_trusted_clock(tmp_path: Path) -> None:
    with open_clinic(tmp_path, trusted=False) as clinic:
        patient = recorded_file(clinic)
        prescribe(clinic, replace(ASKED, patient=patient))
        clinic.do(CheckContact())


def test_pads_placed_as_planned_again_let_the_session_go_on(clinic: Clinic) -> None:
    paused(clinic)
    clinic.do(record(pads_at("deep")))
    assert refused(clinic, Resume())[0] == "refusal.placement"
    clinic.do(record(only(PadsPlaced)[0]))
    clinic.do(Resume())
