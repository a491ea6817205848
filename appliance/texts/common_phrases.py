"""Phrases that many texts are made of: bounds, ranges, a quantity in another unit than usual."""

from collections.abc import Sequence

from appliance.texts.text import Text, TextValue, microseconds, text

NONE = text("none")


def seconds(duration_us: int) -> Text:
    """Return a duration of µs shown in seconds, exactly."""
    return text("shown.seconds", time=microseconds(duration_us))


def whole_seconds(duration_us: int) -> int:
    """Return a duration in µs rounded up to whole seconds: a wait that is offered is enough."""
    return -(-duration_us // 1_000_000) * 1_000_000


def bare_microseconds(duration_us: int) -> Text:
    """Return a duration shown in µs."""
    return text("shown.microseconds", time=microseconds(duration_us))


def rate(period_us: int) -> Text:
    """Return a period of 1 µs or more shown with the rate it means."""
    return text("shown.rate", period=microseconds(period_us))


def period(period_us: int) -> Text:
    """Return "a period of ..."."""
    return text("period", period=microseconds(period_us))


def hours(duration_us: int) -> Text:
    """Return a duration of µs shown in hours and minutes, rounded down."""
    return text("shown.hours", time=microseconds(duration_us))


def up_to(most: TextValue) -> Text:
    """Return "up to ..."."""
    return text("bound.up_to", most=most)


def at_most(most: TextValue) -> Text:
    """Return "at most ..."."""
    return text("bound.at_most", most=most)


def at_least(least: TextValue) -> Text:
    """Return "at least ..."."""
    return text("bound.at_least", least=least)


def between(least: TextValue, most: TextValue) -> Text:
    """Return "... to ..."."""
    return text("bound.range", least=least, most=most)


def either(first: TextValue, second: TextValue) -> Text:
    """Return "... or ..."."""
    return text("either", first=first, second=second)


def listed(values: Sequence[TextValue], separator: str = "comma") -> TextValue:
    """Return values as a list, "none" without any; `separator` is "comma" or "semicolon"."""
    if not values:
        return NONE
    first, *rest = values
    if not rest:
        return first
    return text(f"list.{separator}", first=first, rest=listed(rest, separator))
