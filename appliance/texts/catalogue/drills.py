"""Texts of drills: the steps a person does, why a drill did not pass, which drills are due."""

from appliance.texts.catalogue.mark import translatable as _

STEPS = {
    "drill.e-stop.connect": _(
        "Connect the test load to this channel and nothing else; nobody wears pads."
    ),
    "drill.e-stop.raise": _(
        "Nothing to do: the level rises from zero. Keep your hands off the load."
    ),
    "drill.e-stop.press": _("Press the emergency stop and leave it pressed."),
    "drill.e-stop.release": _("Release the emergency stop: turn or pull the button."),
    "drill.e-stop.acknowledge": _("Acknowledge the trip."),
    "drill.e-stop.settle": _("Nothing to do: latch and guard are restored."),
    "drill.hand-switch.plugged": _("Plug the hand switch in and do not touch it."),
    "drill.hand-switch.squeeze": _("Squeeze the hand switch."),
    "drill.hand-switch.let-go": _("Let go of the hand switch."),
    "drill.hand-switch.acknowledge": _("Acknowledge the trip."),
    "drill.hand-switch.leave": _("Do not touch the hand switch for a moment."),
    "drill.hand-switch.unplug": _("Unplug the hand switch."),
    "drill.hand-switch.plug-in": _("Plug the hand switch in again."),
    "drill.hand-switch.acknowledge-again": _("Acknowledge the trip."),
    "drill.hand-switch.settle": _("Nothing to do: the latch is restored."),
    "drill.lead.attach": _(
        "Connect the leads to pads or to a test load; contact is being checked."
    ),
    "drill.lead.unplug": _("Unplug one lead of this channel."),
    "drill.lead.plug-in": _("Plug the lead in again."),
    "drill.known-load.connect": _(
        "Connect the test load to this channel and nothing else; nobody wears pads."
    ),
    "drill.known-load.raise": _(
        "Nothing to do: the level rises from zero. Keep your hands off the load."
    ),
    "drill.known-load.fall": _("Nothing to do: the level ramps down to zero."),
    "drill.watchdog.heartbeat": _(
        "Nothing to do: the engine withholds its heartbeat from the hardware."
    ),
    "drill.watchdog.guard": _(
        "Nothing to do: the engine is silent towards the guard in the daemon."
    ),
    "drill.watchdog.settle": _("Nothing to do: heartbeat, guard and latch are restored."),
}

FAILURES = {
    # What ended it from outside
    "drill.failed.ended": _("ended by a person before its verdict"),
    "drill.failed.tripped": _("{code} during the drill: {what}"),
    "drill.failed.locked": _("the unit was locked"),
    "drill.failed.too_long": _("not within {allowed:s}: {step}"),
    "drill.failed.not_recorded": _("it could not be recorded"),
    "drill.failed.not_at_rest": _("the unit did not come back to rest"),
    # E-stop
    "drill.failed.contact_us": _("the sensed contact did not open"),
    "drill.failed.latch_us": _("the latch contact did not open, or the fault latch cannot be set"),
    "drill.failed.guard_us": _("the guard in the daemon did not see it"),
    "drill.failed.engine_us": _("the engine did not trip with the supply off"),
    # Hand switch
    "drill.failed.supply": _("the isolated supply does not come up"),
    "drill.failed.opened_early": _("the switch opened before its turn"),
    "drill.failed.squeeze": _("squeeze: the switch opened and the unit did not stop"),
    "drill.failed.unplug": _("unplug: the switch opened and the unit did not stop"),
    # Contact check
    "drill.failed.contact_check": _("the contact check does not pass: {found}"),
    "drill.failed.leads_on": _("the contact check does not pass with the leads on: {found}"),
    "drill.failed.lead_not_named": _(
        "the contact check did not name the lead that is off: {found}"
    ),
    "drill.failed.lead_back": _("the contact check did not pass again: {found}"),
    "drill.found.nothing": _("nothing measured"),
    "drill.found.load": _("{contact}, {seen:ohm}"),
    # Known load
    "drill.failed.load_not_measured": _("the load was not measured"),
    "drill.failed.load": _("the load measures {seen:ohm}, not {load:ohm} within {within:percent}"),
    "drill.failed.load_changed": _(
        "the load changed while current flowed: keep your hands off, nobody wears pads"
    ),
    "drill.failed.level": _("the level did not reach {level:mA}: {why}"),
    "drill.failed.output_ended": _("the output ended by itself"),
    "drill.failed.no_phase": _("at {level:mA} no current is measured in either phase"),
    "drill.failed.one_phase": _("at {level:mA} no current is measured in one phase"),
    "drill.failed.positive_phase": _("at {level:mA} the positive phase measures {seen:mA}"),
    "drill.failed.negative_phase": _("at {level:mA} the negative phase measures {seen:mA}"),
    "drill.failed.phases": _(
        "at {level:mA} the two phases differ: {positive:mA} and {negative:mA}"
    ),
    "drill.failed.load_at": _("at {level:mA} the load measures {seen:ohm}, not {load:ohm}"),
    "drill.failed.no_end": _("the output did not end"),
    "drill.failed.not_zero": _("level or supply is not back at zero"),
    "drill.failed.ramp_down": _("the ramp down took {seen:µs}, allowed {allowed:µs}"),
    "drill.failed.ramp_down_unknown": _("the ramp down was not timed, allowed {allowed:µs}"),
    # Watchdog
    "drill.failed.latch_clear": _("without a heartbeat the fault latch stays clear for {seen:ms}"),
    "drill.failed.latch_time": _(
        "the fault latch was set after {seen:ms} of silence, allowed {least:ms} to {most:ms}"
    ),
    "drill.failed.no_guard": _("the guard does not run"),
    "drill.failed.guard_still": _("the guard stays still through {seen:ms} of silence"),
    "drill.failed.guard_reason": _("the guard tripped for another reason (latch {latch})"),
    "drill.failed.guard_time": _(
        "the guard tripped after {seen:ms} of silence, allowed {least:ms} to {most:ms}"
    ),
    "drill.failed.not_restored": _("latch and guard were not restored"),
}

DRILL_NOTES = {
    "drill.note.never": _("{kind} drill never done"),
    "drill.note.all_never": _("drills never done: {kinds}"),
    "drill.note.failed": _("{kind} drill not passed on {on:date}"),
    "drill.note.overdue": _("{kind} drill overdue since {since:date}"),
    "drill.note.overdue_because": _("{kind} drill overdue ({why})"),
    "drill.note.due_soon": _("{kind} drill due by {due:date}"),
    "drill.note.in_order": _("{kind} drill in order until {due:date}"),
    "drill.note.clock_not_set": _("the clock is not set, so nobody can tell when it was done"),
    "drill.note.clock_was_not_set": _("it was done while the clock was not set"),
    "drill.note.clock_behind": _("the clock stands before the last one"),
    "drill.note.run": _("{drills}: run `stimkiosk drill {kind}`"),
    "drill.note.open": _("{drills}; this is the virtual board, arming stays open"),
    "drill.note.locked": _("{drills}; arming is locked: run `stimkiosk drill {kind}`"),
}
