"""The vocabulary of trips: codes, severities, latch rules.

A code is never reused and never changes its meaning; the journal stores codes.
"""

from dataclasses import dataclass
from enum import StrEnum

from appliance.safety.hazard_ids import Hazard
from appliance.texts.text import Text, text


class TripSeverity(StrEnum):
    """How the output ends: `cut` at once, or `ramp` down in 250 to 450 ms where a cut startles."""

    CUT = "cut"
    RAMP = "ramp"


class LatchRule(StrEnum):
    """What clears a trip, besides a person's acknowledgement.

    `when_gone`: its cause is seen to be gone. `self_test`: the cause cannot be seen with the
    output off, so the acknowledgement leads to the self-test, which has to pass.
    """

    WHEN_GONE = "when_gone"
    SELF_TEST = "self_test"


class TripCode(StrEnum):
    """The stable code of each trip."""

    ESTOP = "T01"
    HAND_SWITCH = "T02"
    FAULT_LATCH = "T03"
    MEASURED_ABOVE_SET = "T04"
    SET_AGAINST_MEASURED = "T05"
    LEAD_OFF = "T06"
    SHORT = "T07"
    CONTACT_DRIFT = "T08"
    COMPLIANCE_REACHED = "T09"
    RESIDUAL_CHARGE = "T10"
    PHASE_MISSING = "T11"
    BOTH_GATES = "T12"
    READINGS_STALE = "T13"
    ADC_IMPLAUSIBLE = "T14"
    DAC_STUCK = "T15"
    INPUTS_STALE = "T16"
    GUARD_STILL = "T17"
    GUARD_SAW_ESTOP = "T18"
    GUARD_SAW_SILENCE = "T19"
    LOOPING_WAVE = "T20"
    MARKER_GAP = "T21"
    WAVE_CLOCK = "T22"
    UNDERRUN = "T23"
    SUPPLY_NOT_GOOD = "T24"
    HEARTBEAT_WITHOUT_SUPPLY = "T25"
    LOOP_OVERRUN = "T26"
    SCREEN_SILENT = "T27"
    JOURNAL_FAULT = "T28"
    CLOCK_JUMP = "T29"
    DAEMON_LOST = "T30"
    SPI_LOST = "T31"
    GATE_REFUSED = "T32"
    SELF_TEST_FAILED = "T33"
    TIMING_PROOF_FAILED = "T34"
    INTERNAL_FAULT = "T35"
    STOP_FAILED = "T36"
    DRIVER_FAULT = "T37"
    SUPPLY_STUCK_ON = "T38"
    GATE_STUCK = "T39"
    CONTACT_FELL = "T40"
    TEST_LOAD_GONE = "T41"


@dataclass(frozen=True, slots=True)
class TripKind:
    """What a code means: its severity, its latch and its hazard."""

    severity: TripSeverity
    latch: LatchRule
    hazard: Hazard


def title(code: TripCode) -> Text:
    """Return what happened, as a text for people."""
    return text(f"trip.{code.value}.title")


def instruction(code: TripCode) -> Text:
    """Return what a person should do, as a text for people."""
    return text(f"trip.{code.value}.instruction")
