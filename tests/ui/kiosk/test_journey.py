"""What the screen knows and does: STOP everywhere, the state of the engine first, nothing old."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from appliance.control.pages.answers import PAGES as ENGINE_PAGES
from appliance.messages.actions import Fall, HoldRise, Pause, Rise, Stop
from appliance.messages.replies import Page, Refused
from appliance.messages.snapshot import ChannelView, Snapshot
from appliance.messages.wire import StateName
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.engine_places import Treating, engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import Kiosk, Look, Place, Send, SignedIn
from ui.kiosk.journey.reduce import NAMING, Moved, Reducer, peaks_after
from ui.kiosk.journey.stops import AtTrip, NoEngine
from ui.kiosk.journey.typed import typed
from ui.kiosk.view_models.output import output_view
from ui.kiosk.view_models.parts import Frame
from ui.kiosk.view_models.treatment import plus_off, strip_view, treatment_view

REDUCER = Reducer(engine_place, Home)
HOME = Home()


def snapshot(state: StateName, **more: Any) -> Snapshot:
    import msgspec

    return msgspec.structs.replace(AT_REST, state=state, **more)


def channel(number: int = 1, **more: Any) -> ChannelView:
    usual: dict[str, Any] = {
        "level_ua": 5_000,
        "amplitude_ua": 5_000,
        "measured_ua": 4_900,
        "contact_ohm": 1_000,
        "ceiling_ua": 60_000,
        "highest_ua": 5_000,
        "pulses": 0,
        "charge_pc": 0,
        "rms_ua": 0,
        "worst_error_ua": 0,
    }
    return ChannelView(channel=number, **{**usual, **more})


def kiosk(state: StateName, **more: Any) -> Kiosk:
    return Kiosk(place=HOME, snapshot=snapshot(state, **more))


def actions(moved: Moved) -> list[object]:
    return [effect.action for effect in moved.effects if isinstance(effect, Send)]


@pytest.mark.parametrize("state", list(StateName))
def test_stop_cuts_in_every_state(state: StateName) -> None:
    assert actions(REDUCER.touched(kiosk(state), "stop")) == [Stop(cut=True)]


def test_stop_is_sent_even_without_an_engine() -> None:
    lost = replace(kiosk(StateName.DELIVERING), age_s=9.0)
    assert actions(REDUCER.touched(lost, "stop")) == [Stop(cut=True)]


@pytest.mark.parametrize(
    "state",
    [StateName.RAMP_UP, StateName.DELIVERING, StateName.RESTING, StateName.RAMP_DOWN],
)
def test_while_current_may_flow_the_treatment_is_shown(state: StateName) -> None:
    assert isinstance(REDUCER.shown(kiosk(state)), Treating)


def test_a_trip_is_shown_whatever_the_person_was_doing() -> None:
    assert isinstance(REDUCER.shown(kiosk(StateName.TRIPPED)), AtTrip)


def test_the_own_place_waits_behind_the_treatment() -> None:
    assert REDUCER.touched(kiosk(StateName.DELIVERING), "pause").kiosk.place == HOME


def test_silence_of_less_than_half_a_second_is_no_engine_and_a_closed_link_at_once() -> None:
    assert isinstance(REDUCER.shown(replace(kiosk(StateName.READY), age_s=0.31)), NoEngine)
    assert REDUCER.shown(replace(kiosk(StateName.READY), age_s=0.29)) == HOME
    assert isinstance(REDUCER.shown(replace(kiosk(StateName.READY), problem="closed")), NoEngine)


def test_without_an_engine_the_output_is_not_known() -> None:
    view = output_view(replace(kiosk(StateName.READY), age_s=1.0))
    assert view.frame is Frame.STOPPED


def test_without_an_engine_no_number_stays() -> None:
    lost = replace(kiosk(StateName.DELIVERING, channels=(channel(),)), age_s=1.0)
    panel = treatment_view(lost, ()).channels[0]
    assert (panel.set_ua, panel.measured_ua, panel.contact_ohm) == (None, None, None)
    assert not panel.plus_on


def test_plus_presses_and_releases_the_key() -> None:
    at = kiosk(StateName.DELIVERING, channels=(channel(),))
    assert actions(REDUCER.touched(at, "rise:1")) == [
        Rise(channel=1),
        HoldRise(channel=1, pressed=True),
    ]
    assert actions(REDUCER.released(at, "rise:1")) == [HoldRise(channel=1, pressed=False)]


def test_both_down_lowers_every_channel() -> None:
    at = kiosk(StateName.DELIVERING, channels=(channel(1), channel(2)))
    assert actions(REDUCER.touched(at, "both_down")) == [
        Fall(channel=1, step_ua=500),
        Fall(channel=2, step_ua=500),
    ]


def test_pause_is_sent_without_an_engine_too() -> None:
    lost = replace(kiosk(StateName.DELIVERING), age_s=1.0)
    assert actions(REDUCER.touched(lost, "pause")) == [Pause()]


@pytest.mark.parametrize("state", [StateName.RESTING, StateName.RAMP_DOWN, StateName.PAUSED])
def test_plus_says_why_it_is_off(state: StateName) -> None:
    assert plus_off(snapshot(state), 1, known=True)


def test_a_refusal_stands_until_the_next_touch() -> None:
    refused = Refused(request=1, rule="refusal.state", asked="a", allowed="b", nearest="c")
    moved = REDUCER.answered(kiosk(StateName.READY), "start", refused)
    assert moved.kiosk.refused == refused
    assert REDUCER.touched(moved.kiosk, "home").kiosk.refused is None


class Listing(Home):
    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        return ("patients",)


def test_a_page_is_asked_for_once_and_forgotten_when_the_state_changes() -> None:
    place: Place = Listing()
    at = Kiosk(place=place, snapshot=snapshot(StateName.READY))
    first = REDUCER.wanted(at)
    assert [str(effect.page) for effect in first.effects] == ["patients"]  # type: ignore[union-attr]
    assert REDUCER.wanted(first.kiosk).effects == ()
    page = Page(request=1, rows=({"patient": "A"},), next_after=None)
    known = REDUCER.answered(first.kiosk, "patients", page).kiosk
    assert known.rows("patients") == ({"patient": "A"},)
    changed = REDUCER.snapshot(known, snapshot(StateName.SELF_TEST), 0.0)
    assert changed.kiosk.rows("patients") == ({"patient": "A"},)
    assert changed.effects == first.effects


def refused(rule: str) -> Refused:
    return Refused(request=1, rule=rule, asked="a", allowed="b", nearest="c")


def test_a_page_that_was_refused_is_asked_for_again_only_once_something_changed() -> None:
    at = Kiosk(place=Listing(), snapshot=snapshot(StateName.READY))
    asked = REDUCER.wanted(at).kiosk
    answered = REDUCER.answered(asked, "patients", refused("refusal.sign_in"))
    assert answered.effects == ()
    same = REDUCER.snapshot(answered.kiosk, snapshot(StateName.READY), 0.0)
    assert same.effects == ()
    changed = REDUCER.snapshot(same.kiosk, snapshot(StateName.SELF_TEST), 0.0)
    assert [effect.page for effect in changed.effects if isinstance(effect, Look)] == ["patients"]


def test_a_page_that_was_refused_is_known_once_it_comes() -> None:
    at = Kiosk(place=Listing(), snapshot=snapshot(StateName.READY))
    away = REDUCER.answered(REDUCER.wanted(at).kiosk, "patients", refused("refusal.sign_in"))
    again = REDUCER.snapshot(away.kiosk, snapshot(StateName.SELF_TEST), 0.0)
    page = Page(request=2, rows=({"patient": "A"},), next_after=None)
    known = REDUCER.answered(again.kiosk, "patients", page)
    assert known.effects == ()
    assert known.kiosk.rows("patients") == ({"patient": "A"},)
    assert "patients" not in known.kiosk.stale


def test_a_page_refused_because_the_engine_was_busy_is_asked_for_again() -> None:
    at = Kiosk(place=Listing(), snapshot=snapshot(StateName.READY))
    asked = REDUCER.wanted(at).kiosk
    answered = REDUCER.answered(asked, "patients", refused("refusal.busy"))
    assert [effect.page for effect in answered.effects if isinstance(effect, Look)] == ["patients"]


def test_the_strip_keeps_thirty_seconds_of_half_second_peaks() -> None:
    peaks: tuple[Any, ...] = ()
    before = None
    for number in range(2_000):
        now = snapshot(
            StateName.DELIVERING,
            at_us=number * 50_000,
            channels=(channel(measured_ua=number % 10),),
            session="1-1",
        )
        peaks, before = peaks_after(peaks, before, now), now
    assert len(peaks) == 60
    assert {peak[1][0] for peak in peaks} == {9}


def test_the_rest_of_a_measurement_at_level_zero_is_a_low_bar() -> None:
    strip = strip_view((channel(),), [{1: (100, 0)}, {1: (50, 0)}])
    assert strip.bars[0][-2:] == (0.1, 0.05)
    strip = strip_view((channel(),), [{1: (9_900, 10_000)}])
    assert strip.bars[0][-1] == 0.99


def test_what_names_a_patient_is_not_kept_for_whoever_signs_in_next() -> None:
    """A service technician would read on Home whose close-out a clinician left open."""
    rows: tuple[dict[str, object], ...] = ({"alias": "Rose"},)
    pages = {"to_complete": rows, "patient:P-1": rows, "operators": rows, "set_up": rows}
    me = SignedIn(operator="anna", role="lead", token="t")  # noqa: S106 - of a test
    at = kiosk(StateName.READY)
    at = replace(at, me=me, pages=MappingProxyType(pages), asked=frozenset({"to_complete"}))
    now = REDUCER.snapshot(at, snapshot(StateName.LOCKED), 0.0).kiosk
    assert now.me is None
    assert set(now.pages) == {"operators", "set_up"}
    late = Page(request=1, rows=rows, next_after=None)
    assert "to_complete" not in REDUCER.answered(now, "to_complete", late).kiosk.pages


def test_every_page_about_patients_is_one_that_is_not_kept() -> None:
    about = {name for name, kind in ENGINE_PAGES.items() if kind.about_patients}
    assert about | {"sessions", "session"} == NAMING


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("", "A", "A"),
        ("AB", "C", "ABC"),
        ("ABC", "D", "ABC"),
        ("AB", "delete", "A"),
        ("", "delete", ""),
        ("", " ", ""),
        ("A", " ", "A "),
    ],
)
def test_a_line_takes_one_key_more_up_to_its_length_and_begins_with_no_space(
    text: str, key: str, line: str
) -> None:
    assert typed(text, key, 3) == line


def test_a_second_touch_of_pause_is_no_news_once_it_is_paused() -> None:
    refused = Refused(request=1, rule="refusal.state", asked="a", allowed="b", nearest="c")
    at = replace(kiosk(StateName.RAMP_DOWN), refused=refused)
    paused = REDUCER.snapshot(at, snapshot(StateName.PAUSED), 0.0).kiosk
    assert paused.refused is None


def test_at_the_ceiling_the_panel_says_so_in_place_of_a_step() -> None:
    rising = [channel(level_ua=level_ua, ceiling_ua=3_000) for level_ua in (2_500, 2_600, 3_000)]
    at = kiosk(StateName.DELIVERING, channels=tuple(rising))
    below, *others = [panel.tap_note for panel in treatment_view(at, ()).channels]
    assert "max" not in below
    assert others == ["max 3", "max 3"]
