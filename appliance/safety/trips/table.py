"""What each trip code means: one row a code, in the order of the codes.

Severity: a ramp only where the engine still steers the output and an abrupt end would startle
(docs/design.md section 6); where it does not steer, or no current reaches the person anyway, a cut.
"""

from appliance.safety.hazard_ids import Hazard
from appliance.safety.trips.codes import LatchRule, TripCode, TripKind, TripSeverity

_CUT, _RAMP = TripSeverity.CUT, TripSeverity.RAMP
_GONE, _TEST = LatchRule.WHEN_GONE, LatchRule.SELF_TEST

TRIP_KINDS: dict[TripCode, TripKind] = {
    TripCode.ESTOP: TripKind(_CUT, _GONE, Hazard.OUTPUT_AFTER_STOP),
    TripCode.HAND_SWITCH: TripKind(_CUT, _GONE, Hazard.OUTPUT_AFTER_STOP),
    TripCode.FAULT_LATCH: TripKind(_CUT, _GONE, Hazard.TOO_MUCH_CURRENT),
    TripCode.MEASURED_ABOVE_SET: TripKind(_CUT, _TEST, Hazard.TOO_MUCH_CURRENT),
    TripCode.SET_AGAINST_MEASURED: TripKind(_RAMP, _GONE, Hazard.BLIND_CONTROL),
    TripCode.LEAD_OFF: TripKind(_CUT, _GONE, Hazard.SURPRISE),
    TripCode.SHORT: TripKind(_CUT, _GONE, Hazard.BURN_UNDER_PAD),
    TripCode.CONTACT_DRIFT: TripKind(_RAMP, _GONE, Hazard.BURN_UNDER_PAD),
    TripCode.COMPLIANCE_REACHED: TripKind(_RAMP, _GONE, Hazard.BURN_UNDER_PAD),
    TripCode.RESIDUAL_CHARGE: TripKind(_RAMP, _TEST, Hazard.DIRECT_CURRENT),
    TripCode.PHASE_MISSING: TripKind(_CUT, _TEST, Hazard.DIRECT_CURRENT),
    TripCode.BOTH_GATES: TripKind(_CUT, _TEST, Hazard.TOO_MUCH_CURRENT),
    TripCode.READINGS_STALE: TripKind(_CUT, _GONE, Hazard.BLIND_CONTROL),
    TripCode.ADC_IMPLAUSIBLE: TripKind(_CUT, _TEST, Hazard.BLIND_CONTROL),
    TripCode.DAC_STUCK: TripKind(_CUT, _TEST, Hazard.TOO_MUCH_CURRENT),
    TripCode.INPUTS_STALE: TripKind(_CUT, _GONE, Hazard.UNGUARDED_OUTPUT),
    TripCode.GUARD_STILL: TripKind(_CUT, _TEST, Hazard.UNGUARDED_OUTPUT),
    TripCode.GUARD_SAW_ESTOP: TripKind(_CUT, _TEST, Hazard.OUTPUT_AFTER_STOP),
    TripCode.GUARD_SAW_SILENCE: TripKind(_CUT, _TEST, Hazard.UNGUARDED_OUTPUT),
    TripCode.LOOPING_WAVE: TripKind(_CUT, _TEST, Hazard.OUTPUT_AFTER_STOP),
    TripCode.MARKER_GAP: TripKind(_CUT, _GONE, Hazard.WRONG_TIMING),
    TripCode.WAVE_CLOCK: TripKind(_CUT, _TEST, Hazard.WRONG_TIMING),
    TripCode.UNDERRUN: TripKind(_CUT, _GONE, Hazard.SURPRISE),
    TripCode.SUPPLY_NOT_GOOD: TripKind(_CUT, _GONE, Hazard.BLIND_CONTROL),
    TripCode.HEARTBEAT_WITHOUT_SUPPLY: TripKind(_CUT, _TEST, Hazard.UNGUARDED_OUTPUT),
    TripCode.LOOP_OVERRUN: TripKind(_CUT, _GONE, Hazard.BLIND_CONTROL),
    TripCode.SCREEN_SILENT: TripKind(_RAMP, _GONE, Hazard.NOBODY_IN_CHARGE),
    TripCode.JOURNAL_FAULT: TripKind(_RAMP, _GONE, Hazard.LOST_RECORD),
    TripCode.CLOCK_JUMP: TripKind(_RAMP, _GONE, Hazard.LOST_RECORD),
    TripCode.DAEMON_LOST: TripKind(_CUT, _TEST, Hazard.UNGUARDED_OUTPUT),
    TripCode.SPI_LOST: TripKind(_CUT, _TEST, Hazard.BLIND_CONTROL),
    TripCode.GATE_REFUSED: TripKind(_CUT, _TEST, Hazard.TOO_MUCH_CURRENT),
    TripCode.SELF_TEST_FAILED: TripKind(_CUT, _GONE, Hazard.UNGUARDED_OUTPUT),
    TripCode.TIMING_PROOF_FAILED: TripKind(_CUT, _GONE, Hazard.WRONG_TIMING),
    TripCode.INTERNAL_FAULT: TripKind(_CUT, _TEST, Hazard.BLIND_CONTROL),
    TripCode.STOP_FAILED: TripKind(_CUT, _TEST, Hazard.OUTPUT_AFTER_STOP),
    TripCode.DRIVER_FAULT: TripKind(_CUT, _TEST, Hazard.BLIND_CONTROL),
    TripCode.SUPPLY_STUCK_ON: TripKind(_CUT, _TEST, Hazard.UNGUARDED_OUTPUT),
    TripCode.GATE_STUCK: TripKind(_CUT, _TEST, Hazard.TOO_MUCH_CURRENT),
    TripCode.CONTACT_FELL: TripKind(_RAMP, _GONE, Hazard.BURN_UNDER_PAD),
    TripCode.TEST_LOAD_GONE: TripKind(_CUT, _GONE, Hazard.SURPRISE),
}
