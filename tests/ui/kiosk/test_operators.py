"""Lock screen, first set-up and operators: what a PIN is sent for, and that nothing is stuck."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from appliance.messages.actions import (
    EnrolOperator,
    RetireOperator,
    SetPin,
    SignIn,
    TryPin,
    Unlock,
)
from appliance.messages.replies import Refused, Reply
from appliance.messages.wire import StateName, TextView
from appliance.texts.languages import KNOWN
from tests.support.kiosk.measured import keys_of, stage_of
from tests.support.kiosk.samples import SAMPLES
from tests.support.kiosk.samples.people import operators
from tests.support.kiosk.samples.sample import awaiting
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.lock import Lock
from ui.kiosk.journey.operators import MyPin, NewOperator, OperatorCard, Operators
from ui.kiosk.journey.pins import WEAK_PIN
from ui.kiosk.journey.place import Go, Kiosk, Next, Place, Send
from ui.kiosk.journey.set_up import SetUp
from ui.kiosk.places import ENTRIES, SCREENS, view_of
from ui.kiosk.view_models.lock import tile_name
from ui.kiosk.widgets.icon import Icon

OK = Reply(request=1, tick=1)
DRAWN = Reply(request=1, tick=1, pin="481735")


def refused(rule: str) -> Refused:
    text = TextView(key="none", values={})
    return Refused(request=1, rule=rule, asked=text, allowed=text, nearest=text)


def sent(following: Next) -> list[Any]:
    return [effect.action for effect in following.effects if isinstance(effect, Send)]


def touch(place: Place, kiosk: Kiosk, *actions: str) -> Next:
    following = Next(place)
    for action in actions:
        place = following.place or place
        following = place.touched(action, kiosk)
    return following


def digits(pin: str) -> tuple[str, ...]:
    return tuple(f"digit:{digit}" for digit in pin)


def locked() -> Kiosk:
    kiosk = SAMPLES["lock_many"]().kiosk
    assert kiosk.snapshot is not None
    return replace(kiosk, snapshot=msgspec.structs.replace(kiosk.snapshot, state=StateName.LOCKED))


# --- lock ----------------------------------------------------------------------------------------


def test_a_one_time_pin_is_never_a_sign_in_but_the_way_to_an_own_one() -> None:
    """The engine refuses a sign-in with it: who has one would never come in."""
    kiosk = locked()
    following = touch(Lock(operator="BEN"), kiosk, *digits("7351"), "enter")
    assert sent(following) == [TryPin(operator="BEN", pin="7351")]
    assert following.place is not None
    right = following.place.answered("try_pin", OK, kiosk).place
    assert right == Lock(operator="BEN", old_pin="7351")
    again = touch(right, kiosk, *digits("9053"), "enter", *digits("9053"), "enter")
    assert sent(again) == [SetPin(operator="BEN", pin="9053", old_pin="7351")]
    assert again.place is not None
    assert sent(again.place.answered("set_pin", OK, kiosk)) == [SignIn(operator="BEN", pin="9053")]


def test_nobody_else_is_chosen_while_a_pin_is_looked_at() -> None:
    """The answer would sign that one in at this screen, with the token of the first."""
    place, kiosk = Lock(operator="ANNA", pin="7351"), locked()
    entered = place.touched("enter", kiosk)
    assert sent(entered) == [SignIn(operator="ANNA", pin="7351")]
    for tag in ("sign_in", "try_pin", "set_pin"):
        waits = replace(kiosk, awaited=awaiting(place, tag))
        touched = ("operator:BEN", "digit:1", "enter")
        assert all(place.touched(action, waits) == Next() for action in touched)
    assert place.touched("operator:BEN", kiosk).place == Lock(operator="BEN")


def test_a_weak_new_pin_is_chosen_anew_and_a_wrong_one_time_pin_begins_again() -> None:
    place = Lock(operator="BEN", old_pin="7351", new_pin="1111", again=True, pin="1111")
    weak = place.answered("set_pin", refused(WEAK_PIN), locked()).place
    wrong = place.answered("set_pin", refused("refusal.sign_in"), locked()).place
    assert weak == Lock(operator="BEN", old_pin="7351")
    assert wrong == Lock(operator="BEN")


def test_everybody_is_on_some_page_of_the_lock_screen() -> None:
    kiosk, place, seen = locked(), Lock(), set()
    for _ in range(3):
        shown = str(view_of(place, kiosk).content)
        seen |= {row["operator"] for row in operators()["operators"] if row["operator"] in shown}
        following = place.touched(f"page:{5 if place.first == 0 else 0}", kiosk).place
        assert isinstance(following, Lock)
        place = following
    assert len(seen) == 7


def test_a_screen_that_began_anew_goes_on_with_an_unlocked_virtual_board() -> None:
    kiosk = SAMPLES["lock_not_set_up"]().kiosk
    assert sent(Lock().touched("try_it", kiosk)) == [Unlock(operator="demonstration")]
    assert kiosk.snapshot is not None
    ready = msgspec.structs.replace(kiosk.snapshot, state=StateName.READY)
    following = Lock().touched("try_it", replace(kiosk, snapshot=ready))
    assert (following.place, sent(following)) == (Home(), [])


# --- set-up --------------------------------------------------------------------------------------


def test_a_set_up_that_was_left_goes_on_from_home() -> None:
    place, kiosk = SAMPLES["set_up_clinic"]()
    signed_in = replace(kiosk, me=SAMPLES["operators"]().kiosk.me)
    assert place.touched("back", kiosk).effects == (Go("lock"),)
    assert place.touched("back", signed_in).place == Home()
    missing = {**SAMPLES["home"]().kiosk.pages, "set_up": kiosk.pages["set_up"]}
    home = replace(SAMPLES["home"]().kiosk, pages=missing)
    assert "Finish set-up" in str(view_of(Home(), home).content)
    assert "Finish set-up" not in str(view_of(*SAMPLES["home"]()).content)
    assert ENTRIES["set_up"]() == SetUp()
    assert SetUp(name="ANNA", named=True).touched("back", SAMPLES["set_up_lead"]().kiosk).place == (
        SetUp(name="ANNA")
    )


def test_the_check_of_the_board_says_what_its_self_test_found() -> None:
    place, kiosk = SAMPLES["set_up_board"]()
    for passed, words in ((True, "Self-test passed"), (False, "Self-test not passed")):
        pages = {**kiosk.pages, "self_test": ({"kind": "self_test", "passed": passed},)}
        assert words in str(view_of(place, replace(kiosk, pages=pages)).content)
    assert "No self-test is recorded yet" in str(view_of(place, kiosk).content)


# --- operators -----------------------------------------------------------------------------------


def test_somebody_new_is_enrolled_with_a_pin_for_once() -> None:
    kiosk = SAMPLES["operators"]().kiosk
    letters = [f"letter:{letter}" for letter in "ZOE"]
    following = touch(
        NewOperator(), kiosk, *letters, "named", "role:service", *digits("7351"), "enrol"
    )
    enrol = EnrolOperator(operator="ZOE", role="service", one_time=True)
    assert [msgspec.to_builtins(action) for action in sent(following)] == [
        msgspec.to_builtins(enrol)
    ]
    assert following.place is not None
    done = following.place.answered("enrol", DRAWN, kiosk)
    assert done.place == OperatorCard(operator="ZOE", pin="481735")
    assert following.place.answered("enrol", refused("r"), kiosk) == Next()  # all typed stays
    known = following.place.answered("enrol", OK, kiosk).place
    assert known == OperatorCard(operator="ZOE", giving=True)  # enrolled by an answer that got lost


def test_a_forgotten_pin_is_replaced_and_somebody_retired_with_two_keys() -> None:
    kiosk = SAMPLES["operator"]().kiosk
    card = OperatorCard(operator="BEN")
    assert sent(touch(card, kiosk, "give")) == []
    given = touch(card, kiosk, "new_pin", "give")
    assert sent(given) == [SetPin(operator="BEN", one_time=True)]
    assert sent(touch(card, kiosk, "really_retire")) == []
    retired = touch(card, kiosk, "retire", "really_retire")
    assert sent(retired) == [RetireOperator(operator="BEN")]
    assert retired.place is not None
    assert retired.place.answered("retire", OK, kiosk).place == Operators()


def test_the_own_pin_is_changed_with_the_old_one() -> None:
    kiosk = SAMPLES["my_pin"]().kiosk
    present = touch(MyPin(), kiosk, *digits("4826"), "enter")
    assert sent(present) == [TryPin(operator="anna", pin="4826")]
    assert present.place is not None
    right = present.place.answered("try_pin", OK, kiosk).place
    assert right == MyPin(at=1, old_pin="4826")
    typed = (*digits("9053"), "enter")
    differs = touch(right, kiosk, *typed, *digits("9054"), "enter").place
    assert differs == MyPin(at=1, old_pin="4826", differs=True)
    following = touch(right, kiosk, *typed, *typed)
    assert sent(following) == [SetPin(operator="anna", pin="9053", old_pin="4826")]
    assert MyPin().answered("own_pin", OK, kiosk).place == MyPin(changed=True)
    assert MyPin(pin="1").answered("own_pin", refused("r"), kiosk).place == MyPin()


@pytest.mark.parametrize(("role", "may"), [("lead", True), ("service", True), ("clinician", False)])
def test_operators_are_offered_to_whoever_may_change_them(role: str, may: bool) -> None:
    place, kiosk = SAMPLES["service_lead"]()
    assert kiosk.me is not None
    shown = str(view_of(place, replace(kiosk, me=replace(kiosk.me, role=role))).content)
    assert ("Operators" in shown) is may
    assert "My PIN" in shown


# --- every screen --------------------------------------------------------------------------------


def test_no_key_of_home_or_service_is_dead() -> None:
    """Each leads to another place, or sends something."""
    for name in ("home", "home_due", "service", "service_lead", "service_out_of_use"):
        place, kiosk = SAMPLES[name]()
        for action in actions_of(name):
            following = place.touched(action, kiosk)
            entries = [effect for effect in following.effects if isinstance(effect, Go)]
            assert all(effect.entry in ENTRIES for effect in entries), action
            assert following.place is not None or following.effects, action


def actions_of(name: str) -> list[str]:
    """Return the actions of the keys in the content of a sample."""
    found: list[str] = []

    def look(value: Any) -> None:
        if hasattr(value, "action") and hasattr(value, "look"):
            found.append(value.action)
        elif isinstance(value, tuple | list):
            for part in value:
                look(part)
        else:
            for field in getattr(value, "__dataclass_fields__", ()):
                look(getattr(value, field))

    look(view_of(*SAMPLES[name]()).content.columns)
    return found


@pytest.mark.parametrize(
    "kind",
    [kind for kind in SCREENS if kind.__module__.split(".")[-1] in {
        "drills", "service", "operators", "lists", "out_of_use", "set_up"
    } and not kind.__name__.startswith("AtDrill")],
)  # fmt: skip
def test_each_screen_has_a_way_back(kind: type[Place]) -> None:
    for make in SAMPLES.values():
        place, kiosk = make()
        if type(place) is kind:
            following = place.touched("back", kiosk)
            moved = following.place is not None and following.place != place
            assert moved or any(isinstance(effect, Go) for effect in following.effects)
            assert any(key.action == "back" for key in view_of(place, kiosk).shell.rail)


def test_a_long_name_is_divided_so_that_its_icon_stays() -> None:
    view = view_of(*SAMPLES["lock_long"]())
    keys = keys_of(view, stage_of("7-800x480"))
    tiles = [key for key in keys if key.view.action.startswith("operator:")]
    assert len(tiles) == 5
    assert all(any(isinstance(part, Icon) for part in tile.walk()) for tile in tiles)
    assert tile_name("ANNA KELLER") == "ANNA KELLER"
    assert tile_name("CHRISTOPHERSEN").replace("-\n", "") == "CHRISTOPHERSEN"


def test_about_names_the_languages_that_nobody_reviewed() -> None:
    text = str(view_of(*SAMPLES["about"]()).content)
    unread = [each.name for each in KNOWN.values() if not each.reviewed]
    assert unread
    assert all(name in text for name in unread)
