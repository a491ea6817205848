"""After wrong PINs somebody waits and the screen follows; a forgotten PIN is no dead end."""

from types import MappingProxyType
from typing import Any

import msgspec

from appliance.messages.replies import Page, Refused
from appliance.messages.wire import StateName
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.lock import ForgottenPin, Lock
from ui.kiosk.journey.place import Kiosk, Look
from ui.kiosk.journey.reduce import Reducer
from ui.kiosk.places import ENTRIES, first_place, view_of

REDUCER = Reducer(engine_place, first_place, ENTRIES)
S_US = 1_000_000


def row(locked_out_us: int) -> dict[str, Any]:
    who = {"kind": "operator", "operator": "anna", "role": "clinician", "has_pin": True}
    return {**who, "one_time": False, "locked_out_us": locked_out_us}


def kiosk(locked_out_us: int = 0, at_us: int = 5 * S_US, pin: str = "") -> Kiosk:
    snapshot = msgspec.structs.replace(AT_REST, state=StateName.LOCKED, at_us=at_us)
    pages = MappingProxyType({"operators": (row(locked_out_us),), "set_up": ()})
    return Kiosk(place=Lock(operator="anna", pin=pin), snapshot=snapshot, pages=pages)


def keys(at: Kiosk) -> dict[str, str]:
    blocks = str(view_of(at.place, at).content)
    return {name: name for name in ("forgot", "enter", "digit:1") if f"action='{name}'" in blocks}


def later(at: Kiosk, seconds: float) -> tuple[Kiosk, list[str]]:
    assert at.snapshot is not None
    now = msgspec.structs.replace(at.snapshot, at_us=at.snapshot.at_us + round(seconds * S_US))
    moved = REDUCER.snapshot(at, now, 0.0)
    asked = [effect.page for effect in moved.effects if isinstance(effect, Look)]
    return moved.kiosk, asked


def test_a_wait_is_asked_for_again_each_second_until_it_is_over() -> None:
    """Hazard: the digits stay off for good, because the page was read during the wait."""
    at, asked = later(kiosk(30 * S_US), 0.05)
    assert asked == ["operators"]
    assert "30 s" in str(view_of(at.place, at).content)
    at = REDUCER.answered(
        at, "operators", Page(request=1, rows=(row(29 * S_US),), next_after=None)
    ).kiosk
    at, asked = later(at, 0.5)
    assert asked == []
    at, asked = later(at, 0.6)
    assert asked == ["operators"]
    at = REDUCER.answered(at, "operators", Page(request=2, rows=(row(0),), next_after=None)).kiosk
    assert later(at, 4.0)[1] == []
    typed = REDUCER.touched(at, "digit:1").kiosk
    assert "enter" in keys(typed)


def test_a_wrong_pin_is_forgotten_and_the_wait_asked_for() -> None:
    refused = Refused(request=1, rule="refusal.pin", asked="a", allowed="b", nearest="c")
    moved = REDUCER.answered(kiosk(pin="1234"), "sign_in", refused)
    assert moved.kiosk.place == Lock(operator="anna")
    assert [each.page for each in moved.effects if isinstance(each, Look)] == ["operators"]


def test_a_forgotten_pin_has_a_way_and_a_way_back() -> None:
    assert "forgot" in keys(kiosk())
    assert "forgot" in keys(kiosk(30 * S_US))
    assert "forgot" not in keys(kiosk(pin="1"))
    at = REDUCER.touched(kiosk(), "forgot").kiosk
    assert at.place == ForgottenPin(operator="anna")
    assert "one-time" in str(view_of(at.place, at).content)
    back = REDUCER.touched(at, "back").kiosk.place
    assert isinstance(back, Lock)
    assert back.operator == "anna"


def test_who_was_enrolled_elsewhere_is_found_while_the_screen_stands() -> None:
    """Hazard: an operator enrolled over SSH cannot sign in until somebody locks the unit again."""
    at, _ = later(kiosk(), 0.0)
    at = REDUCER.answered(at, "operators", Page(request=1, rows=(row(0),), next_after=None)).kiosk
    at, asked = later(at, 4.5)
    assert asked == []  # no load at rest
    at, asked = later(at, 0.6)
    assert asked == ["operators"]
    assert later(at, 9.0)[1] == []  # not again before the answer
    rows = (row(0), {**row(0), "operator": "new"})
    at = REDUCER.answered(at, "operators", Page(request=2, rows=rows, next_after=None)).kiosk
    assert "new" in str(view_of(at.place, at).content)
