"""Texts shared by `stimkiosk sessions list`, `show`, `capsules` and `capsule`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from appliance.records.queries import SessionSummary
from appliance.records.session_events import PAUSED_TOO_LONG, RecordedOutcome
from appliance.records.texts import in_english

DIGEST = 64
"""Characters of a SHA-256 in hex; a table shows the first SHORT of them."""
SHORT = 12
NOT_TRUSTED = "? the clock was not set, so this time is not to be trusted"


def stop_lines(facts: dict[str, Any]) -> Iterator[str]:
    """Yield how the output ended, and the state of each channel just before."""
    layer = facts.get("layer") or "unknown layer"
    yield f"  stop     {facts.get('cause') or 'unknown cause'}, by: {layer}, {_zero(facts)}"
    known_by, zero_by = facts.get("cause_known_by"), facts.get("zero_known_by")
    if known_by and zero_by:
        yield f"           cause known by: {known_by}; zero known by: {zero_by}"
    for failure in facts.get("failures", ()):
        yield f"           failed: {failure}"
    for last in facts.get("channels", ()):
        ohm = last["contact_ohm"]
        yield (
            f"           channel {last['channel']} before it: "
            f"set {milliamps(last['amplitude_ua'])} (level {milliamps(last['level_ua'])}), "
            f"measured {milliamps(last['measured_ua'])}, contact {'–' if ohm is None else ohm} Ω"
        )


def _zero(facts: dict[str, Any]) -> str:
    zero_us = facts.get("time_to_zero_us")
    if zero_us is None and facts.get("zero_at_us") is not None:
        return "no current flowed any more when it was noticed"
    if zero_us is None:
        return "zero current not proven" if facts.get("cause_at_us") else "not timed"
    if zero_us == 0:
        return "no current flowed any more"
    return f"zero current within {zero_us / 1000:.1f} ms of it"


def short_facts(facts: dict[str, Any]) -> str:
    """Return facts as short text; nested facts, text keys and full digests are only in --json."""
    return ", ".join(
        f"{key} {value[:SHORT] + '…' if len(str(value)) == DIGEST else value}"
        for key, value in in_english(facts).items()
        if value not in (None, "") and not isinstance(value, dict | list)
    )


def moment(utc_us: int, *, trusted: bool) -> str:
    """Return a date and time in UTC, marked if the clock was not set."""
    try:
        text = datetime.fromtimestamp(utc_us // 1_000_000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (OverflowError, ValueError, OSError):  # an altered record is still shown
        text = f"{utc_us} µs"
    return text if trusted else f"{text} (clock not trusted)"


def moment_short(utc_us: int, *, trusted: bool) -> str:
    """Return a date and time to the minute; `NOT_TRUSTED` explains the mark."""
    date, _, time = moment(utc_us, trusted=True).partition(" ")
    return f"{date} {time[:5]}{'' if trusted else '?'}"


def is_least(summary: SessionSummary) -> bool:
    """Tell whether the records of a session break off, so that its dose is only a lower bound."""
    return summary.outcome == RecordedOutcome.INTERRUPTED and summary.cause != PAUSED_TOO_LONG


def duration(summary: SessionSummary) -> str:
    """Return the length of a session as m:ss."""
    if summary.elapsed_us is None:
        return "–"
    minutes, seconds = divmod(summary.elapsed_us // 1_000_000, 60)
    return f"{'at least ' if is_least(summary) else ''}{minutes}:{seconds:02d}"


def counted(number: int, thing: str) -> str:
    """Return a number with its noun, in singular or plural."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def milliamps(current_ua: int | None) -> str:
    """Return a current in mA, or a dash."""
    return "–" if current_ua is None else f"{current_ua / 1000:.1f} mA"
