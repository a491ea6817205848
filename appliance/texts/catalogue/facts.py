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
    # While a fact is recorded.
    "refusal.of_fact": _("a fact was refused: {limit}"),
    "fact.while": _("while {state}"),
    "fact.unlocked": _("once somebody has unlocked"),
    "fact.unlock": _("unlock, then record it"),
    "fact.another_operator": _("by somebody else"),
    "fact.as_who_unlocked": _("leave the operator out, or unlock as that person"),
    "fact.recorded": _("recorded"),
    "fact.room": _("as fast as the records take facts"),
    "fact.unknown_kind": _("an unknown kind of fact"),
    "fact.kinds": _("a kind of the records, as {names}"),
    "fact.see_records": _("look into docs/records.md"),
    "fact.given": _("with {field}"),
    "fact.by_engine": _("what the unit adds itself"),
    "fact.leave_out": _("leave it out"),
    "fact.bytes": _("{count} bytes"),
    "fact.shorter": _("give less"),
    "fact.unreadable": _("a text or number that cannot be kept"),
    "fact.readable": _("readable lines of at most {most} characters, and whole numbers"),
}
