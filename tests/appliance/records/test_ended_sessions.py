"""What the records say of a session that ended is enough to open its close-out, on its own rig."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from appliance.clinical.closing.ended_session import EndedSession, close_out_facts
from appliance.clinical.closing.facts import CloseOutOpened
from appliance.clinical.placement.pad_sets import PadSets
from appliance.control.bedside.close_out_rule import CloseOutRule
from appliance.records.ended_sessions import ended_session, open_missing_close_outs
from appliance.records.journal.journal import Journal
from appliance.records.patient_facts import PatientFacts, read_facts
from appliance.records.session_events import (
    ChannelDose,
    RecordedOutcome,
    SessionEndFacts,
    SessionStartFacts,
)
from appliance.records.storage.store import open_read_only
from appliance.records.wall_clock import SteppedWallClock
from drivers.clock import SystemClock
from tests.support.clinic import open_clinic
from tests.support.every_fact import planned
from tests.support.treated_patient import treated

pytestmark = pytest.mark.proves("close-out")

START = SessionStartFacts(
    programme="conventional-tens",
    rig="hardware",
    board="reference",
    board_digest="",
    plan_digest="",
    prescription={"purpose": "sensory"},
    channels=(1, 2),
    region="lower_back",
    pad_area_mm2=4_500,
    duration_us=600_000_000,
    operator="anna",
    subject="patient",
    patient="P-0013",
    side="both",
    placement=planned().key.placement,
    depth="usual",
    pad_set="A",
)


def dose(channel: int, level_ua: int, comfortable_ua: int, highest_ua: int) -> ChannelDose:
    return ChannelDose(
        channel=channel,
        level_ua=level_ua,
        comfortable_ua=comfortable_ua,
        highest_ua=highest_ua,
        pulses=1,
        charge_pc=1,
        rms_ua=1,
    )


END = SessionEndFacts(
    outcome=RecordedOutcome.STOPPED,
    cause="stop",
    elapsed_us=1,
    slices=1,
    channels=(dose(1, 9_000, 8_000, 12_000), dose(2, 7_000, 7_000, 7_000)),
)


def ended(start: dict[str, Any] | None = None, **end: Any) -> EndedSession | None:
    opened = replace(START, **(start or {}))
    return ended_session("0003-001", opened, replace(END, **end), "bert")


def test_it_is_of_who_was_in_charge_and_has_the_cause_and_the_last_levels() -> None:
    found = ended()
    assert found is not None
    assert (found.session, found.patient, found.operator) == ("0003-001", "P-0013", "bert")
    assert (found.cause, found.motor, found.pad_set) == ("stop", False, "A")
    assert found.levels_ua == {1: 9_000, 2: 7_000}
    motor = ended({"prescription": {"purpose": "motor"}})
    assert motor is not None
    assert motor.motor


@pytest.mark.proves("own-levels")
@pytest.mark.parametrize(
    ("levels", "last_ua"),
    [
        ((9_000, 8_000, 12_000), 9_000),
        ((0, 8_000, 12_000), 8_000),
        ((0, 0, 12_000), 12_000),
        ((0, 0, 0), 0),
    ],
)
def test_a_level_lowered_to_zero_before_the_end_is_not_the_last_one(
    levels: tuple[int, int, int], last_ua: int
) -> None:
    """Hazard: marked skin is capped at half of nothing, or at half of some earlier session."""
    found = ended(channels=(dose(1, *levels), dose(2, 7_000, 7_000, 7_000)))
    assert found is not None
    assert found.levels_ua[1] == last_ua


def test_test_loads_older_sessions_and_those_without_current_have_none() -> None:
    others: tuple[dict[str, Any], ...] = ({"patient": None}, {"placement": ""})
    for start in others:
        assert ended(start) is None
    without = (dose(1, 0, 0, 0), dose(2, 0, 0, 0))
    assert ended(channels=without) is None
    assert ended(channels=without, outcome=RecordedOutcome.INTERRUPTED) is None
    cut_off: dict[str, Any] = {
        "channels": without,
        "outcome": RecordedOutcome.INTERRUPTED,
        "cut_in_boot": 2,
    }
    assert ended(**cut_off) is not None


@pytest.mark.parametrize(
    "start",
    [{"placement": "of-old"}, {"programme": "of-old"}, {"side": ""}, {"depth": "of-old"}],
)
def test_a_placement_that_this_version_does_not_know_leaves_a_close_out_without_sites(
    start: dict[str, Any],
) -> None:
    found = ended(start)
    assert found is not None
    (opened,) = [
        fact for fact in close_out_facts(found, PadSets()) if isinstance(fact, CloseOutOpened)
    ]
    assert (opened.levels, opened.material) == ((), "")


def test_a_close_out_missing_on_another_rig_is_opened_there_and_holds_nobody_up_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    with monkeypatch.context() as lost:
        lost.setattr(CloseOutRule, "ended", lambda *_: None)
        with open_clinic(tmp_path / "1", data=data) as clinic:
            treated(clinic)
    here = PatientFacts.load(data, "hardware")
    journal = Journal.open(data, SteppedWallClock(SystemClock(), 0), SystemClock(), threaded=False)
    open_missing_close_outs(journal, here, "hardware")
    open_missing_close_outs(journal, here, "hardware")
    journal.close()
    with open_read_only(data) as db:
        opened = [each for each in read_facts(db) if isinstance(each.fact, CloseOutOpened)]
    assert [(each.rig, each.fact.operator) for each in opened] == [("virtual", "anna")]
    assert here.files.holding_up() is None
    assert PatientFacts.load(data, "virtual").files.holding_up() is not None
