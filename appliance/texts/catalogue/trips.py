"""Texts of trips: what happened, what to do, and what was seen.

`trip.CODE.title` says what happened, `trip.CODE.instruction` what to do. `trip.detail.NAME` says
what the interlock saw, with the numbers.
"""

from appliance.texts.catalogue.mark import translatable as _

TRIPS = {
    "trip.T01.title": _("The emergency stop was pressed, or its cable is broken."),
    "trip.T01.instruction": _("See to the patient, then release the button and acknowledge."),
    "trip.T02.title": _("The patient squeezed the hand switch, or it is unplugged."),
    "trip.T02.instruction": _(
        "Ask the patient why; have the switch released or plug it in, then acknowledge."
    ),
    "trip.T03.title": _(
        "The hardware cut the output (over-current, stuck phase, silence or a short stop press)."
    ),
    "trip.T03.instruction": _(
        "Check pads and cables, then acknowledge; call service if it comes again."
    ),
    "trip.T04.title": _("More current was measured than was set."),
    "trip.T04.instruction": _(
        "See to the patient and the skin. Do not treat with this unit; call service if it "
        "comes again."
    ),
    "trip.T05.title": _("Set and measured current differ."),
    "trip.T05.instruction": _("Check pads and cables, then acknowledge and check contact again."),
    "trip.T06.title": _("A pad or a lead is off."),
    "trip.T06.instruction": _(
        "Fasten pads and leads, then acknowledge and check contact; the level starts at zero."
    ),
    "trip.T07.title": _("The two pads or leads touch each other."),
    "trip.T07.instruction": _(
        "Separate the pads or change the lead, then acknowledge and check contact again."
    ),
    "trip.T08.title": _("A pad lost contact: it may be lifting or drying."),
    "trip.T08.instruction": _(
        "Look at the skin, moisten or change the pad, then acknowledge and check contact again."
    ),
    "trip.T09.title": _("The output is at its highest voltage and cannot hold the current."),
    "trip.T09.instruction": _("Moisten or change the pads or use a lower level, then acknowledge."),
    "trip.T10.title": _("The two phases of the pulses are not equal."),
    "trip.T10.instruction": _(
        "Look at the skin under the pads. Do not treat with this unit; call service if it "
        "comes again."
    ),
    "trip.T11.title": _("One phase of the pulses is missing."),
    "trip.T11.instruction": _(
        "Look at the skin under the pads. Do not treat with this unit; call service if it "
        "comes again."
    ),
    "trip.T12.title": _("Both gates of a channel were on together."),
    "trip.T12.instruction": _("Do not treat with this unit; call service if it comes again."),
    "trip.T13.title": _("No new measurement came in while pulses played."),
    "trip.T13.instruction": _(
        "Acknowledge and check contact again; call service if it comes again."
    ),
    "trip.T14.title": _("The measuring circuit is frozen or shows impossible values."),
    "trip.T14.instruction": _("Do not treat with this unit; call service if it comes again."),
    "trip.T15.title": _("The output level does not follow its command."),
    "trip.T15.instruction": _("Do not treat with this unit; call service if it comes again."),
    "trip.T16.title": _("The emergency stop and the hand switch could not be read."),
    "trip.T16.instruction": _("Acknowledge; call service if it comes again."),
    "trip.T17.title": _("The output guard is not running."),
    "trip.T17.instruction": _("Acknowledge and wait for the self-test."),
    "trip.T18.title": _("The output guard saw the emergency stop open for a moment."),
    "trip.T18.instruction": _(
        "See to the patient, check the button and its cable, then acknowledge."
    ),
    "trip.T19.title": _("The output guard stopped the output because the engine was silent."),
    "trip.T19.instruction": _(
        "Acknowledge and wait for the self-test; call service if it comes again."
    ),
    "trip.T20.title": _("The output continued beyond what was sent."),
    "trip.T20.instruction": _(
        "See to the patient. Do not treat with this unit; call service if it comes again."
    ),
    "trip.T21.title": _("The output did not follow its timetable."),
    "trip.T21.instruction": _(
        "Acknowledge and check contact again; call service if it comes again."
    ),
    "trip.T22.title": _("The clock of the pulses is wrong."),
    "trip.T22.instruction": _("Do not treat with this unit; call service if it comes again."),
    "trip.T23.title": _("The output ran out of pulses and stopped."),
    "trip.T23.instruction": _(
        "Acknowledge and check contact again; call service if it comes again."
    ),
    "trip.T24.title": _("The supply of the output stage failed."),
    "trip.T24.instruction": _(
        "Check the mains cable, then acknowledge; call service if it comes again."
    ),
    "trip.T25.title": _("The supply of the output stage did not come on."),
    "trip.T25.instruction": _("Do not treat with this unit; call service if it comes again."),
    "trip.T26.title": _("This machine was late: its controller did not run in time."),
    "trip.T26.instruction": _(
        "End other programs on it, then acknowledge; call service if it still comes again."
    ),
    "trip.T27.title": _("The screen stopped answering."),
    "trip.T27.instruction": _("Wait until the screen is back, then acknowledge."),
    "trip.T28.title": _("The session cannot be recorded."),
    "trip.T28.instruction": _("Make room on the disk or call service, then acknowledge."),
    "trip.T29.title": _("The clock was set during the treatment."),
    "trip.T29.instruction": _("Check date and time, then acknowledge."),
    "trip.T30.title": _("The program that plays the pulses does not answer."),
    "trip.T30.instruction": _(
        "Acknowledge and wait for the self-test; call service if it comes again."
    ),
    "trip.T31.title": _("No answer from the DAC/ADC board."),
    "trip.T31.instruction": _("Do not treat with this unit; call service if it comes again."),
    "trip.T32.title": _("The last check before the output refused what was planned."),
    "trip.T32.instruction": _("Do not treat with this unit; call service if it comes again."),
    "trip.T33.title": _("The self-test failed."),
    "trip.T33.instruction": _("Do not treat with this unit; call service if it comes again."),
    "trip.T34.title": _("The pulses of the timing proof were not as planned."),
    "trip.T34.instruction": _("Do not treat with this unit; call service if it comes again."),
    "trip.T35.title": _("The program broke one of its own rules."),
    "trip.T35.instruction": _(
        "Save the incident report. Do not treat with this unit; call service if it comes again."
    ),
    "trip.T36.title": _("A step of ending the output failed."),
    "trip.T36.instruction": _("Press the emergency stop, take the pads off, and call service."),
    "trip.T37.title": _("A part of the board reported a failure."),
    "trip.T37.instruction": _(
        "Acknowledge and wait for the self-test; call service if it comes again."
    ),
    "trip.T38.title": _("The supply of the output stage does not switch off."),
    "trip.T38.instruction": _(
        "Take the pads off. Do not treat with this unit; call service if it comes again."
    ),
    "trip.T39.title": _("A gate of the output stage was on while no pulse was planned."),
    "trip.T39.instruction": _(
        "See to the patient and the skin. Do not treat with this unit; call service if it "
        "comes again."
    ),
    "trip.T40.title": _(
        "The current found another way: gel or sweat may join the pads, or a pad slid."
    ),
    "trip.T40.instruction": _(
        "Look at the skin, dry it between the pads, place the pads again, then acknowledge "
        "and check contact again."
    ),
    "trip.T41.title": _(
        "What is connected is no longer the test load that this run was allowed for."
    ),
    "trip.T41.instruction": _(
        "Take the leads off anybody who wears them and connect only the test load, then "
        "acknowledge and check contact again."
    ),
}

DETAILS = {
    # Lines and supply
    "trip.detail.inputs_not_read": _("no reading"),
    "trip.detail.inputs_old": _("{seen:µs} old, allowed {allowed:µs}"),
    "trip.detail.estop_open": _("loop open"),
    "trip.detail.hand_switch_open": _("open"),
    "trip.detail.latch_set": _("set with the e-stop closed"),
    "trip.detail.supply_fell": _("SUPPLY_GOOD fell"),
    "trip.detail.supply_did_not_come": _("not good {allowed:ms} after SUPPLY_EN"),
    "trip.detail.supply_still_good": _("SUPPLY_GOOD {seen:ms} after SUPPLY_EN"),
    "trip.detail.rail_not_read": _("rail not read"),
    "trip.detail.rail": _("rail {seen:mV}, nominal {nominal:mV}"),
    # Guard in the daemon
    "trip.detail.guard_no_answer": _("no answer"),
    "trip.detail.guard_unheard": _("last heard {seen:µs} ago"),
    "trip.detail.guard_saw_estop": _("e-stop seen open"),
    "trip.detail.guard_saw_silence": _("silence"),
    "trip.detail.guard_latch": _("latch {seen}"),
    "trip.detail.guard_not_running": _("not running"),
    "trip.detail.guard_counter_still": _("counter still at {seen}"),
    # The engine itself
    "trip.detail.late_tick": _("{seen:µs} since the last tick, allowed {allowed:µs}"),
    "trip.detail.late_codes": _("codes late at slice after slice"),
    "trip.detail.slow_ramp_down": _("the ramp down took over {allowed:ms}"),
    "trip.detail.no_screen": _("no screen"),
    "trip.detail.screen_silent": _("silent for {seen:ms}"),
    "trip.detail.journal_not_writable": _("not writable"),
    "trip.detail.clock_set": _("set by {seen:ms}"),
    # Stream of waves
    "trip.detail.more_markers": _("{markers} markers of {slices} slices"),
    "trip.detail.slice_past_end": _("slice {seen:µs} past its end"),
    "trip.detail.no_marker": _("no marker after {seen:µs}"),
    "trip.detail.marker_interval": _("markers {seen:µs} apart, planned {planned:µs}"),
    "trip.detail.clock_unknown": _("unknown after {markers} markers"),
    "trip.detail.clock_off": _("{seen:ppm} off, allowed {allowed:ppm}"),
    "trip.detail.stream_idle": _("idle after {markers} of {slices} slices"),
    "trip.detail.gates_on": _("gates {mask}"),
    # Converters
    "trip.detail.hold_not_read": _("not read"),
    "trip.detail.hold_old": _("{seen:µs} old"),
    "trip.detail.no_new_hold": _("no new hold for {pulses} pulses and {seen:ms}"),
    "trip.detail.holds_same": _("held values the same over {pulses} pulses"),
    "trip.detail.current_at_end": _("current {seen:µA} is the end of the range"),
    "trip.detail.voltage_at_end": _("voltage {seen:mV} is the end of the range"),
    "trip.detail.reference_not_read": _("reference not read"),
    "trip.detail.reference": _("reference {seen:mV}, nominal {nominal:mV}"),
    "trip.detail.reads_same": _("readback, rail and reference the same over {reads} reads"),
    "trip.detail.dac_code": _("code {lowest} to {highest} given, {seen} read back"),
    # Current, phases, contact
    "trip.detail.above_set": _("set {set:µA}, measured {measured:µA}"),
    "trip.detail.above_ceiling": _("ceiling {ceiling:µA}, measured {measured:µA}"),
    "trip.detail.differs": _("set {set:µA}, measured {measured:µA} on {pulses} pulses"),
    "trip.detail.no_positive_phase": _("no positive phase"),
    "trip.detail.no_negative_phase": _("no negative phase"),
    "trip.detail.positive_unseen": _("positive phase not seen in {holds} holds"),
    "trip.detail.negative_unseen": _("negative phase not seen in {holds} holds"),
    "trip.detail.direct_current": _("{seen:µA} mean d.c., allowed under {allowed:µA}"),
    "trip.detail.load_on": _(
        "set {set:µA}, measured {measured:µA} at {voltage:mV} on {pulses} pulses"
    ),
    "trip.detail.load_on_some": _(
        "set {set:µA}, measured {measured:µA} at {voltage:mV} on {pulses} of {of} pulses"
    ),
    "trip.detail.load_not_closed": _(
        "set {set:µA}, measured {measured:µA} at {voltage:mV} and not closed after {seen:ms}"
    ),
    "trip.detail.contact": _(
        "contact at {seen:percent} of its baseline, allowed {allowed:percent}"
    ),
    "trip.detail.other_load": _("{seen:ohm}, allowed for {allowed:ohm}"),
    # Failures that come as a message of their own
    "trip.detail.error": _("{code} {message}"),
    "trip.detail.message": _("{message}"),
}
