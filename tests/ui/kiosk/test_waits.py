"""An engine that speaks and does not answer: waiting is shown, and after a while that none came."""

from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

import msgspec
import pytest

from appliance.messages.actions import (
    Resume,
    SignIn,
)
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.sheets import MakeSheet
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import StateName, TextView
from tests.support.kiosk.measured import SIZES, parts_of, stage_of
from tests.support.kiosk.paper_engine import keys_of
from tests.support.kiosk.samples import SAMPLES
from tests.support.kiosk.samples.sample import ME, finding, snapshot, treatment
from ui.kiosk.journey.engine_places import AtPause, engine_place
from ui.kiosk.journey.lock import Lock
from ui.kiosk.journey.of_patient import Whose
from ui.kiosk.journey.outcomes import Outcomes, Score
from ui.kiosk.journey.over import UNANSWERED, NoAnswer, NotKept
from ui.kiosk.journey.place import ANSWER_S, MARK_S, Kiosk, Look, Place, Send
from ui.kiosk.journey.reduce import STOP, Moved, Reducer
from ui.kiosk.journey.sent import SHEET_S, numbered
from ui.kiosk.journey.stops import AtTrip
from ui.kiosk.journey.unit_checks import CleanUnit
from ui.kiosk.journey.waits import Waited, Waits
from ui.kiosk.places import ENTRIES, first_place, place_after, view_of
from ui.kiosk.widgets.words import Words

REDUCER = Reducer(engine_place, first_place, ENTRIES, place_after)
OK = Reply(request=1, tick=0)
TEXT = TextView(key="operator.in_charge")
REFUSED = Refused(request=1, rule="refusal.any", asked=TEXT, allowed=TEXT, nearest=TEXT)
OUTCOMES = Outcomes(whose=Whose(patient="P-1"))
NDI = Score(
    whose=Whose(patient="P-1"), came_from=OUTCOMES, measure="index", index="ndi", region="neck"
)
LOOK_S = 0.05


class Sent(NamedTuple):
    """A kiosk that has sent an action."""

    kiosk: Kiosk
    send: Send

    def answered(self, answer: Reply | Refused | None, at: Kiosk) -> Kiosk:
        return REDUCER.answered(at, self.send.tag, answer, self.send.number).kiosk


def sent(
    place: Place, *actions: str, state: StateName = StateName.READY, **changed: object
) -> Sent:
    values: dict[str, object] = {"snapshot": snapshot(state), "me": ME, **changed}
    moved = Moved(Kiosk(place=place, **values))  # type: ignore[arg-type] # as named
    for action in actions:
        moved = REDUCER.touched(moved.kiosk, action)
    [send] = [effect for effect in moved.effects if isinstance(effect, Send)]
    return Sent(moved.kiosk, send)


def a_score() -> Sent:
    return sent(NDI, "digit:7", "record")


def later(kiosk: Kiosk, seconds: float) -> Kiosk:
    """Return the kiosk after so long with an engine that speaks all the time."""
    waits, now_s = Waits(), 0.0
    while now_s < seconds + LOOK_S:
        assert kiosk.snapshot is not None
        at_us = round(now_s * 1e6)
        kiosk = replace(kiosk, snapshot=msgspec.structs.replace(kiosk.snapshot, at_us=at_us))
        kiosk = REDUCER.waited(kiosk, waits.look(kiosk, now_s)).kiosk
        now_s += LOOK_S
    return kiosk


def line(kiosk: Kiosk) -> str:
    return view_of(REDUCER.shown(kiosk), kiosk).shell.head.line


def test_an_answer_that_takes_longer_than_a_moment_is_waited_for_in_words() -> None:
    at = a_score()
    assert "wait" not in line(later(at.kiosk, MARK_S - 2 * LOOK_S))
    slow = later(at.kiosk, MARK_S + LOOK_S)
    assert line(slow) == "Please wait"
    assert "wait" not in line(at.answered(OK, slow))
    lost = replace(slow, problem="gone")
    assert "wait" not in line(lost)


@pytest.mark.parametrize("size", SIZES)
def test_waiting_changes_no_still_picture(size: str) -> None:
    """Hazard: a screen that is drawn anew swallows the next touch, or draws late."""
    stage = stage_of(size)
    at = a_score().kiosk
    slow = later(at, MARK_S + LOOK_S)
    drawn = [
        {
            (part.text, part.rect)
            for part in parts_of(view_of(NDI, each), stage)
            if isinstance(part, Words)
        }
        for each in (at, slow)
    ]
    assert {text for text, _ in drawn[0] ^ drawn[1]} <= {"Please wait", line(at)}


def test_after_a_while_it_is_said_that_no_answer_came_and_what_to_do() -> None:
    at = a_score()
    assert REDUCER.shown(later(at.kiosk, ANSWER_S - 2 * LOOK_S)) == replace(NDI, typed="7")
    none = later(at.kiosk, ANSWER_S + LOOK_S)
    assert REDUCER.shown(none) == NoAnswer()
    view = view_of(NoAnswer(), none)
    assert "not known" in str(view.content)
    assert {key.action for key in keys_of(view) if key.is_enabled} - {STOP} == {UNANSWERED}
    moved = REDUCER.touched(none, UNANSWERED)
    assert REDUCER.shown(moved.kiosk) == replace(NDI, typed="7")
    again = REDUCER.touched(moved.kiosk, "record")
    assert any(isinstance(effect, Send) for effect in again.effects)


def test_the_place_still_waits_until_that_was_seen() -> None:
    """Hazard: a second touch below the notice records it twice."""
    none = later(a_score().kiosk, ANSWER_S + LOOK_S)
    for action in ("record", "back", "digit:8"):
        assert REDUCER.touched(none, action).kiosk == none


def test_an_answer_before_that_was_seen_does_what_it_always_does() -> None:
    at = a_score()
    answered = at.answered(OK, later(at.kiosk, ANSWER_S + LOOK_S))
    assert REDUCER.shown(answered) == OUTCOMES


def test_an_answer_after_that_was_seen_moves_nothing_on_and_is_read_again() -> None:
    """Hazard: what was typed since is taken for what was kept."""
    pages = MappingProxyType({"outcomes:P-1": ()})
    at = sent(NDI, "digit:7", "record", pages=pages)
    seen = REDUCER.touched(later(at.kiosk, ANSWER_S + LOOK_S), UNANSWERED).kiosk
    changed = REDUCER.touched(REDUCER.touched(seen, "delete").kiosk, "digit:4").kiosk
    moved = REDUCER.answered(replace(changed, stale=frozenset()), at.send.tag, OK, at.send.number)
    assert moved.kiosk.place == changed.place
    assert moved.kiosk.stale == {"outcomes:P-1"}
    assert REDUCER.answered(moved.kiosk, at.send.tag, OK, at.send.number) == Moved(moved.kiosk)


def test_a_refusal_after_that_was_seen_is_told() -> None:
    at = a_score()
    seen = REDUCER.touched(later(at.kiosk, ANSWER_S + LOOK_S), UNANSWERED).kiosk
    assert REDUCER.shown(at.answered(REFUSED, seen)) == NotKept(refused=REFUSED)


def test_a_step_looks_what_is_missing_before_it_is_sent_again() -> None:
    row = finding("refusal.care", "unit", answered_by="unit_cleaned")
    place = CleanUnit(treatment=treatment(), finding=row)
    pages = MappingProxyType({place.treatment.page: (row,)})
    at = sent(place, "cleaned", pages=pages)
    moved = REDUCER.touched(later(at.kiosk, ANSWER_S + LOOK_S), UNANSWERED)
    assert place.treatment.page in {each.page for each in moved.effects if isinstance(each, Look)}


def test_a_pin_without_an_answer_is_said_though_nobody_has_signed_in() -> None:
    lock = Lock(operator="anna", pin="4071")
    at = sent(lock, "enter", state=StateName.LOCKED, me=None)
    assert isinstance(at.send.action, SignIn)
    none = later(at.kiosk, ANSWER_S + LOOK_S)
    assert REDUCER.shown(none) == NoAnswer()
    seen = REDUCER.touched(none, UNANSWERED).kiosk
    assert seen.place == Lock(operator="anna")
    assert REDUCER.touched(seen, "digit:4").kiosk.place == Lock(operator="anna", pin="4")


def test_a_trip_that_nobody_could_acknowledge_may_be_acknowledged_again() -> None:
    """What stands first stays; a notice says it, and a screen does once it can."""
    tripped, at_trip = SAMPLES["trip_T07"]()[::-1]
    assert isinstance(at_trip, AtTrip)
    moved = REDUCER.touched(tripped, "acknowledge")
    held = REDUCER.touched(moved.kiosk, "acknowledge")
    assert [each for each in held.effects if isinstance(each, Send)] == []
    none = later(moved.kiosk, ANSWER_S + LOOK_S)
    assert REDUCER.shown(none) == at_trip
    chip = view_of(at_trip, replace(none, snapshot=quiet(none))).shell.head.chip
    assert chip is not None
    assert chip.text == "No answer came"
    assert any(isinstance(each, Send) for each in REDUCER.touched(none, "acknowledge").effects)
    ready = REDUCER.snapshot(none, snapshot(StateName.READY), 0.0).kiosk
    assert REDUCER.shown(ready) == NoAnswer()
    assert REDUCER.shown(REDUCER.touched(ready, UNANSWERED).kiosk) != NoAnswer()


def quiet(kiosk: Kiosk) -> Snapshot:
    assert kiosk.snapshot is not None
    return msgspec.structs.replace(kiosk.snapshot, sound=None)


def test_a_key_of_the_pause_may_be_touched_again_once_that_was_seen() -> None:
    paused = snapshot(StateName.PAUSED)
    moved = REDUCER.touched(Kiosk(place=OUTCOMES, snapshot=paused, me=ME), "resume")
    none = later(moved.kiosk, ANSWER_S + LOOK_S)
    assert REDUCER.shown(none) == NoAnswer()
    seen = REDUCER.touched(none, UNANSWERED).kiosk
    assert isinstance(REDUCER.shown(seen), AtPause)
    [send] = [each for each in REDUCER.touched(seen, "resume").effects if isinstance(each, Send)]
    assert send.action == Resume()


def test_a_sheet_may_take_as_long_as_the_engine_tries_to_write_it() -> None:
    kiosk = Kiosk(place=OUTCOMES, snapshot=snapshot(), me=ME)
    kiosk, _ = numbered(kiosk, OUTCOMES, Send(MakeSheet(session="0001-001"), "keep"))
    assert REDUCER.shown(later(kiosk, SHEET_S - 2 * LOOK_S)) == OUTCOMES
    assert REDUCER.shown(later(kiosk, SHEET_S + LOOK_S)) == NoAnswer()


@pytest.mark.parametrize(
    ("engine_s", "screen_s"),
    [(0.0, 0.05), (0.001, 0.05), (0.05, 0.001), (-9.0, 0.05)],
    ids=["silent", "waiting board", "many snapshots at once", "began anew"],
)
def test_no_answer_is_late_while_engine_or_screen_do_not_run(
    engine_s: float, screen_s: float
) -> None:
    waits, kiosk = Waits(), a_score().kiosk
    assert kiosk.snapshot is not None
    waited = Waited(0.0, frozenset())
    for look in range(200):
        at_us = round((100 + look * engine_s) * 1e6) if engine_s >= 0 else 100 - (look > 5)
        now = msgspec.structs.replace(kiosk.snapshot, at_us=at_us)
        waited = waits.look(replace(kiosk, snapshot=now), look * screen_s)
    assert waited.longest_s <= 0.2
    assert not waited.overdue


def test_a_screen_that_stood_still_for_long_counts_a_moment() -> None:
    waits, kiosk = Waits(), a_score().kiosk
    assert kiosk.snapshot is not None
    waited = Waited(0.0, frozenset())
    for number in range(3):
        now = msgspec.structs.replace(kiosk.snapshot, at_us=60_000_000 * number)
        waited = waits.look(replace(kiosk, snapshot=now), 60.0 * number)
    assert waited.longest_s <= 1.0


def asked_at(kiosk: Kiosk, seconds: float) -> tuple[Kiosk, list[tuple[int, str]]]:
    """Return the kiosk so much later, and which page was asked for again after how many s."""
    waits, asked = Waits(), []
    for look in range(round(seconds / LOOK_S)):
        assert kiosk.snapshot is not None
        at_us = round(look * LOOK_S * 1e6)
        kiosk = replace(kiosk, snapshot=msgspec.structs.replace(kiosk.snapshot, at_us=at_us))
        moved = REDUCER.waited(kiosk, waits.look(kiosk, look * LOOK_S))
        kiosk = moved.kiosk
        pages = (effect.page for effect in moved.effects if isinstance(effect, Look))
        asked += [(round(look * LOOK_S), page) for page in pages]
    return kiosk, asked


def test_a_page_that_does_not_come_is_asked_for_again_each_time_later() -> None:
    """Hazard: a list stays empty for ever after one lost answer, or the engine is flooded."""
    moved = REDUCER.wanted(Kiosk(place=OUTCOMES, snapshot=snapshot(), me=ME))
    page = "outcomes:P-1"
    assert page in {effect.page for effect in moved.effects if isinstance(effect, Look)}
    waiting, asked = asked_at(moved.kiosk, 300)
    assert [at for at, name in asked if name == page] == [5, 15, 35, 75, 135, 195, 255]
    came = Page(request=1, rows=({"kind": "none"},), next_after=None)
    known = REDUCER.answered(waiting, page, came).kiosk
    assert page not in known.asked
    assert known.rows(page) == ({"kind": "none"},)
    _, asked = asked_at(known, 60)
    assert page not in {name for _, name in asked}


def test_a_page_that_nobody_wants_any_more_is_not_asked_for_again() -> None:
    moved = REDUCER.wanted(Kiosk(place=OUTCOMES, snapshot=snapshot(), me=ME))
    elsewhere = replace(moved.kiosk, place=Lock())
    _, asked = asked_at(elsewhere, 60)
    assert "outcomes:P-1" not in {name for _, name in asked}
