"""The wave stream and the gates, each at its limit."""

import pytest

from tests.appliance.safety.interlocks.bench import (
    GOOD_STREAM,
    S,
    T,
    but,
    codes,
    look,
    readings,
    said,
)


def streaming(**changes: object) -> list[str | None]:
    rules = ("looping_wave", "marker_gap", "wave_clock", "underrun")
    tick = readings(stream=but(GOOD_STREAM, **changes))
    return [code for rule in rules for code in codes(look(rule, [tick])) if code]


@pytest.mark.proves("stream-watched", "wave-clock")
def test_a_stream_as_planned_trips_nothing() -> None:
    assert streaming() == []


@pytest.mark.proves("stream-watched")
def test_more_markers_than_slices_sent_is_a_loop() -> None:
    assert streaming(sent=400, markers=400) == []
    assert streaming(sent=400, markers=401) == ["T20"]
    assert streaming(sent=400, markers=401, playing=False, idle=True) == ["T20"]


@pytest.mark.proves("stream-watched")
@pytest.mark.parametrize(("late_us", "found"), [(20_000, []), (20_001, ["T20"])])
@pytest.mark.parametrize("playing", [False, True])
def test_a_slice_20_ms_past_its_end_is_a_loop(
    late_us: int, found: list[str], playing: bool
) -> None:
    assert streaming(slice_ends_us=T - late_us, playing=playing) == found


@pytest.mark.proves("stream-watched")
def test_a_stream_that_has_ended_may_be_idle_long_after() -> None:
    assert streaming(slice_ends_us=T - S, playing=False, idle=True) == []
    assert streaming(slice_ends_us=None) == []


@pytest.mark.proves("stream-watched")
@pytest.mark.parametrize(
    ("interval_us", "found"),
    [(22_999, ["T21"]), (23_000, []), (27_000, []), (27_001, ["T21"])],
)
def test_markers_2_ms_off_their_timetable_are_a_gap(interval_us: int, found: list[str]) -> None:
    assert streaming(interval_us=interval_us) == found
    assert streaming(interval_us=interval_us, playing=False) == []


@pytest.mark.proves("stream-watched")
@pytest.mark.parametrize(("waited_us", "found"), [(100_000, []), (100_001, ["T21"])])
def test_a_stream_that_never_begins_is_a_gap(waited_us: int, found: list[str]) -> None:
    started = {"markers": 0, "slice_ends_us": None, "begun_us": T - waited_us, "drift_ppm": None}
    assert streaming(sent=3, **started) == found
    assert streaming(sent=0, **started) == []


@pytest.mark.proves("wave-clock")
@pytest.mark.parametrize(
    ("drift_ppm", "found"),
    [(-10_001, ["T22"]), (-10_000, []), (10_000, []), (10_001, ["T22"]), (1_000_000, ["T22"])],
)
def test_a_wave_clock_off_by_more_than_1_percent_trips(drift_ppm: int, found: list[str]) -> None:
    assert streaming(drift_ppm=drift_ppm) == found
    assert streaming(drift_ppm=drift_ppm, playing=False) == []


@pytest.mark.proves("wave-clock")
@pytest.mark.parametrize(("markers", "found"), [(39, []), (40, ["T22"])])
def test_a_wave_clock_that_nobody_measures_trips(markers: int, found: list[str]) -> None:
    assert streaming(markers=markers, drift_ppm=None) == found


@pytest.mark.proves("stream-watched")
def test_an_idle_daemon_with_slices_sent_is_an_underrun() -> None:
    assert streaming(idle=True) == ["T23"]
    assert streaming(idle=True, playing=False) == []
    assert streaming(idle=True, sent=0, markers=0, drift_ppm=None) == []


@pytest.mark.proves("gates-off")
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


@pytest.mark.proves("gates-off")
def test_one_gate_that_is_on_is_told_as_a_mask() -> None:
    assert said(look("gates_off", [readings(gate_levels=0b10)])[-1]) == ("T39", None, "gates 0x2")
