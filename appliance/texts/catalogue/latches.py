"""Latches that keep output off, why a session ended, and words of the contact."""

from appliance.texts.catalogue.mark import translatable as _

LATCHES = {
    "latch.cause.estop_open": _("the e-stop is pressed, or its wire is broken"),
    "latch.cause.estop_was_open": _("the e-stop was pressed"),
    "latch.cause.hardware": _(
        "over-current, a phase that was too long, or no heartbeat: the unit cannot read which"
    ),
    "latch.cause.no_heartbeat": _("no heartbeat while the unit is locked or tripped"),
    "latch.guard.estop": _("the guard saw the e-stop open"),
    "latch.guard.silence": _("the guard heard nothing of the engine"),
    "latch.clear.remove_cause": _("Remove the cause, then acknowledge the trip."),
    "latch.clear.self_test": _("Acknowledge the trip; the self-test follows and has to pass."),
    "latch.clear.check_cause": _(
        "The unit cannot see the cause with the output off: check it, then acknowledge the trip."
    ),
    "latch.clear.acknowledge": _("The cause is gone: acknowledge the trip."),
    "latch.clear.estop": _("Turn the e-stop to release it."),
    "latch.clear.unlock": _("It is reset when somebody unlocks the unit."),
    "latch.clear.with_trip": _("It is reset when the trip is acknowledged."),
    "choice.latch_name.trip": _("a trip"),
    "choice.latch_name.fault_latch": _("the fault latch"),
    "choice.latch_name.guard": _("the output guard"),
    "choice.layer.engine": _("the engine"),
    "choice.layer.guard": _("the output guard"),
    "choice.layer.slices": _("the last slice sent"),
    "choice.layer.hardware": _("the hardware"),
    "ended.stop": _("a person stopped it"),
    "ended.cut": _("a person stopped it at once"),
    "ended.first_feeling": _("the first feeling was wrong: place the pads again"),
    "ended.nobody_there": _("nobody said that they were with the patient"),
    "ended.pause": _("it was paused"),
    "ended.plan_ended": _("the programme was over"),
    "ended.paused_too_long": _("it was paused for too long"),
    "ended.engine_stopped": _("the engine was stopped"),
    "ended.crash": _("the engine failed"),
    "ended.interrupted": _("engine, power or disk failed"),
}
