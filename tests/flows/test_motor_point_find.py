"""A search for a motor point: a held pad is lifted and put back, and the search counts nowhere."""

from itertools import pairwise
from pathlib import Path

import pytest

from appliance.core.limits.patient_limits import CeilingScope
from appliance.messages.actions import HoldRise, RecordFact, Stop
from appliance.messages.wire import ContactVerdict
from appliance.records.patient_history import PatientRegister
from tests.flows.test_pages import rows
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import fact, refusal
from tests.support.recorded_trace import Trace
from tests.support.regular_patient import regular_patient

pytestmark = pytest.mark.proves("held-pad")

BACK, NECK = "motor-point-find", "motor-point-find-neck"
OPEN = "lead-off:1"
SLICE_US = 30_000


def search(clinic: Clinic, level_ua: int = 6_000, **asked: object) -> str:
    """Search on one side of a regular patient until a level is reached; return the pseudonym."""
    patient = regular_patient(clinic.engine.loop._dispatcher.register)
    clinic.treat(
        str(asked.pop("programme", BACK)),
        level_ua,
        **{"channels": (1,), "tap_ua": 500, "patient": patient, "side": "left", **asked},
    )
    clinic.wait(1_000)
    return patient


def lift(clinic: Clinic) -> None:
    """Lift the held pad and wait until a pulse has shown it."""
    clinic.board.fault_set(OPEN)
    clinic.until_true(lambda: clinic.channel(1).level_ua == 0, "zero")


def put_back(clinic: Clinic) -> None:
    clinic.board.fault_clear(OPEN)
    clinic.wait(1_500)


def hold(clinic: Clinic, milliseconds: int) -> int:
    clinic.do(HoldRise(channel=1, pressed=True))
    clinic.wait(milliseconds)
    clinic.do(HoldRise(channel=1, pressed=False))
    return clinic.channel(1).level_ua


def test_a_lifted_pad_goes_to_zero_without_a_trip_and_only_a_held_plus_brings_80_percent_back(
    tmp_path: Path,
) -> None:
    """Hazard: the current that a lifted pad took comes back as it touches the skin."""
    with open_clinic(tmp_path) as clinic:
        search(clinic, 6_000)
        lifted_us = clinic.now_us
        lift(clinic)
        clinic.wait(60)
        found = clinic.channel(1)
        assert (found.lifted, found.contact) == (True, ContactVerdict.OPEN)
        assert found.raise_back_to_ua == 4_800
        assert "W06" in {str(note.values["code"]) for note in clinic.view.notes}
        put_back(clinic)
        back_us = clinic.now_us
        clinic.wait(5_000)
        assert clinic.state == "Delivering"
        assert (clinic.channel(1).level_ua, clinic.channel(1).lifted) == (0, True)
        held_us = clinic.now_us
        assert hold(clinic, 15_000) == 4_800
        assert not clinic.channel(1).lifted
        clinic.do(Stop())
        clinic.until("Finished")
    trace = Trace(tmp_path / "trace.vcd")
    pulses = [(at_us, abs(ua)) for at_us, ua in trace.changes("i1_ua") if abs(ua) > 200]
    shown_us = first_open_us(trace, lifted_us)
    assert back_us - lifted_us > 1_000_000  # two pulses and more: the first shows it open
    assert not [at_us for at_us, _ in pulses if shown_us + SLICE_US < at_us < held_us + 800_000]
    zero_us = next(at_us for at_us, code in trace.changes("dac1") if at_us > shown_us and not code)
    assert zero_us - shown_us <= 2 * SLICE_US  # within the slice that follows the pulse's own
    rises = [ua for at_us, ua in amplitudes(trace) if at_us > held_us and ua]
    assert max(rises) <= 4_800
    assert all(after - before <= 530 for before, after in pairwise([0, *rises]))


def amplitudes(trace: Trace) -> list[tuple[int, int]]:
    return [(at_us, round(code * 120_000 / 4_095)) for at_us, code in trace.changes("dac1")]


def first_open_us(trace: Trace, since_us: int) -> int:
    """Return when the first pulse after a moment ends, by its gate."""
    ends = [at_us for at_us, high in trace.changes("gate1_neg") if at_us > since_us and not high]
    return ends[0]


def test_a_contact_that_flickers_stays_at_zero_and_one_that_opens_in_a_rise_needs_a_new_press(
    clinic: Clinic,
) -> None:
    """Hazard: a held key, or time alone, drives current into a pad that comes and goes."""
    search(clinic, 5_000)
    lift(clinic)
    for _ in range(6):
        clinic.board.fault_clear(OPEN)
        clinic.wait(230)
        clinic.board.fault_set(OPEN)
        clinic.wait(230)
        assert clinic.channel(1).level_ua == 0
    put_back(clinic)
    clinic.do(HoldRise(channel=1, pressed=True))
    clinic.until_true(lambda: clinic.channel(1).level_ua >= 2_000, "a rise")
    lift(clinic)
    clinic.board.fault_clear(OPEN)
    clinic.wait(3_000)  # the key is still held
    assert (clinic.channel(1).level_ua, clinic.channel(1).lifted) == (0, True)
    assert clinic.channel(1).raise_back_to_ua == 4_000
    assert hold(clinic, 12_000) == 4_000
    clinic.board.fault_set("hand-switch")
    assert clinic.trip() == "T02"  # what ends a session ends a search


def test_a_search_is_recorded_and_counts_nowhere_as_a_session(clinic: Clinic) -> None:
    register = clinic.engine.loop._dispatcher.register
    patient = search(clinic, 2_000)
    before = register.given(patient), register.standing(patient, CeilingScope.BACK)
    clinic.wait(65_000)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.wait(100)
    assert (register.given(patient), register.standing(patient, CeilingScope.BACK)) == before
    again = PatientRegister.load(clinic.data, "virtual", register.now)
    assert again.given(patient) == ()
    assert again.last_start(patient) is None
    (opened,) = clinic.events("session_opened")
    (closed,) = clinic.events("session_closed")
    assert (opened["programme"], opened["prescription"]["kind"]) == (BACK, "motor_point_find")
    assert closed["channels"][0]["charge_pc"] > 0
    assert closed["elapsed_us"] > 60_000_000


@pytest.mark.parametrize(
    ("asked", "limit", "nearest"),
    [
        ({"duration_us": 181_000_000}, "session", "180 s"),
        ({"tap_ua": 1_000}, "tap", "0.5 mA"),
        ({"ceiling_ua": 25_500}, "peak current", "25 mA"),
        ({"pad_area_mm2": 399}, "pad area", "4 cm²"),
        ({"pad_area_mm2": 2_600}, "pad area", "25 cm²"),
        ({"programme": NECK, "region": "neck", "ceiling_ua": 15_500}, "peak current", "15 mA"),
    ],
)
def test_what_a_search_may_not_be_is_refused_with_the_nearest(
    clinic: Clinic, asked: dict[str, object], limit: str, nearest: str
) -> None:
    clinic.unlock()
    patient = regular_patient(clinic.engine.loop._dispatcher.register)
    wanted = {"programme": BACK, "tap_ua": 500, "patient": patient, "side": "left", **asked}
    found = refusal(clinic, clinic.for_somebody(str(wanted.pop("programme")), **wanted))
    assert (found.limit, found.nearest) == (limit, nearest)


def test_a_search_may_hold_a_smaller_pad_than_its_placement_has(clinic: Clinic) -> None:
    search(clinic, 1_000, pad_area_mm2=400)
    (opened,) = clinic.events("session_opened")
    assert opened["pad_area_mm2"] == 400


def test_a_found_point_is_kept_with_the_level_of_the_engine_and_shown(clinic: Clinic) -> None:
    """Hazard: a point is remembered that nobody found, or at another level."""
    point = {"channel": 1, "landmark": "dimple", "along_mm": 40, "across_mm": 25}
    patient = search(clinic, 3_000)
    session = clinic.view.session

    def mark(**changes: object) -> RecordFact:
        return fact("motor_point_found", patient, session=session, **{**point, **changes})

    clinic.do(mark())
    assert refusal(clinic, mark(level_ua=9_000)).limit == "found motor point"
    assert refusal(clinic, mark(side="right")).allowed == "those of the search"
    assert refusal(clinic, mark(landmark="c7")).limit == "found motor point"
    clinic.do(Stop())
    clinic.until("Finished")
    late = refusal(clinic, mark())
    assert (late.limit, late.allowed) == (
        "found motor point",
        "while a search plays on its channel above zero",
    )
    (row,) = rows(clinic, f"motor_points:{patient}:lower_back:left")
    assert rows(clinic, f"motor_points:{patient}:lower_back:right") == []
    known = {"level_ua": 3_000, "side": "left", "region": "lower_back", "operator": "anna"}
    assert {name: row[name] for name in (*point, *known)} == {**point, **known}
    assert row["where"]["key"] == "motor_point.where"
    assert row["drawn"]["x"] < 0
    (shown,) = [row for row in rows(clinic, f"patient:{patient}") if row["kind"] == "motor_point"]
    assert shown["level_ua"] == 3_000
