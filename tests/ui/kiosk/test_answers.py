"""An answer is for the place that sent the action, and nothing is recorded by a second touch."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import msgspec
import pytest

from appliance.messages.actions import RecordFact, SetPin, Stop
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.wire import StateName, TextView
from tests.support.kiosk.paper_engine import keys_of
from tests.support.kiosk.samples import SAMPLES
from tests.support.kiosk.samples.sample import ME, Sample, finding, snapshot, treatment
from ui.kiosk.journey.close_out import CloseOut
from ui.kiosk.journey.course import Review
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.lock import Lock
from ui.kiosk.journey.of_patient import Whose
from ui.kiosk.journey.operators import OperatorCard
from ui.kiosk.journey.outcomes import Outcomes, Score
from ui.kiosk.journey.over import HEARD, NotKept
from ui.kiosk.journey.place import Kiosk, Look, Place, Send, Unheard
from ui.kiosk.journey.ready import Ready
from ui.kiosk.journey.reduce import SILENCE, STOP, Moved, Reducer
from ui.kiosk.journey.sent import NEVER_WAITS
from ui.kiosk.journey.unit_checks import CleanUnit
from ui.kiosk.places import ENTRIES, first_place, place_after, view_of

REDUCER = Reducer(engine_place, first_place, ENTRIES, place_after)
OK = Reply(request=1, tick=0)
DRAWN = Reply(request=1, tick=0, pin="481735")
TEXT = TextView(key="operator.in_charge")
REFUSED = Refused(request=1, rule="refusal.any", asked=TEXT, allowed=TEXT, nearest=TEXT)
OF_ME = Unheard(ME.operator, REFUSED)
STAFF = MappingProxyType(
    {"operators": ({"kind": "operator", "operator": "kim", "role": "lead", "has_pin": True},)}
)
WHOSE = Whose(patient="P-1")
OUTCOMES = Outcomes(whose=WHOSE)


def kiosk(place: Place, **changed: object) -> Kiosk:
    values: dict[str, object] = {"snapshot": snapshot(), "me": ME, **changed}
    return Kiosk(place=place, **values)  # type: ignore[arg-type] # as named


def score(index: str) -> Score:
    return Score(whose=WHOSE, came_from=OUTCOMES, measure="index", index=index, region="neck")


def touched(at: Kiosk, *actions: str) -> Moved:
    moved = Moved(at)
    for action in actions:
        moved = REDUCER.touched(moved.kiosk, action)
    return moved


def waited_for(moved: Moved) -> list[Send]:
    sends = [effect for effect in moved.effects if isinstance(effect, Send)]
    return [send for send in sends if not isinstance(send.action, NEVER_WAITS)]


def test_a_late_answer_does_not_move_on_the_next_screen_that_waits_for_a_fact() -> None:
    """Hazard: the second score would be taken as kept, and what was typed is gone."""
    first = touched(kiosk(score("ndi")), "digit:7", "record")
    [send] = waited_for(first)
    left = touched(first.kiosk, "back", "enter:index:oswestry:neck", "digit:4")
    late = REDUCER.answered(left.kiosk, send.tag, OK, send.number)
    assert late.kiosk.place == replace(score("oswestry"), typed="4")
    again = touched(late.kiosk, "record")
    [own] = waited_for(again)
    assert isinstance(own.action, RecordFact)
    assert own.action.values["index"] == "oswestry"
    assert REDUCER.answered(again.kiosk, own.tag, OK, own.number).kiosk.place == OUTCOMES


def test_a_late_answer_does_not_move_on_a_later_visit_of_the_same_screen() -> None:
    first = touched(kiosk(score("ndi")), "digit:7", "record")
    [send] = waited_for(first)
    left = touched(first.kiosk, "back", "enter:index:ndi:neck", "digit:4")
    late = REDUCER.answered(left.kiosk, send.tag, OK, send.number)
    assert late.kiosk.place == replace(score("ndi"), typed="4")


def test_what_a_late_answer_changed_is_asked_for_again() -> None:
    pages = MappingProxyType({"outcomes:P-1": (), "due_outcomes:P-1": ()})
    first = touched(kiosk(score("ndi"), pages=pages), "digit:7", "record")
    [send] = waited_for(first)
    late = REDUCER.answered(touched(first.kiosk, "back").kiosk, send.tag, OK, send.number)
    asked = {effect.page for effect in late.effects if isinstance(effect, Look)}
    assert asked == {"outcomes:P-1", "due_outcomes:P-1"}


def test_a_refusal_whose_screen_has_gone_is_told_until_it_was_seen() -> None:
    first = touched(kiosk(score("ndi")), "digit:7", "record")
    [send] = waited_for(first)
    left = touched(first.kiosk, "back")
    told = REDUCER.answered(left.kiosk, send.tag, REFUSED, send.number).kiosk
    assert REDUCER.shown(told) == NotKept(refused=REFUSED)
    assert REDUCER.shown(touched(told, "back", "help").kiosk) == NotKept(refused=REFUSED)
    seen = touched(told, HEARD).kiosk
    assert REDUCER.shown(seen) == OUTCOMES


def test_a_refusal_that_came_late_is_no_more_in_the_way_of_a_trip_than_of_a_treatment() -> None:
    for state in (StateName.TRIPPED, StateName.DELIVERING, StateName.LOCKED):
        at = kiosk(OUTCOMES, unheard=(OF_ME,), snapshot=snapshot(state))
        assert not isinstance(REDUCER.shown(at), NotKept)


def test_a_refusal_that_came_late_is_told_to_whoever_acted_and_to_nobody_else() -> None:
    """Hazard: another clinician is told of a patient, and whoever acted never learns of it."""
    first = touched(kiosk(score("ndi")), "digit:7", "record")
    [send] = waited_for(first)
    locked = REDUCER.snapshot(first.kiosk, snapshot(StateName.LOCKED), 0.0).kiosk
    late = REDUCER.answered(locked, send.tag, REFUSED, send.number).kiosk
    ready = REDUCER.snapshot(late, snapshot(), 0.0).kiosk
    other = replace(ready, me=replace(ME, operator="kim"), place=Home())
    assert REDUCER.shown(other) == Home()
    mine = replace(other, me=ME)
    assert REDUCER.shown(mine) == NotKept(refused=REFUSED)
    assert touched(mine, HEARD).kiosk.unheard == ()


def test_the_lock_says_whose_entry_was_not_accepted_and_nothing_of_it() -> None:
    at = kiosk(Lock(), me=None, unheard=(OF_ME,), snapshot=snapshot(StateName.LOCKED), pages=STAFF)
    shown = str(view_of(at.place, at))
    assert f"Not accepted: an entry of {ME.operator}" in shown
    assert REFUSED.rule not in shown
    assert "in charge" not in shown


def test_what_was_refused_to_one_operator_is_gone_with_the_sign_out() -> None:
    """Hazard: it would stand below the PIN of whoever comes next."""
    at = kiosk(score("ndi"), refused=REFUSED)
    locked = REDUCER.snapshot(at, snapshot(StateName.LOCKED), 0.0).kiosk
    assert locked.refused is None
    taking_over = kiosk(Lock(operator="kim"), refused=REFUSED)
    signed_in = REDUCER.answered(taking_over, "sign_in", Reply(request=1, tick=0, token=ME.token))
    assert signed_in.kiosk.refused is None


def test_an_answer_reaches_its_place_below_what_covers_it() -> None:
    sent = touched(kiosk(score("ndi")), "digit:7", "record")
    [send] = waited_for(sent)
    covered = touched(sent.kiosk, "help").kiosk
    assert REDUCER.answered(covered, send.tag, OK, send.number).kiosk.place == OUTCOMES


def drawn_for_ben() -> tuple[Kiosk, Send]:
    """Return the kiosk that waits for a one-time PIN, and what was sent."""
    sent = touched(kiosk(OperatorCard(operator="BEN")), "new_pin", "give")
    [send] = waited_for(sent)
    assert isinstance(send.action, SetPin)
    return sent.kiosk, send


def test_back_does_not_race_with_the_answer_of_a_pin_that_is_given() -> None:
    """Hazard: the one-time PIN on the screen would not be the one that was set."""
    at, send = drawn_for_ben()
    meanwhile = touched(at, "give", "back", "new_pin", "retire")
    assert waited_for(meanwhile) == []  # asked twice is asked once
    given = REDUCER.answered(meanwhile.kiosk, send.tag, DRAWN, send.number).kiosk
    assert given.place == OperatorCard(operator="BEN", pin=DRAWN.pin)
    assert DRAWN.pin in str(view_of(given.place, given).content)
    assert DRAWN.pin not in str(touched(given, "back").kiosk)


def test_a_one_time_pin_whose_answer_got_lost_is_drawn_again() -> None:
    at, send = drawn_for_ben()
    lost = REDUCER.answered(at, send.tag, None, send.number).kiosk
    assert lost.place == OperatorCard(operator="BEN", giving=True)
    [again] = waited_for(touched(lost, "give"))
    assert again.action == send.action


def test_a_one_time_pin_is_shown_to_nobody_who_comes_later() -> None:
    """Hazard: whoever stands at the screen after a time-out, a lock or a trip signs in as another.

    An answer that comes after the screen has gone is dropped: nobody was shown the PIN.
    """
    at, send = drawn_for_ben()
    given = REDUCER.answered(at, send.tag, DRAWN, send.number).kiosk
    for later in (
        snapshot(operator="anna", pin_needed=True),
        snapshot(StateName.LOCKED),
        snapshot(StateName.TRIPPED),
        snapshot(StateName.SELF_TEST),
    ):
        left = REDUCER.snapshot(given, later, 0.0).kiosk
        assert DRAWN.pin not in str(left), later
        gone = REDUCER.snapshot(at, later, 0.0).kiosk
        late = REDUCER.answered(gone, send.tag, DRAWN, send.number).kiosk
        back = REDUCER.snapshot(late, snapshot(operator="anna"), 0.0).kiosk
        assert DRAWN.pin not in str(back), later
    stopped = touched(given, STOP)
    assert stopped.kiosk.place == given.place
    assert [type(effect.action) for effect in stopped.effects if isinstance(effect, Send)] == [Stop]


def test_a_place_can_be_left_while_it_waits() -> None:
    from_list = replace(treatment(), came_from=OUTCOMES)
    sent = touched(kiosk(CleanUnit(treatment=from_list)), "cleaned")
    assert waited_for(sent)
    assert touched(sent.kiosk, "back").kiosk.place == OUTCOMES


def test_after_the_engine_was_lost_a_place_waits_no_more() -> None:
    sent = touched(kiosk(score("ndi")), "digit:7", "record")
    [send] = waited_for(sent)
    lost = REDUCER.answered(sent.kiosk, send.tag, None, send.number)
    assert lost.kiosk.place == replace(score("ndi"), typed="7")
    assert waited_for(touched(lost.kiosk, "record"))


def test_a_page_that_is_refused_empties_no_pin_and_asks_no_page_again_for_ever() -> None:
    locked = kiosk(Lock(operator="BEN", pin="12"), me=None, asked=frozenset({"operators"}))
    assert REDUCER.answered(locked, "operators", REFUSED).kiosk.place == locked.place
    review = Review(whose=WHOSE, region="neck", goal="pain")
    at = kiosk(review, asked=frozenset({WHOSE.course}))
    assert REDUCER.answered(at, WHOSE.course, REFUSED).effects == ()


def test_a_part_of_the_close_out_is_recorded_once_until_the_page_is_new() -> None:
    """Hazard: between the answer and the new page the old question still stands there."""
    sample = _sample("close_out_pain_after")
    assert isinstance(sample.place, CloseOut)
    sent = touched(sample.kiosk, "pain:3")
    [send] = waited_for(sent)
    answered = REDUCER.answered(sent.kiosk, send.tag, OK, send.number).kiosk
    assert isinstance(answered.place, CloseOut)
    assert waited_for(touched(answered, "pain:4")) == []


@cache
def _sample(name: str) -> Sample:
    return SAMPLES[name]()


def _actions(sample: Sample) -> list[str]:
    view = view_of(sample.place, sample.kiosk)
    keys = (key for key in keys_of((view.content, view.shell)) if key.is_enabled)
    return sorted({key.action for key in keys if key.action} - {STOP, SILENCE})


@pytest.mark.parametrize("name", SAMPLES)
def test_no_key_records_twice_without_an_answer_between(name: str) -> None:
    """Each key is touched twice, and after it every other key: one action waits at most."""
    sample = _sample(name)
    for action in _actions(sample):
        first = touched(sample.kiosk, action)
        if not waited_for(first):
            continue
        second = touched(first.kiosk, action)
        assert waited_for(second) == [], action
        stays = REDUCER.shown(first.kiosk) is first.kiosk.place
        for other in _actions(sample) if stays else ():
            then = touched(first.kiosk, other)
            assert waited_for(then) == [], (action, other)


def test_the_walk_over_all_keys_meets_what_is_recorded() -> None:
    kinds = {
        send.tag
        for name in SAMPLES
        for action in _actions(_sample(name))
        for send in waited_for(touched(_sample(name).kiosk, action))
    }
    assert kinds >= {"fact", "felt", "mark", "grade", "resume", "close_session"}


def test_pages_are_no_answers_to_actions() -> None:
    sent = touched(kiosk(score("ndi")), "digit:7", "record")
    page = Page(request=1, rows=(), next_after=None)
    assert REDUCER.answered(sent.kiosk, "outcomes:P-1", page).kiosk.awaited == sent.kiosk.awaited


def test_an_answer_that_comes_twice_moves_on_once() -> None:
    sent = touched(kiosk(score("ndi")), "digit:7", "record")
    [send] = waited_for(sent)
    once = REDUCER.answered(sent.kiosk, send.tag, OK, send.number)
    next_one = touched(once.kiosk, "enter:index:oswestry:neck").kiosk
    assert REDUCER.answered(next_one, send.tag, OK, send.number) == Moved(next_one)


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_fact_that_was_not_answered_is_looked_for_before_it_is_sent_again(
    *, is_kept: bool
) -> None:
    """Hazard: the link breaks between the record and its answer, and it is recorded twice."""
    row = finding("refusal.care", "unit", answered_by="unit_cleaned")
    place = CleanUnit(treatment=treatment(), finding=row)
    pages = {place.treatment.page: (row,)}
    sent = touched(kiosk(place, pages=MappingProxyType(pages)), "cleaned")
    [send] = waited_for(sent)
    lost = REDUCER.answered(sent.kiosk, send.tag, None, send.number)
    assert place.treatment.page in {each.page for each in lost.effects if isinstance(each, Look)}
    page = Page(request=1, rows=() if is_kept else (dict(row),), next_after=None)
    then = REDUCER.answered(lost.kiosk, place.treatment.page, page)
    assert isinstance(then.kiosk.place, Ready if is_kept else CleanUnit)


def test_a_refusal_that_came_late_has_no_dead_key_beside_it() -> None:
    place, at = SAMPLES["not_kept"]()
    assert {key.action for key in keys_of(view_of(place, at)) if key.is_enabled} - {STOP} == {HEARD}


def shown_pin(*rows: Mapping[str, object]) -> Kiosk:
    """Return the kiosk that shows a one-time PIN, after these pages of operators have come."""
    at, send = drawn_for_ben()
    at = came(at, {"one_time": False, "pins_set": 2})
    shown = REDUCER.answered(at, send.tag, DRAWN, send.number).kiosk
    for number, row in enumerate(rows, 1):
        shown = came(shown, row)
        assert shown.snapshot is not None
        later = msgspec.structs.replace(shown.snapshot, at_us=number * 6_000_000)
        shown = REDUCER.snapshot(shown, later, 0.0).kiosk
    return shown


def came(at: Kiosk, row: Mapping[str, object]) -> Kiosk:
    assert "operators" in at.asked
    whole = {"kind": "operator", "operator": "BEN", "role": "clinician", "has_pin": True, **row}
    page = Page(request=1, rows=(whole,), next_after=None)
    return REDUCER.answered(at, "operators", page).kiosk


ITS_OWN = {"one_time": True, "pins_set": 3}


@pytest.mark.parametrize(
    "since",
    [{"one_time": True, "pins_set": 4}, {"one_time": False, "pins_set": 4}, {"operator": "CHIARA"}],
    ids=["another drawn", "used", "retired"],
)
def test_a_one_time_pin_that_became_void_elsewhere_is_shown_no_longer(
    since: Mapping[str, object],
) -> None:
    """Hazard: two screens show two PINs for one person, and only one of them is good."""
    still = shown_pin(ITS_OWN, ITS_OWN)
    assert DRAWN.pin in str(view_of(still.place, still).content)
    void = shown_pin(ITS_OWN, {**ITS_OWN, **since})
    assert DRAWN.pin not in str(void)
    assert "another one was drawn" in str(view_of(void.place, void).content)
    again = touched(void, "new_pin")
    assert again.kiosk.place == OperatorCard(operator="BEN", giving=True)
