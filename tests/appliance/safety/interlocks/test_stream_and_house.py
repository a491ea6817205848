"""The wave stream, the loop, the clocks, the screen and the journal, each at its limit."""

import pytest

from tests.appliance.safety.interlocks.bench import (
    GOOD_STREAM,
    MS,
    S,
    T,
    but,
    codes,
    look,
    readings,
)

pytestmark = pytest.mark.proves(
    "stream-watched", "wave-clock", "loop-in-time", "screen-watched", "journal", "gates-off"
)


def streaming(**changes: object) -> list[str | None]:
    rules = ("looping_wave", "marker_gap", "wave_clock", "underrun")
    tick = readings(stream=but(GOOD_STREAM, **changes))
    return [code for rule in rules for code in codes(look(rule, [tick])) if code]


def test_a_stream_as_planned_trips_nothing() -> None:
    assert streaming() == []


def test_more_markers_than_slices_sent_is_a_loop() -> None:
    assert streaming(sent=400, markers=400) == []
    assert streaming(sent=400, markers=401) == ["T20"]
    assert streaming(sent=400, markers=401, playing=False, idle=True) == ["T20"]


@pytest.mark.parametrize(("late_us", "found"), [(20_000, []), (20_001, ["T20"])])
@pytest.mark.parametrize("playing", [False, True])
def test_a_slice_20_ms_past_its_end_is_a_loop(
    late_us: int, found: list[str], playing: bool
) -> None:
    assert streaming(slice_ends_us=T - late_us, playing=playing) == found


def test_a_stream_that_has_ended_may_be_idle_long_after() -> None:
    assert streaming(slice_ends_us=T - S, playing=False, idle=True) == []
    assert streaming(slice_ends_us=None) == []


@pytest.mark.parametrize(
    ("interval_us", "found"),
    [(22_999, ["T21"]), (23_000, []), (27_000, []), (27_001, ["T21"])],
)
def test_markers_2_ms_off_their_timetable_are_a_gap(interval_us: int, found: list[str]) -> None:
    assert streaming(interval_us=interval_us) == found
    assert streaming(interval_us=interval_us, playing=False) == []


@pytest.mark.parametrize(("waited_us", "found"), [(100_000, []), (100_001, ["T21"])])
def test_a_stream_that_never_begins_is_a_gap(waited_us: int, found: list[str]) -> None:
    started = {"markers": 0, "slice_ends_us": None, "begun_us": T - waited_us, "drift_ppm": None}
    assert streaming(sent=3, **started) == found
    assert streaming(sent=0, **started) == []


@pytest.mark.parametrize(
    ("drift_ppm", "found"),
    [(-10_001, ["T22"]), (-10_000, []), (10_000, []), (10_001, ["T22"]), (1_000_000, ["T22"])],
)
def test_a_wave_clock_off_by_more_than_1_percent_trips(drift_ppm: int, found: list[str]) -> None:
    assert streaming(drift_ppm=drift_ppm) == found
    assert streaming(drift_ppm=drift_ppm, playing=False) == []


@pytest.mark.parametrize(("markers", "found"), [(39, []), (40, ["T22"])])
def test_a_wave_clock_that_nobody_measures_trips(markers: int, found: list[str]) -> None:
    assert streaming(markers=markers, drift_ppm=None) == found


def test_an_idle_daemon_with_slices_sent_is_an_underrun() -> None:
    assert streaming(idle=True) == ["T23"]
    assert streaming(idle=True, playing=False) == []
    assert streaming(idle=True, sent=0, markers=0, drift_ppm=None) == []


@pytest.mark.parametrize(
    ("gates", "found"),
    [
        (0b0000, None),
        (0b0001, "T39"),
        (0b0110, "T39"),
        (0b1001, "T39"),
        (0b1000_0000, "T39"),
        (0b0011, "T12"),
        (0b1100, "T12"),
        (0b1100_0000, "T12"),
    ],
)
def test_a_gate_that_is_on_where_none_may_be_trips(gates: int, found: str | None) -> None:
    assert codes(look("gates_off", [readings(gate_levels=gates)])) == [found]


# --- house -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passed_us", "code"),
    [(10_000, None), (50_000, None), (50_001, "T26"), (1, None), (0, "T26"), (-1, "T26")],
)
def test_a_tick_more_than_50_ms_after_the_last_trips(passed_us: int, code: str | None) -> None:
    ticks = [readings(now_us=T), readings(now_us=T + passed_us)]
    assert codes(look("loop_overrun", ticks)) == [None, code]


def test_a_pause_of_the_loop_outside_guarded_states_does_not_count() -> None:
    ticks = [readings(), readings(guarded=False, now_us=T + S), readings(now_us=T + 4 * S)]
    assert codes(look("loop_overrun", ticks)) == [None] * 3


@pytest.mark.parametrize(("silent_us", "code"), [(2 * S, None), (2 * S + 1, "T27")])
def test_a_screen_silent_for_2_s_trips(silent_us: int, code: str | None) -> None:
    tick = readings(screen_at_us=T - silent_us)
    assert codes(look("screen_silent", [tick])) == [code]
    assert codes(look("screen_silent", [but(tick, energising=False)])) == [None]


def test_no_screen_at_all_trips_while_energising() -> None:
    assert codes(look("screen_silent", [readings(screen_at_us=None)])) == ["T27"]
    idle = readings(screen_at_us=None, energising=False)
    assert codes(look("screen_silent", [idle])) == [None]


@pytest.mark.parametrize("energising", [False, True])
def test_a_journal_that_cannot_be_written_trips_in_any_state(energising: bool) -> None:
    tick = readings(journal_ok=False, energising=energising, guarded=energising)
    assert codes(look("journal", [tick, but(tick, journal_ok=True)])) == ["T28", None]


@pytest.mark.parametrize(
    ("jump_us", "code"), [(S, None), (S + 1, "T29"), (-S, None), (-S - 1, "T29")]
)
def test_a_clock_set_by_more_than_a_second_trips(jump_us: int, code: str | None) -> None:
    first = readings()
    second = but(first, now_us=first.now_us + 10 * MS, wall_us=first.wall_us + 10 * MS + jump_us)
    assert codes(look("clock_jump", [first, second])) == [None, code]
    third = but(second, now_us=second.now_us + 10 * MS, wall_us=second.wall_us + 10 * MS)
    assert codes(look("clock_jump", [first, second, third]))[2] is None


def test_a_clock_may_be_set_between_treatments() -> None:
    first = readings()
    idle = but(first, energising=False)
    later = but(first, wall_us=first.wall_us + 3_600 * S)
    assert codes(look("clock_jump", [first, idle, later])) == [None] * 3
