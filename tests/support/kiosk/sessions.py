"""Pages about the sessions of a patient, as the engine sends them, for tests of the kiosk."""

from types import MappingProxyType
from typing import Any

from appliance.control.pages.page import plain_text
from appliance.messages.wire import StateName
from appliance.texts.text import Text
from tests.ui.kiosk.test_journey import snapshot
from ui.kiosk.journey.of_patient import Whose
from ui.kiosk.journey.place import Kiosk, Place

PATIENT, SESSION = "P-0013", "0007-001"
WHOSE = Whose(patient=PATIENT, alias="KT8", born=1974)
DAY_US = 86_400_000_000
NEWEST_US = 1_795_800_000_000_000
TITLE = plain_text(Text("programme.nmes_strengthening.title"))
KEPT = (
    (600, 32_000, 30_500, 6, 3, 0),
    (600, 30_000, 28_500, 5, 4, 0),
    (462, 29_500, 28_000, 6, 4, 0),
    (600, 26_000, 25_500, 6, 6, 1),
    (600, 24_000, 24_000, 7, 5, 0),
    (600, 20_000, None, None, None, None),
)
"""Seconds, levels kept in µA, pain before and after, skin; the newest session first."""


def at(days_ago: int) -> dict[str, Any]:
    return {"utc_us": NEWEST_US - days_ago * DAY_US, "trusted": True}


def series(points: int = 300, **head: Any) -> tuple[dict[str, Any], ...]:
    """Return the page of a session on two channels."""
    usual = {
        "kind": "session",
        "session": SESSION,
        "programme": "nmes-strengthening",
        "title": TITLE,
        "region": "lower_back",
        "side": "both",
        "opened": at(0),
        "planned_us": 600_000_000,
        "elapsed_us": 600_000_000,
        "outcome": "finished",
        "cause_text": plain_text(Text("ended.plan_ended")),
        "stops": {"pauses": 1, "trips": 0},
        "reached": [
            {"name": "charge", "value": 9_600_000, "limit": 40_000_000},
            {"name": "density", "value": 220, "limit": 1_000},
            {"name": "contractions", "value": 10, "limit": 10},
        ],
    }
    channels = (
        {
            "kind": "channel",
            "channel": channel,
            "step_us": 600_000_000 // points,
            "set_ua": [min(most, n * 500) for n in range(points)],
            "measured_ua": [
                None if n % 30 > 6 else max(min(most, n * 500) - 90, 0) for n in range(points)
            ],
            "contact_ohm": [1_100 + 100 * channel] * points,
        }
        for channel, most in ((1, 32_000), (2, 30_500))
    )
    return ({**usual, **head}, *channels)


def history() -> tuple[dict[str, Any], ...]:
    return tuple(_session(number, *given) for number, given in enumerate(KEPT))


def told(felt: str, level_ua: int, before_ua: int | None = None) -> dict[str, Any]:
    """Return a mark of a session; `before_ua` was set until the output ended."""
    before = before_ua and {"level_ua": before_ua, "measured_ua": before_ua - 200}
    measured_ua = level_ua - 100 if level_ua else None
    mark = {"felt": felt, "channel": 1, "level_ua": level_ua, "measured_ua": measured_ua}
    return {**mark, "before": before, "at": at(0)}


def with_harm() -> tuple[dict[str, Any], ...]:
    """Return the history; in its newest session pain and, in a trip, burning were told."""
    first, *others = history()
    return ({**first, "harm": [told("pain", 28_000), told("burning", 0, 30_500)]}, *others)


def _session(number: int, elapsed_s: int, *given: int | None) -> dict[str, Any]:
    first, second, before, after, skin = given
    levels = {1: first, 2: second}
    return {
        "session": SESSION if not number else f"000{6 - number}-001",
        "programme": "nmes-strengthening",
        "title": TITLE,
        "region": "lower_back",
        "side": "both",
        "opened": at(3 * number),
        "planned_us": 600_000_000,
        "elapsed_us": elapsed_s * 1_000_000,
        "outcome": "finished" if elapsed_s == 600 else "stopped",
        "channels": [
            {"channel": channel, "highest_ua": level_ua, "comfortable_ua": level_ua}
            for channel, level_ua in levels.items()
            if level_ua is not None
        ],
        "harm": [],
        "contraction": "visible",
        "discomfort": 3,
        "pain_before": before,
        "pain_after": after,
        "skin": skin,
        "close_out_open": False,
    }


def course(*findings: dict[str, Any], **changed: Any) -> tuple[dict[str, Any], ...]:
    """Return the page of the courses: one, with every session of the history."""
    row = {
        "region": "lower_back",
        "goal": "strength",
        "number": 1,
        "sessions": [row["session"] for row in reversed(history())],
        "decision": None,
        "present": True,
        "pain_first": 7,
        "pain_last": 6,
        "function_first": 42,
        "function_last": 30,
        "programmes": [
            {"programme": "nmes-strengthening", "sessions": 20, "findings": list(findings)}
        ],
    }
    return ({**row, **changed},)


def kiosk(place: Place, **pages: tuple[dict[str, Any], ...]) -> Kiosk:
    """Return the kiosk at a place with pages of the patient: history, course, series, and more."""
    named = {
        f"series:{SESSION}": series(),
        f"history:{PATIENT}": history(),
        f"course:{PATIENT}": course(),
        **{name.replace("_of_", ":"): rows for name, rows in pages.items()},
    }
    shown = snapshot(StateName.READY)
    return Kiosk(place=place, snapshot=shown, pages=MappingProxyType(named))
