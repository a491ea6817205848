"""Texts about values that are no fact: which field, and what would be accepted there."""

from appliance.texts.catalogue.mark import translatable as _

FACTS = {
    "refusal.fact": _("fact"),
    "fact.missing": _("without {field}"),
    "fact.unknown_field": _("an unknown field"),
    "fact.wrong_value": _("a value that does not fit, {field}"),
    "fact.nearest": _("give such a value"),
    "fact.fields": _("the fields {names}"),
    "fact.a_text": _("a text"),
    "fact.a_list": _("a list"),
    "fact.a_whole_number": _("a whole number"),
    "fact.another_value": _("another value"),
    "fact.names_and_values": _("names and values"),
    "fact.and_more": _("{values} and more"),
}
