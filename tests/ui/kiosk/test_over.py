"""Help and wiping lie over a screen: nothing below is lost, and whatever happens is shown first."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from appliance.instructions.topics import load_topics
from appliance.messages.actions import Stop
from appliance.messages.replies import Reply
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import StateName
from tests.support.kiosk.channels import channel
from tests.support.kiosk.samples import SAMPLES
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.engine_places import Treating, engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.lock import Lock
from ui.kiosk.journey.over import CLEAN, COVERED, FLOWING, TOPICS, Cleaning, Helping
from ui.kiosk.journey.patients import Patients
from ui.kiosk.journey.place import NO_SHEET, Kiosk, Place, Send
from ui.kiosk.journey.reduce import Reducer
from ui.kiosk.journey.stops import AtTrip, NoEngine
from ui.kiosk.places import ENTRIES, SCREENS, first_place, place_after, view_of
from ui.kiosk.view_models.blocks import FormView, Lines
from ui.kiosk.view_models.channels import TreatmentView
from ui.kiosk.view_models.help import pages_of

REDUCER = Reducer(engine_place, first_place, ENTRIES, place_after)
S_US = 1_000_000
OF_ANNA = "of-anna"
TYPED = Lock(operator="anna", pin="12")


def snapshot(state: StateName = StateName.LOCKED, at_s: float = 10, **changed: Any) -> Snapshot:
    values = {"state": state, "at_us": round(at_s * S_US), **changed}
    return msgspec.structs.replace(AT_REST, **values)


def kiosk(state: StateName = StateName.LOCKED, place: Place = TYPED, **changed: Any) -> Kiosk:
    return Kiosk(place=place, snapshot=snapshot(state, **changed))


def later(at: Kiosk, seconds: float, state: StateName | None = None) -> Kiosk:
    assert at.snapshot is not None
    now_s = at.snapshot.at_us / S_US + seconds
    return REDUCER.snapshot(at, snapshot(state or at.snapshot.state, now_s), 0.0).kiosk


def rail(at: Kiosk) -> list[str]:
    return [key.action for key in view_of(REDUCER.shown(at), at).shell.rail]


def test_every_screen_has_a_topic_of_the_instructions() -> None:
    names = {kind.__name__ for kind in SCREENS} - {"Helping", "Cleaning"}
    assert names - set(TOPICS) == set()
    assert set(TOPICS.values()) - set(load_topics()) == set()


def test_help_is_of_the_screen_and_gives_back_what_was_entered() -> None:
    at = REDUCER.touched(kiosk(), "help").kiosk
    assert REDUCER.shown(at) == Helping(topic=TOPICS["Lock"])
    for action, query in (("page:1", "help:intended_use"), ("topic:", "help"), ("page:1", "help")):
        at = REDUCER.touched(at, action).kiosk
        shown = REDUCER.shown(at)
        assert shown.wants(at) == (query,)
    at = REDUCER.touched(at, "topic:stopping").kiosk
    assert REDUCER.shown(at) == Helping(topic="stopping")
    assert REDUCER.shown(REDUCER.touched(at, "digit:3").kiosk) == Helping(topic="stopping")
    at = REDUCER.touched(at, "close").kiosk
    assert REDUCER.shown(at) == TYPED


def test_help_stays_until_it_is_closed_or_anything_happens() -> None:
    at = REDUCER.touched(kiosk(), "help").kiosk
    assert isinstance(REDUCER.shown(later(at, 3_000)), Helping)
    assert isinstance(REDUCER.shown(later(at, 1, StateName.TRIPPED)), AtTrip)
    assert isinstance(REDUCER.shown(replace(at, age_s=2.0)), NoEngine)
    assert later(later(at, 1, StateName.TRIPPED), 1, StateName.LOCKED).place == TYPED


def test_the_end_of_wiping_is_another_screen_so_that_the_cloth_presses_nothing() -> None:
    at = REDUCER.touched(kiosk(), CLEAN).kiosk
    after = later(at, 31)
    wiped, screen = (view_of(REDUCER.shown(each), each) for each in (at, after))
    assert (wiped.name, wiped.turn) != (screen.name, screen.turn)


@pytest.mark.parametrize("state", list(StateName))
def test_help_covers_no_screen_while_any_current_may_flow(state: StateName) -> None:
    channels = (channel(1),)
    at = REDUCER.touched(kiosk(state, Home(), channels=channels), "help").kiosk
    assert isinstance(REDUCER.shown(at), Helping) == (state in COVERED)
    small = view_of(REDUCER.shown(at), at).shell.head.help
    assert (small is not None) == (state in FLOWING)
    if state not in COVERED:
        assert "help" not in rail(at)


def test_help_while_pulses_play_is_a_sheet_with_discs_that_closes_by_itself() -> None:
    at = kiosk(StateName.DELIVERING, Home(), channels=(channel(1), channel(2)))
    at = REDUCER.touched(at, "help").kiosk
    shown = REDUCER.shown(at)
    assert isinstance(shown, Treating)
    content = view_of(shown, at).content
    assert isinstance(content, TreatmentView)
    assert content.discs
    assert content.sheet
    assert content.sheet_tall
    assert len(content.channels) == 2
    assert later(at, 29).sheet.name == "help"
    assert later(at, 31).sheet == NO_SHEET
    assert REDUCER.touched(at, "close").kiosk.sheet == NO_SHEET


def test_an_answer_that_comes_while_help_is_open_reaches_the_screen_below() -> None:
    """Hazard: the screen below waits for an answer that went to the help."""
    asked = REDUCER.touched(kiosk(), "enter").kiosk
    at = REDUCER.touched(asked, "help").kiosk
    at = REDUCER.answered(at, "sign_in", Reply(request=1, tick=0, token=OF_ANNA)).kiosk
    assert at.place == Home()
    assert at.me is not None


@pytest.mark.parametrize("place", [TYPED, Home()])
def test_the_screen_is_wiped_for_30_s_without_a_touch_that_counts(place: Place) -> None:
    state = StateName.LOCKED if place == TYPED else StateName.READY
    at = kiosk(state, place)
    assert CLEAN in rail(at)
    at = REDUCER.touched(at, CLEAN).kiosk
    assert isinstance(REDUCER.shown(at), Cleaning)
    assert rail(at) == []
    for action in ("digit:3", "close", "help", "enter", "lock", "patients"):
        moved = REDUCER.touched(at, action)
        assert isinstance(REDUCER.shown(moved.kiosk), Cleaning), action
        assert [each for each in moved.effects if isinstance(each, Send)] == []
    [stopped] = REDUCER.touched(at, "stop").effects
    assert isinstance(stopped, Send)
    assert stopped.action == Stop(cut=True)
    assert isinstance(REDUCER.shown(later(at, 29)), Cleaning)
    assert REDUCER.shown(later(at, 31)) == place


@pytest.mark.parametrize("state", [StateName.TRIPPED, StateName.DELIVERING, StateName.READY])
def test_wiping_ends_with_anything_that_happens(state: StateName) -> None:
    at = REDUCER.touched(kiosk(), CLEAN).kiosk
    after = later(at, 1, state)
    assert not isinstance(REDUCER.shown(after), Cleaning)
    assert after.sheet == NO_SHEET


def test_wiping_ends_with_an_engine_that_began_again() -> None:
    at = REDUCER.touched(kiosk(at_s=500), CLEAN).kiosk
    assert isinstance(REDUCER.shown(replace(at, age_s=3.0)), NoEngine)
    assert REDUCER.snapshot(at, snapshot(at_s=2), 0.0).kiosk.sheet == NO_SHEET


@pytest.mark.parametrize("state", [each for each in StateName if each not in ("Locked", "Ready")])
def test_the_screen_is_not_wiped_in_any_other_state(state: StateName) -> None:
    at = kiosk(state, Home(), channels=(channel(1),))
    assert CLEAN not in rail(at)
    assert REDUCER.touched(at, CLEAN).kiosk.sheet == NO_SHEET


def test_only_home_and_the_lock_screen_offer_to_wipe() -> None:
    assert CLEAN not in rail(kiosk(StateName.READY, Patients()))


@pytest.mark.parametrize("topic", list(load_topics()))
def test_each_topic_is_read_whole_page_by_page(topic: str) -> None:
    place, at = SAMPLES[f"help_{topic}"]()
    rows = at.pages[f"help:{topic}"]
    pages = pages_of(rows)
    texts = [line.text for page in pages for line in page]
    assert len(texts) == sum(len(row["lines"]) + (row["heading"] is not None) for row in rows)
    assert not any(page[-1].head for page in pages)
    content = view_of(place, at).content
    assert isinstance(content, FormView)
    assert isinstance(content.columns[0].blocks[0], Lines)
