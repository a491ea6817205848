"""Texts before a treatment: the look at the unit, and what the patient is told."""

from appliance.texts.catalogue.mark import translatable as _

PRE_USE = {
    "unit_part.case": _("Case: no crack, dry."),
    "unit_part.display": _("Display: whole, every part of it readable."),
    "unit_part.plugs": _("Plugs: whole, they sit tight."),
    "unit_part.hand_switch": _("Hand switch: whole, its cable too; the patient can reach it."),
    "unit_part.emergency_stop": _("Red stop button: turns, springs back, within reach."),
    "unit_part.lead_1": _("Lead of channel 1: no bare wire, pins clean."),
    "unit_part.lead_2": _("Lead of channel 2: no bare wire, pins clean."),
    "unit_part.lead_3": _("Lead of channel 3: no bare wire, pins clean."),
    "unit_part.lead_4": _("Lead of channel 4: no bare wire, pins clean."),
    "unit_check.unknown": _("{count} answers to parts the unit does not have"),
    "unit_check.without": _("no answer to {parts}"),
    "unit_check.answer_each": _("answer each part"),
    "unit_check.reach": _("out of reach, {parts}"),
    "unit_check.good_or_damaged": _(
        "good or damaged; out of reach only for what has to be reached"
    ),
    "unit_check.in_use": _("{part}, which is in use"),
    "unit_check.nothing_to_release": _("nothing has to be released"),
    "unit_check.damaged": _("found damaged: {part}"),
    "unit_check.released": _("take the part out; service repairs and releases it"),
    "unit_check.not_looked_at": _("not looked at today: {part}"),
    "unit_check.look": _("look at it, then answer"),
    "unit_check.out_of_reach": _("out of reach: {part}"),
    "unit_check.put_within_reach": _("put it within reach, then look again"),
    "unit_check.good_today": _("looked at today and good"),
    "told.feels_tingling": _(
        "You will feel a tingling under the pads. It should be comfortable, never painful."
    ),
    "told.feels_contracting": _(
        "You will feel a tingling, then the muscle moves by itself. It should be comfortable, "
        "never painful."
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
