"""Texts before a treatment: what the patient is told."""

from appliance.texts.catalogue.mark import translatable as _

PRE_USE = {
    "hand_switch.close": _("plug the hand switch in and let go of it"),
    "hand_switch.squeeze": _("let the patient squeeze the hand switch now, then let go"),
    "hand_switch.release": _("let go of the hand switch"),
    "hand_switch.proven": _("the hand switch was squeezed and let go"),
    "hand_switch.waived": _("the patient cannot squeeze: stay with the patient"),
    "hand_switch.not_proven": _("output without a proven hand switch; it waits for: {step}"),
    "hand_switch.allowed": _(
        "squeezed and let go within the last 10 min, while the unit was ready; or the reason why "
        "this patient cannot squeeze"
    ),
    "hand_switch.disarm_first": _(
        "end arming with stop, let the patient squeeze, then check contact again"
    ),
    "left_load.allowed": _("pads on the skin on every channel, and no test load"),
    "left_load.nearest": _(
        "take the test load off and check contact again, or say that the pads are on the skin"
    ),
    "left_load.named": _("no test load on {channels}"),
    "left_load.asked_about": _("{channels}, which measured like a test load"),
    "left_load.not_asked": _("only after a contact check that measured like a test load"),
    "left_load.check": _("check contact again"),
    "told.feels_tingling": _(
        "You will feel a tingling under the pads. It should be comfortable, never painful."
    ),
    "told.feels_contracting": _(
        "You will feel a tingling, then the muscle moves by itself. It should be comfortable, "
        "never painful."
    ),
    "told.feels_working_along": _(
        "The muscle tightens by itself; draw in your belly and lift lightly along with it. It "
        "should be comfortable, never painful."
    ),
    "told.say_at_once": _(
        "Say at once if it hurts, burns, shoots or moves elsewhere, or if you feel faint."
    ),
    "told.squeeze_to_stop": _(
        "Squeeze the hand switch at any time, without asking: the current stops at once."
    ),
    "told.leave_pads": _("Do not touch or move pads and leads while the current is on."),
    "told.not_told": _("the patient was not told today"),
    "told.allowed": _("what it feels like, what to say, how to stop it: told today"),
    "told.tell": _("tell the patient, then confirm"),
}
