"""The emergency stop is shown over every screen, and STOP is free on each, whatever lies there."""

from dataclasses import replace
from functools import cache
from typing import Any

import msgspec
import pytest

from appliance.messages.actions import Stop
from appliance.messages.snapshot import Snapshot, TripView
from appliance.messages.wire import StateName, TextView
from tests.support.kiosk.measured import SIZES, parts_of, stage_of
from tests.support.kiosk.samples import SAMPLES
from tests.support.kiosk.samples.sample import Sample
from ui.kiosk.journey.drills import AtDrill, AtDrillResult
from ui.kiosk.journey.engine_places import (
    AtArmed,
    AtEnd,
    AtPause,
    Feeling,
    Searching,
    Treating,
    engine_place,
)
from ui.kiosk.journey.over import Cleaning, Helping, NoAnswer, NotKept
from ui.kiosk.journey.place import Kiosk, Place, Send
from ui.kiosk.journey.ready import Ready
from ui.kiosk.journey.reduce import Reducer
from ui.kiosk.journey.stops import AtTrip, NoEngine
from ui.kiosk.journey.treatment import Treat
from ui.kiosk.places import ENTRIES, SCREENS, first_place, place_after, view_of
from ui.kiosk.touch.guard import KeyKind, Target, TouchGuard, kind_of
from ui.kiosk.view_models.message import MessageView
from ui.kiosk.view_models.parts import Frame
from ui.kiosk.widgets.key import Key
from ui.kiosk.widgets.shell import STOP

REDUCER = Reducer(engine_place, first_place, ENTRIES, place_after)
PRESSED = TripView(
    code="T01",
    severity="cut",
    title=TextView(key="trip.T01.title"),
    instruction=TextView(key="trip.T01.instruction"),
    detail=None,
    channel=None,
    cause_present=True,
)


@cache
def sample(name: str) -> Sample:
    return SAMPLES[name]()


def own_places() -> list[str]:
    """Return one sample of each place that waits behind what the engine demands.

    Not of the one where a treatment is set up: that is done again, and tested with the trips.
    """
    names: dict[type[Place], str] = {}
    for name in SAMPLES:
        place, kiosk = sample(name)
        if place == kiosk.place:
            names.setdefault(type(place), name)
    return [name for kind, name in names.items() if kind is not Ready]


def with_trip(kiosk: Kiosk, **changed: Any) -> Snapshot:
    values = {"state": StateName.TRIPPED, "trip": PRESSED, "estop_closed": False, **changed}
    assert kiosk.snapshot is not None
    return msgspec.structs.replace(kiosk.snapshot, **values)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_emergency_stop_is_shown_over_every_screen(name: str) -> None:
    kiosk = sample(name).kiosk
    at = REDUCER.snapshot(kiosk, with_trip(kiosk), 0.0).kiosk
    shown = REDUCER.shown(at)
    screen = view_of(shown, at)
    assert screen.shell.output.word == "EMERGENCY STOP"
    assert screen.shell.output.frame is Frame.STOPPED
    if isinstance(shown, AtDrill):
        return  # the drill asks for it, or the engine ends the drill with the next snapshot
    assert isinstance(shown, AtTrip)
    view = screen.content
    assert isinstance(view, MessageView)
    assert view.button is not None
    assert view.button.twist


def test_the_samples_know_every_place_of_a_person() -> None:
    known = {type(sample(name).place) for name in own_places()}
    demanded = {NoEngine, AtTrip, AtPause, AtEnd, AtArmed, Treating, Searching, Feeling, AtDrill}
    over = {Helping, Cleaning, NoAnswer, NotKept, AtDrillResult, Treat, Ready}
    assert set(SCREENS) - demanded - over == known - demanded - over


@pytest.mark.parametrize("name", own_places())
def test_after_the_emergency_stop_the_person_is_back_with_what_was_entered(name: str) -> None:
    kiosk = sample(name).kiosk
    assert kiosk.snapshot is not None
    if kiosk.snapshot.state is StateName.LOCKED:
        kiosk = replace(kiosk, me=None)
    at = REDUCER.snapshot(kiosk, with_trip(kiosk), 0.0).kiosk
    for action in ("digit:1", "back", "letter:A", "acknowledge"):
        at = REDUCER.touched(at, action).kiosk
    released = with_trip(kiosk, estop_closed=True)
    at = REDUCER.snapshot(at, released, 0.0).kiosk
    at = REDUCER.snapshot(at, kiosk.snapshot, 0.0).kiosk
    assert at.place == kiosk.place
    assert at.me == kiosk.me


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SAMPLES)
def test_stop_has_its_place_and_nothing_reaches_into_it(name: str, size: str) -> None:
    """Also above a keyboard, a sheet and the help; it is drawn last."""
    stage = stage_of(size)
    place, kiosk = sample(name)
    parts = parts_of(view_of(place, kiosk), stage)
    keys = [part for part in parts if isinstance(part, Key)]
    [stop] = [key for key in keys if key.view.action == STOP]
    assert stop.rect == stage.regions.stop
    for key in keys:
        apart = (
            key is stop
            or key.rect.right <= stop.rect.x
            or key.rect.x >= stop.rect.right
            or key.rect.bottom <= stop.rect.y
            or key.rect.y >= stop.rect.bottom
        )
        assert apart, key.view


@pytest.mark.parametrize("name", SAMPLES)
def test_stop_cuts_from_every_screen(name: str) -> None:
    place, kiosk = sample(name)
    del place
    moved = REDUCER.touched(kiosk, STOP)
    assert [each.action for each in moved.effects if isinstance(each, Send)] == [Stop(cut=True)]
    assert moved.kiosk == kiosk


@pytest.mark.parametrize("held", ["rise:1", "letter:A", "felt:this_pair", "acknowledge"])
def test_stop_is_heard_beside_a_second_finger_and_right_after_the_screen_has_changed(
    held: str,
) -> None:
    guard = TouchGuard()
    guard.down(1, Target(held, kind_of(held)), (100, 100), now=0.5)
    guard.changed(now=1.0)
    heard = guard.down(2, Target(STOP, KeyKind.STOP), (700, 60), now=1.01)
    assert heard is not None
    assert heard.acts
