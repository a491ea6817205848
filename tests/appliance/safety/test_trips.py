"""The table of trips, restated: a code that changes its severity, latch or hazard is a finding."""

import pytest

from appliance.safety.hazard_ids import Hazard
from appliance.safety.trips.codes import LatchRule, TripCode, TripSeverity, instruction, title
from appliance.safety.trips.table import TRIP_KINDS
from appliance.safety.trips.trip import trip
from appliance.texts.english import english
from appliance.texts.text import percent, text
from drivers.quantities import Channel

pytestmark = pytest.mark.proves("trip-texts", "latched-trips")

RAMPS = {"T05", "T08", "T09", "T10", "T27", "T28", "T29", "T40"}
SELF_TESTS = {
    *("T04", "T10", "T11", "T12", "T14", "T15", "T17", "T18", "T19", "T20", "T22"),
    *("T25", "T30", "T31", "T32", "T35", "T36", "T37", "T38", "T39"),
}
NAMES = {
    "T01": "ESTOP",
    "T02": "HAND_SWITCH",
    "T03": "FAULT_LATCH",
    "T04": "MEASURED_ABOVE_SET",
    "T05": "SET_AGAINST_MEASURED",
    "T06": "LEAD_OFF",
    "T07": "SHORT",
    "T08": "CONTACT_DRIFT",
    "T09": "COMPLIANCE_REACHED",
    "T10": "RESIDUAL_CHARGE",
    "T11": "PHASE_MISSING",
    "T12": "BOTH_GATES",
    "T13": "READINGS_STALE",
    "T14": "ADC_IMPLAUSIBLE",
    "T15": "DAC_STUCK",
    "T16": "INPUTS_STALE",
    "T17": "GUARD_STILL",
    "T18": "GUARD_SAW_ESTOP",
    "T19": "GUARD_SAW_SILENCE",
    "T20": "LOOPING_WAVE",
    "T21": "MARKER_GAP",
    "T22": "WAVE_CLOCK",
    "T23": "UNDERRUN",
    "T24": "SUPPLY_NOT_GOOD",
    "T25": "HEARTBEAT_WITHOUT_SUPPLY",
    "T26": "LOOP_OVERRUN",
    "T27": "SCREEN_SILENT",
    "T28": "JOURNAL_FAULT",
    "T29": "CLOCK_JUMP",
    "T30": "DAEMON_LOST",
    "T31": "SPI_LOST",
    "T32": "GATE_REFUSED",
    "T33": "SELF_TEST_FAILED",
    "T34": "TIMING_PROOF_FAILED",
    "T35": "INTERNAL_FAULT",
    "T36": "STOP_FAILED",
    "T37": "DRIVER_FAULT",
    "T38": "SUPPLY_STUCK_ON",
    "T39": "GATE_STUCK",
    "T40": "CONTACT_FELL",
    "T41": "TEST_LOAD_GONE",
}


@pytest.mark.proves_none
def test_no_code_changed_its_meaning() -> None:
    assert {code.value: code.name for code in TripCode} == NAMES


@pytest.mark.parametrize("code", TripCode)
def test_every_code_has_severity_latch_hazard_and_both_sentences(code: TripCode) -> None:
    kind = TRIP_KINDS[code]
    assert kind.severity == (TripSeverity.RAMP if code.value in RAMPS else TripSeverity.CUT)
    assert kind.latch == (LatchRule.SELF_TEST if code.value in SELF_TESTS else LatchRule.WHEN_GONE)
    assert isinstance(kind.hazard, Hazard)
    assert title(code) == text(f"trip.{code.value}.title")
    assert instruction(code) == text(f"trip.{code.value}.instruction")
    for sentence in (english(title(code)), english(instruction(code))):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


@pytest.mark.proves_none
def test_hazards_keep_their_ids() -> None:
    assert [hazard.value for hazard in Hazard] == [f"H{n:02d}" for n in range(1, 17)]
    answered = sorted({kind.hazard.value for kind in TRIP_KINDS.values()})
    assert answered == [f"H{n:02d}" for n in range(1, 11)], "the others are no interlock's"


@pytest.mark.proves_none
def test_a_trip_takes_its_severity_from_the_table() -> None:
    detail = text("trip.detail.contact", seen=percent(131), allowed=percent(130))
    found = trip(TripCode.CONTACT_DRIFT, detail, Channel(2))
    assert (found.severity, found.channel, found.detail) == (TripSeverity.RAMP, 2, detail)
    assert found.kind is TRIP_KINDS[TripCode.CONTACT_DRIFT]
    assert trip(TripCode.ESTOP) == trip(TripCode.ESTOP, None, None)


HAZARDS = {
    "H01": {"T01", "T02", "T18", "T20", "T36"},
    "H02": {"T03", "T04", "T12", "T15", "T32", "T39"},
    "H03": {"T06", "T23", "T41"},
    "H04": {"T07", "T08", "T09", "T40"},
    "H05": {"T10", "T11"},
    "H06": {"T05", "T13", "T14", "T24", "T26", "T31", "T35", "T37"},
    "H07": {"T16", "T17", "T19", "T25", "T30", "T33", "T38"},
    "H08": {"T21", "T22", "T34"},
    "H09": {"T28", "T29"},
    "H10": {"T27"},
}


@pytest.mark.proves_none
def test_each_trip_answers_the_hazard_it_was_made_for() -> None:
    found: dict[str, set[str]] = {}
    for code, kind in TRIP_KINDS.items():
        found.setdefault(kind.hazard.value, set()).add(code.value)
    assert found == HAZARDS
