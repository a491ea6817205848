"""`treat --patient` on the engine: which facts it enters for whom, and what stops it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from appliance.clinical.closing.facts import CloseOutOpened
from appliance.clinical.placement.facts import PadSetUsed
from appliance.messages.actions import CloseSession, RecordFact, SetCeiling
from appliance.records.patient_facts import read_facts
from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import HOUR_US, recorded
from ui.cli.engine.hosts import EngineHost
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.treatment.autopilot import Autopilot
from ui.cli.treatment.request import TreatOptions, to_request
from ui.cli.treatment.run import TreatmentRun, give_treatment
from ui.cli.treatment.simulated_clinician import SimulatedClinician
from ui.cli.treatment.summary import end_of

BEFORE_START = [
    "ComplaintOpened",
    "ScreeningAnswered",
    "PadSetLabelled",
    "PadSetChecked",
    "PatchTestDeclined",
    "SensationTested",
    "SkinCheckedBefore",
    "PadsPlaced",
    "PatientTold",
]
OF_THE_NEXT_SESSION = ["SkinFollowedUp", "PadSetChecked", "SkinCheckedBefore", "PadsPlaced"]
OF_THE_DAY = [
    "SkinFollowedUp",
    "VisitListAnswered",
    "PadSetChecked",
    "SensationTested",
    "SkinCheckedBefore",
    "PadsPlaced",
    "PatientTold",
]


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with open_clinic(tmp_path) as opened:
        yield opened


@dataclass
class Treated:
    """A run that is over."""

    run: TreatmentRun
    autopilot: Autopilot
    facts: list[str]
    """The kinds of fact that it added to the records."""

    @property
    def outcome(self) -> str:
        return end_of(self.run, self.autopilot).outcome

    @property
    def cause(self) -> str:
        return end_of(self.run, self.autopilot).cause

    @property
    def patient(self) -> str:
        assert self.autopilot.clinician is not None
        return self.autopilot.clinician.patient


def options(programme: str = "conventional-tens", **other: Any) -> TreatOptions:
    usual: dict[str, Any] = {"channels": (), "level_ua": 2_000, "plateau_us": 500_000}
    return TreatOptions(programme, **{**usual, "patient": "", **other})


def treat(
    clinic: Clinic,
    asked: TreatOptions | None = None,
    show: Callable[[Autopilot], None] = lambda _: None,
) -> Treated:
    """Run `treat --patient` against the engine of a clinic."""
    asked = asked or options()
    request = to_request(asked)
    assert request.wanted is not None
    autopilot = Autopilot(
        request, clinician=SimulatedClinician(asked.patient or "", request.wanted)
    )
    faults = {"set": clinic.board.fault_set, "clear": clinic.board.fault_clear}
    host = EngineHost(clinic.link, 0.05, "a clinic", fault=lambda do, what: faults[do](what))
    before = len(recorded(clinic.data))
    run = give_treatment(host, autopilot, lambda _: show(autopilot))
    return Treated(run, autopilot, recorded(clinic.data)[before:])


def ceiling(patient: str) -> SetCeiling:
    return SetCeiling(
        patient=patient, scope="back", ceiling_ua=5_000, reason="sore", operator="anna"
    )


def on_day(tmp_path: Path, days: float, asked: TreatOptions | None = None) -> Treated:
    """Run it with an engine of its own, so many days after the first."""
    after_us = round(days * 24 * HOUR_US)
    with open_clinic(tmp_path / f"day {days}", data=tmp_path / "data", after_us=after_us) as clinic:
        return treat(clinic, asked)


def test_a_new_simulated_patient_is_registered_and_every_fact_is_simulated(
    clinic: Clinic,
) -> None:
    treated = treat(clinic)
    assert treated.outcome == "completed", treated.cause
    assert treated.patient == "P-0013"
    assert treated.facts[:10] == ["PatientRegistered", *BEFORE_START]
    with open_read_only(clinic.data) as db:
        facts = [each.fact for each in read_facts(db)]
    of_the_engine = (PadSetUsed, CloseOutOpened)
    assert all(fact.simulated or isinstance(fact, of_the_engine) for fact in facts)
    assert {fact.patient for fact in facts} == {"P-0013"}
    (session,) = clinic.sessions()
    assert session.summary.patient == "P-0013"


def test_the_session_is_closed_out_as_a_clinician_would(clinic: Clinic) -> None:
    treated = treat(clinic)
    assert treated.facts[10:] == [
        "FirstFeelingMarked",
        "FirstFeelingMarked",
        "PadSetUsed",
        "CloseOutOpened",
        "PadsRemoved",
        "SkinCheckedAfter",
        "PainScored",
        "PainScored",
        "StopExplained",
        "CloseOutCompleted",
    ]
    clinician = treated.autopilot.clinician
    assert clinician is not None
    assert (clinician.is_closed, clinician.left_open) == (True, None)


def test_a_trip_is_closed_out_too(clinic: Clinic) -> None:
    def press(autopilot: Autopilot) -> None:
        if min((view.level_ua for view in clinic.view.channels), default=0) >= 1_000:
            clinic.board.fault_set("estop")

    treated = treat(clinic, options(plateau_us=None), press)
    assert treated.outcome == "tripped"
    assert treated.facts[-1] == "CloseOutCompleted"


def test_a_close_out_that_a_killed_run_left_is_completed_first(clinic: Clinic) -> None:
    def interrupt_twice(autopilot: Autopilot) -> None:
        if min((view.level_ua for view in clinic.view.channels), default=0) >= 1_000:
            autopilot.interrupt()
            autopilot.interrupt()

    stopped = treat(clinic, options(plateau_us=None), interrupt_twice)
    assert (stopped.outcome, stopped.facts[-1]) == ("stopped", "CloseOutOpened")
    clinic.do(CloseSession())
    again = treat(clinic)
    assert again.outcome == "completed", again.cause
    assert again.facts[0] == "PadsRemoved"
    assert again.facts.count("CloseOutCompleted") == 2


def test_the_terminal_is_told_what_was_entered(clinic: Clinic) -> None:
    treated = treat(clinic)
    assert treated.autopilot.clinician is not None
    entered = [fact.kind for fact in treated.autopilot.clinician.entered]
    of_the_engine = ["PadSetUsed", "CloseOutOpened"]
    assert len(entered) - entered.count("unit_checked") == len(treated.facts) - len(of_the_engine)
    assert entered[:2] == ["patient_registered", "complaint_opened"]


def test_the_same_patient_is_treated_again_with_the_facts_that_are_new(tmp_path: Path) -> None:
    first = on_day(tmp_path, 0)
    again = on_day(tmp_path, 0.02)
    next_day = on_day(tmp_path, 1)
    assert [each.outcome for each in (first, again, next_day)] == ["completed"] * 3
    assert {each.patient for each in (first, again, next_day)} == {"P-0013"}
    assert "PatientRegistered" not in again.facts + next_day.facts
    assert again.facts[:4] == OF_THE_NEXT_SESSION
    assert next_day.facts[: len(OF_THE_DAY)] == OF_THE_DAY


def test_rest_after_a_strengthening_session_is_owed_by_the_simulated_patient_too(
    tmp_path: Path,
) -> None:
    strength = options("nmes-strengthening", plateau_us=65_000_000)
    assert on_day(tmp_path, 0, strength).outcome == "completed"
    refused = on_day(tmp_path, 1, strength)
    assert refused.outcome == "refused"
    assert "rest between strengthening sessions" in refused.cause
    assert "from 20" in refused.cause, "it says from when"
    assert refused.run.session is None


def test_a_ceiling_of_the_simulated_patient_holds(clinic: Clinic) -> None:
    assert treat(clinic).outcome == "completed"
    clinic.do(CloseSession())
    clinic.do(ceiling("P-0013"))
    refused = treat(clinic, options(level_ua=6_000))
    assert refused.outcome == "refused"
    assert "patient ceiling: asked 6 mA, allowed up to 5 mA for P-0013" in refused.cause


@pytest.mark.parametrize("named", ["P-0013", "p-0013", "SIM1", "sim1"])
def test_a_patient_is_named_by_id_or_alias(clinic: Clinic, named: str) -> None:
    treat(clinic)
    treated = treat(clinic, options(patient=named))
    assert (treated.outcome, treated.patient) == ("completed", "P-0013")


def test_a_pseudonym_of_earlier_records_stays_usable(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(ceiling("P-17"))
    treated = treat(clinic, options(patient="p-17"))
    assert (treated.outcome, treated.patient) == ("completed", "P-17")


@pytest.mark.parametrize("named", ["P-0999", "KT8", "Jane Doe", "P-0013:x"])
def test_a_patient_that_nobody_registered_is_refused_before_anything_starts(
    clinic: Clinic, named: str
) -> None:
    refused = treat(clinic, options(patient=named))
    assert (refused.outcome, refused.facts) == ("refused", [])
    assert end_of(refused.run, refused.autopilot).code is ExitCode.REFUSED
    assert "Jane" not in refused.cause
    assert clinic.sessions() == []


def test_what_a_person_found_is_not_answered_away(clinic: Clinic) -> None:
    treat(clinic)
    clinic.do(
        RecordFact(
            kind="screening_answered",
            values={"patient": "P-0013", "kind": "part", "answers": {"pregnancy": "yes"}},
        )
    )
    refused = treat(clinic)
    assert (refused.outcome, refused.facts) == ("refused", [])
    assert "pregnan" in refused.cause.lower()
    assert len(clinic.sessions()) == 1


def test_an_interrupt_while_facts_are_entered_starts_nothing(clinic: Clinic) -> None:
    def interrupt(autopilot: Autopilot) -> None:
        assert autopilot.clinician is not None
        if len(autopilot.clinician.entered) == 3 and not autopilot.was_interrupted:
            autopilot.interrupt()

    stopped = treat(clinic, show=interrupt)
    assert stopped.outcome == "stopped"
    assert 3 <= len(stopped.facts) <= 4
    assert clinic.sessions() == []


def test_a_hand_switch_that_is_unplugged_is_not_waited_for_without_end(clinic: Clinic) -> None:
    clinic.board.fault_set("hand-switch")
    refused = treat(clinic)
    assert refused.outcome == "refused"
    assert "hand switch" in refused.cause
    assert clinic.sessions() == []


def test_one_side_is_treated_on_one_channel(clinic: Clinic) -> None:
    treat(clinic, options(side="left"))
    (session,) = clinic.sessions()
    assert session.opening is not None
    assert (session.opening["channels"], session.opening["side"]) == ([1], "left")
    assert session.opening["pad_set"] == "A"
