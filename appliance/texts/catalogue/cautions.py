"""Texts of cautions: what was seen, with the numbers."""

from appliance.texts.catalogue.mark import translatable as _

CAUTIONS = {
    "caution.note": _("{code} {detail}"),
    "caution.direct_current": _("{seen:µA} mean d.c."),
    "caution.contact_high": _("{seen:ohm}"),
    "caution.contact_poor": _("{seen:ohm} at {current:µA}, good pads show less than {allowed:ohm}"),
    "caution.contact_rising": _("contact at {seen:percent} of its baseline and rising"),
    "caution.pad_lifted": _("the held pad has no contact, its level is zero"),
    "caution.contact_fell": _("contact at {seen:percent} of its baseline"),
}
