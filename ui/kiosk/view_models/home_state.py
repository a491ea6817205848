"""What Home tells where nothing is due: the last time of each check, and when it is due next."""

from collections.abc import Iterator

from ui.kiosk.journey.home import DUE, SELF_TEST, SESSIONS
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _
from ui.kiosk.view_models.blocks import Card
from ui.kiosk.view_models.days import day_of, day_of_us

CARD_HIGH = 86
"""Four of them with their heading fill the column of the smallest display; words may need more."""
IN_ORDER = frozenset({"in_order", "ok"})


def state_cards(kiosk: Kiosk) -> Iterator[Card]:
    """Yield the self-test, drills and care that are in order, and the newest session."""
    test = next((row for row in kiosk.rows(SELF_TEST) or () if row["kind"] == "self_test"), None)
    if test is not None:
        passed = bool(test["passed"])
        yield Card(
            height=CARD_HIGH,
            title=_("Self-test passed") if passed else _("Self-test not passed"),
            text=day_of(test["at"]),
            icon="check" if passed else "warn",
            look="plain" if passed else "alarm",
        )
    drills = _next_of(kiosk, "drill")
    if drills is not None:
        yield _card(_("Drills"), drills, _("Valid to {day}"), "drill")
    care = _next_of(kiosk, "care")
    if care is not None:
        yield _card(_("Care"), care, _("Due on {day}"), "tool")
    sessions = kiosk.rows(SESSIONS)
    if sessions is not None:
        yield Card(height=CARD_HIGH, title=_("Sessions"), text=_newest(sessions), icon="history")


def _next_of(kiosk: Kiosk, kind: str) -> Row | None:
    """Return what is due next of a kind, None while any of it is due now."""
    rows = [row for row in kiosk.rows(DUE) or () if row["kind"] == kind]
    if not rows or any(row["status"] not in IN_ORDER for row in rows):
        return None
    return min(rows, key=lambda row: row["due_utc_us"] or float("inf"))


def _card(title: str, row: Row, due: str, icon: str) -> Card:
    """Return when the item that is due next was done last, and from when it is due."""
    next_day = day_of_us(row["due_utc_us"])
    lines = (_last(day_of(row["since"])), due.format(day=next_day) if next_day else "")
    text = "\n".join(filter(None, lines)) or _("in order")
    return Card(height=CARD_HIGH, title=title, text=text, icon=icon)


def _last(day: str) -> str:
    return _("Last: {what}").format(what=day) if day else ""


def _newest(sessions: tuple[Row, ...]) -> str:
    """Return the day of the newest session; a clock that was not trusted tells none."""
    if not sessions:
        return _("No session yet.")
    newest = sessions[0]
    return _last(day_of_us(newest["opened_utc_us"]) if newest["clock_trusted"] else "–")
