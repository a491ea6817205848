"""What each trip code means: one row a code, in the order of the codes.

Severity: a ramp only where the engine still steers the output and an abrupt end would startle
(docs/design.md section 6); where it does not steer, or no current reaches the person anyway, a cut.
"""

from appliance.safety.hazard_ids import Hazard
from appliance.safety.trips.codes import LatchRule, TripCode, TripKind, TripSeverity

_CUT, _RAMP = TripSeverity.CUT, TripSeverity.RAMP
_GONE, _TEST = LatchRule.WHEN_GONE, LatchRule.SELF_TEST
_SERVICE = "Do not treat with this unit; call service if it comes again."

TRIP_KINDS: dict[TripCode, TripKind] = {
    TripCode.ESTOP: TripKind(
        _CUT, _GONE, Hazard.OUTPUT_AFTER_STOP, "trip.estop",
        "The emergency stop was pressed, or its cable is broken.",
        "See to the patient, then release the button and acknowledge.",
    ),
    TripCode.HAND_SWITCH: TripKind(
        _CUT, _GONE, Hazard.OUTPUT_AFTER_STOP, "trip.hand_switch",
        "The patient squeezed the hand switch, or it is unplugged.",
        "Ask the patient why; let go of the switch or plug it in, then acknowledge.",
    ),
    TripCode.FAULT_LATCH: TripKind(
        _CUT, _GONE, Hazard.TOO_MUCH_CURRENT, "trip.fault_latch",
        "The hardware cut the output (over-current, stuck phase, silence or a short stop press).",
        "Check pads and cables, then acknowledge; call service if it comes again.",
    ),
    TripCode.MEASURED_ABOVE_SET: TripKind(
        _CUT, _TEST, Hazard.TOO_MUCH_CURRENT, "trip.measured_above_set",
        "More current was measured than was set.",
        f"See to the patient and the skin. {_SERVICE}",
    ),
    TripCode.SET_AGAINST_MEASURED: TripKind(
        _RAMP, _GONE, Hazard.BLIND_CONTROL, "trip.set_against_measured",
        "Set and measured current differ.",
        "Check pads and cables, then acknowledge and check contact again.",
    ),
    TripCode.LEAD_OFF: TripKind(
        _CUT, _GONE, Hazard.SURPRISE, "trip.lead_off",
        "A pad or a lead is off.",
        "Fasten pads and leads, then acknowledge and check contact; the level starts at zero.",
    ),
    TripCode.SHORT: TripKind(
        _CUT, _GONE, Hazard.BURN_UNDER_PAD, "trip.short",
        "The two pads or leads touch each other.",
        "Separate the pads or change the lead, then acknowledge and check contact again.",
    ),
    TripCode.CONTACT_DRIFT: TripKind(
        _RAMP, _GONE, Hazard.BURN_UNDER_PAD, "trip.contact_drift",
        "A pad lost contact: it may be lifting or drying.",
        "Look at the skin, moisten or change the pad, then acknowledge and check contact again.",
    ),
    TripCode.COMPLIANCE_REACHED: TripKind(
        _RAMP, _GONE, Hazard.BURN_UNDER_PAD, "trip.compliance_reached",
        "The output is at its highest voltage and cannot hold the current.",
        "Moisten or change the pads or use a lower level, then acknowledge.",
    ),
    TripCode.RESIDUAL_CHARGE: TripKind(
        _RAMP, _TEST, Hazard.DIRECT_CURRENT, "trip.residual_charge",
        "The two phases of the pulses are not equal.",
        f"Look at the skin under the pads. {_SERVICE}",
    ),
    TripCode.PHASE_MISSING: TripKind(
        _CUT, _TEST, Hazard.DIRECT_CURRENT, "trip.phase_missing",
        "One phase of the pulses is missing.",
        f"Look at the skin under the pads. {_SERVICE}",
    ),
    TripCode.BOTH_GATES: TripKind(
        _CUT, _TEST, Hazard.TOO_MUCH_CURRENT, "trip.both_gates",
        "Both gates of a channel were on together.",
        _SERVICE,
    ),
    TripCode.READINGS_STALE: TripKind(
        _CUT, _GONE, Hazard.BLIND_CONTROL, "trip.readings_stale",
        "No new measurement came in while pulses played.",
        "Acknowledge and check contact again; call service if it comes again.",
    ),
    TripCode.ADC_IMPLAUSIBLE: TripKind(
        _CUT, _TEST, Hazard.BLIND_CONTROL, "trip.adc_implausible",
        "The measuring circuit is frozen or shows impossible values.",
        _SERVICE,
    ),
    TripCode.DAC_STUCK: TripKind(
        _CUT, _TEST, Hazard.TOO_MUCH_CURRENT, "trip.dac_stuck",
        "The output level does not follow its command.",
        _SERVICE,
    ),
    TripCode.INPUTS_STALE: TripKind(
        _CUT, _GONE, Hazard.UNGUARDED_OUTPUT, "trip.inputs_stale",
        "Emergency stop and hand switch could not be read.",
        "Acknowledge; call service if it comes again.",
    ),
    TripCode.GUARD_STILL: TripKind(
        _CUT, _TEST, Hazard.UNGUARDED_OUTPUT, "trip.guard_still",
        "The output guard does not run.",
        "Acknowledge and wait for the self-test.",
    ),
    TripCode.GUARD_SAW_ESTOP: TripKind(
        _CUT, _TEST, Hazard.OUTPUT_AFTER_STOP, "trip.guard_saw_estop",
        "The output guard saw the emergency stop open for a moment.",
        "See to the patient, check the button and its cable, then acknowledge.",
    ),
    TripCode.GUARD_SAW_SILENCE: TripKind(
        _CUT, _TEST, Hazard.UNGUARDED_OUTPUT, "trip.guard_saw_silence",
        "The output guard ended the output because the engine was silent.",
        "Acknowledge and wait for the self-test; call service if it comes again.",
    ),
    TripCode.LOOPING_WAVE: TripKind(
        _CUT, _TEST, Hazard.OUTPUT_AFTER_STOP, "trip.looping_wave",
        "The output went on beyond what was sent.",
        f"See to the patient. {_SERVICE}",
    ),
    TripCode.MARKER_GAP: TripKind(
        _CUT, _GONE, Hazard.WRONG_TIMING, "trip.marker_gap",
        "The output did not follow its timetable.",
        "Acknowledge and check contact again; call service if it comes again.",
    ),
    TripCode.WAVE_CLOCK: TripKind(
        _CUT, _TEST, Hazard.WRONG_TIMING, "trip.wave_clock",
        "The clock of the pulses is wrong.",
        _SERVICE,
    ),
    TripCode.UNDERRUN: TripKind(
        _CUT, _GONE, Hazard.SURPRISE, "trip.underrun",
        "The output ran out of pulses and stopped.",
        "Acknowledge and check contact again; call service if it comes again.",
    ),
    TripCode.SUPPLY_NOT_GOOD: TripKind(
        _CUT, _GONE, Hazard.BLIND_CONTROL, "trip.supply_not_good",
        "The supply of the output stage failed.",
        "Check the mains cable, then acknowledge; call service if it comes again.",
    ),
    TripCode.HEARTBEAT_WITHOUT_SUPPLY: TripKind(
        _CUT, _TEST, Hazard.UNGUARDED_OUTPUT, "trip.heartbeat_without_supply",
        "The supply of the output stage did not come on.",
        _SERVICE,
    ),
    TripCode.LOOP_OVERRUN: TripKind(
        _CUT, _GONE, Hazard.BLIND_CONTROL, "trip.loop_overrun",
        "This machine was late: its controller did not run in time.",
        "End other programs on it, then acknowledge; call service if it still comes again.",
    ),
    TripCode.SCREEN_SILENT: TripKind(
        _RAMP, _GONE, Hazard.NOBODY_IN_CHARGE, "trip.screen_silent",
        "The screen stopped answering.",
        "Wait until the screen is back, then acknowledge.",
    ),
    TripCode.JOURNAL_FAULT: TripKind(
        _RAMP, _GONE, Hazard.LOST_RECORD, "trip.journal_fault",
        "The session cannot be recorded.",
        "Make room on the disk or call service, then acknowledge.",
    ),
    TripCode.CLOCK_JUMP: TripKind(
        _RAMP, _GONE, Hazard.LOST_RECORD, "trip.clock_jump",
        "The clock was set during the treatment.",
        "Check date and time, then acknowledge.",
    ),
    TripCode.DAEMON_LOST: TripKind(
        _CUT, _TEST, Hazard.UNGUARDED_OUTPUT, "trip.daemon_lost",
        "The program that plays the pulses does not answer.",
        "Acknowledge and wait for the self-test; call service if it comes again.",
    ),
    TripCode.SPI_LOST: TripKind(
        _CUT, _TEST, Hazard.BLIND_CONTROL, "trip.spi_lost",
        "Level and measurement circuits do not answer.",
        _SERVICE,
    ),
    TripCode.GATE_REFUSED: TripKind(
        _CUT, _TEST, Hazard.TOO_MUCH_CURRENT, "trip.gate_refused",
        "The last check before the output refused what was planned.",
        _SERVICE,
    ),
    TripCode.SELF_TEST_FAILED: TripKind(
        _CUT, _GONE, Hazard.UNGUARDED_OUTPUT, "trip.self_test_failed",
        "The self-test failed.",
        _SERVICE,
    ),
    TripCode.TIMING_PROOF_FAILED: TripKind(
        _CUT, _GONE, Hazard.WRONG_TIMING, "trip.timing_proof_failed",
        "The pulses of the timing proof were not as planned.",
        _SERVICE,
    ),
    TripCode.INTERNAL_FAULT: TripKind(
        _CUT, _TEST, Hazard.BLIND_CONTROL, "trip.internal_fault",
        "The program broke one of its own rules.",
        f"Save the incident report. {_SERVICE}",
    ),
    TripCode.STOP_FAILED: TripKind(
        _CUT, _TEST, Hazard.OUTPUT_AFTER_STOP, "trip.stop_failed",
        "A step of the output's end could not be carried out.",
        "Press the emergency stop, take the pads off, and call service.",
    ),
    TripCode.DRIVER_FAULT: TripKind(
        _CUT, _TEST, Hazard.BLIND_CONTROL, "trip.driver_fault",
        "A part of the board reported a failure.",
        "Acknowledge and wait for the self-test; call service if it comes again.",
    ),
    TripCode.SUPPLY_STUCK_ON: TripKind(
        _CUT, _TEST, Hazard.UNGUARDED_OUTPUT, "trip.supply_stuck_on",
        "The supply of the output stage does not switch off.",
        f"Take the pads off. {_SERVICE}",
    ),
    TripCode.GATE_STUCK: TripKind(
        _CUT, _TEST, Hazard.TOO_MUCH_CURRENT, "trip.gate_stuck",
        "A gate of the output stage was on while no pulse was planned.",
        f"See to the patient and the skin. {_SERVICE}",
    ),
    TripCode.CONTACT_FELL: TripKind(
        _RAMP, _GONE, Hazard.BURN_UNDER_PAD, "trip.contact_fell",
        "The current found another way: gel or sweat may join the pads, or a pad slid.",
        "Look at the skin, dry it between the pads, place them anew, then acknowledge and check "
        "contact again.",
    ),
    TripCode.TEST_LOAD_GONE: TripKind(
        _CUT, _GONE, Hazard.SURPRISE, "trip.test_load_gone",
        "What is connected is no longer the test load that this run was allowed for.",
        "Take the leads off whoever wears them and connect the test load alone, then acknowledge "
        "and check contact again.",
    ),
}  # fmt: skip
