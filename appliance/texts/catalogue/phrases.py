"""Phrases that many texts are made of."""

from appliance.texts.catalogue.mark import translatable as _

PHRASES = {
    "none": _("none"),
    "shown.seconds": _("{time:s}"),
    "shown.microseconds": _("{time:µs}"),
    "shown.hours": _("{time:hours}"),
    "shown.rate": _("{period:rate}"),
    "way.rate": _("{period} ({rate} per second)"),
    "way.minutes": _("{minutes} min"),
    "way.hours": _("{hours} h"),
    "way.hours_and_minutes": _("{hours} h {minutes} min"),
    "period": _("a period of {period:µs}"),
    "bound.up_to": _("up to {most}"),
    "bound.at_most": _("at most {most}"),
    "bound.at_least": _("at least {least}"),
    "bound.range": _("{least} to {most}"),
    "bound.microseconds": _("{least:number} to {most:µs}"),
    "bound.from_zero": _("0 to {most}"),
    "either": _("{first} or {second}"),
    "list.comma": _("{first}, {rest}"),
    "list.semicolon": _("{first}; {rest}"),
}
