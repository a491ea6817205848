"""Texts of refusals: what was asked, what is allowed, what would be accepted."""

from appliance.texts.catalogue.mark import translatable as _

REFUSALS = {
    "refusal": _("{limit}: asked {asked}, allowed {allowed}; nearest {nearest}"),
}
