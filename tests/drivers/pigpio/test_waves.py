"""Pulses of a wave, its cost, and which wave ids are in flight."""

import pytest

from drivers.board_file import load_board_file
from drivers.errors import SliceRejected
from drivers.pigpio.waves import SlotPosition, WaveBuilder, WavePulse, WaveSlots, wave_cost
from drivers.quantities import Microseconds
from drivers.slices import Segment, Slice

BOARD = load_board_file("reference")
GATES = {1: 17, 2: 18, 4: 22, 8: 23}
LDAC = 1 << 16
ALL_GATES = 1 << 17 | 1 << 18 | 1 << 22 | 1 << 23

FINITE = pytest.mark.proves("finite-slices")

IDLE = 9999


def a_slice(*segments: tuple[int, int], duration_us: int = 20_000) -> Slice:
    used = sum(duration for _, duration in segments)
    padded = (*segments, (0, duration_us - used))
    return Slice(1, Microseconds(duration_us), tuple(Segment(*segment) for segment in padded))


def carrier(periods: int, dead_us: int = 25) -> Slice:
    """Return 30 ms with `periods` of a 4 kHz carrier, 100 µs a phase."""
    segments = [(0, 200)]
    for _ in range(periods):
        segments += [(1, 100), (0, dead_us), (2, 100), (0, 25)]
    return a_slice(*segments, duration_us=30_000)


def test_a_biphasic_pulse_becomes_the_expected_wave_pulses() -> None:
    slice_ = a_slice((0, 300), (1, 200), (0, 50), (2, 200))
    assert WaveBuilder(BOARD).slice_pulses(slice_) == [
        WavePulse(0, LDAC | ALL_GATES, 20),
        WavePulse(LDAC, 0, 280),
        WavePulse(1 << 17, 0, 200),
        WavePulse(0, 1 << 17, 50),
        WavePulse(1 << 18, 0, 200),
        WavePulse(0, 1 << 18, 19_250),
        WavePulse(0, ALL_GATES, 0),
    ]


def test_no_wave_pulse_both_sets_and_clears() -> None:
    pulses = WaveBuilder(BOARD).slice_pulses(carrier(100))
    assert [pulse for pulse in pulses[2:] if pulse.gpio_on and pulse.gpio_off] == []
    strobe, release = pulses[:2]
    assert not strobe.gpio_on
    assert not release.gpio_off


@pytest.mark.parametrize("gates", [1, 2, 4, 8])
def test_each_bit_of_a_segment_drives_its_own_gate(gates: int) -> None:
    pulses = WaveBuilder(BOARD).slice_pulses(a_slice((0, 200), (gates, 100)))
    assert pulses[2].gpio_on == 1 << GATES[gates]


def test_the_delays_of_a_wave_add_up_to_its_slice() -> None:
    slice_ = carrier(100)
    assert sum(p.delay for p in WaveBuilder(BOARD).slice_pulses(slice_)) == slice_.duration_us


def test_the_largest_slice_any_limit_allows_fits_a_slot() -> None:
    # 30 ms of 4 kHz carrier, filled to the last period.
    pulses = WaveBuilder(BOARD).slice_pulses(carrier(119))
    blocks, words = wave_cost(pulses)
    assert blocks <= 1191
    assert words <= 797


def test_a_slice_too_large_for_a_slot_is_rejected_before_any_request() -> None:
    segments = [(0, 200)] + [(1, 20), (0, 10), (2, 10), (0, 10)] * 150
    with pytest.raises(SliceRejected, match="a slot holds 1191 and 797"):
        WaveBuilder(BOARD).slice_pulses(a_slice(*segments))


def test_the_cost_is_counted_as_the_daemon_counts_it() -> None:
    # Lead-in and sentinel; then a write and a delay, a delay only, a write only, a burst.
    pulses = [WavePulse(1, 0, 5), WavePulse(0, 0, 5), WavePulse(0, 1, 0), WavePulse(2, 1, 5)]
    assert wave_cost(pulses) == (2 + 2 + 1 + 1 + 2, 1 + 1 + 0 + 1 + 2)


@pytest.mark.parametrize(
    ("segments", "words"),
    [
        ([(0, 199), (1, 100)], "does not open"),
        ([(0, 200), (1, 100), (2, 100)], "swaps gates"),
        ([(0, 200), (1, 100), (0, 9), (2, 100)], "dead time"),
        ([(0, 200), (3, 100)], "on together"),
        ([(0, 200), (16, 100)], "on together"),
        ([(0, 200), (1, 0)], "segment of 0"),
    ],
)
def test_a_slice_that_breaks_a_rule_of_the_output_stage_is_rejected(
    segments: list[tuple[int, int]], words: str
) -> None:
    with pytest.raises(SliceRejected, match=words):
        WaveBuilder(BOARD).slice_pulses(a_slice(*segments))


def test_a_probe_strobes_at_the_start_of_every_segment() -> None:
    pulses = WaveBuilder(BOARD).probe_pulses((Segment(0, 30_000),) * 2, ldac=True)
    low, high = WavePulse(0, LDAC | ALL_GATES, 20), WavePulse(LDAC, 0, 29_980)
    assert pulses == [low, high, low, high, WavePulse(0, ALL_GATES, 0)]


@pytest.mark.parametrize("segment", [Segment(1, 30_000), Segment(0, 20)])
def test_a_strobed_probe_with_a_gate_on_is_rejected(segment: Segment) -> None:
    with pytest.raises(SliceRejected, match="strobed segment"):
        WaveBuilder(BOARD).probe_pulses((segment,), ldac=True)


def test_a_probe_that_switches_two_gates_in_one_pulse_is_rejected() -> None:
    with pytest.raises(SliceRejected, match="two gates in one pulse"):
        WaveBuilder(BOARD).probe_pulses((Segment(1, 100), Segment(2, 100)), ldac=False)


def slots_of(*ids: int) -> WaveSlots:
    slots = WaveSlots()
    for wave in ids:
        slots.sent(wave)
    return slots


@FINITE
@pytest.mark.parametrize(
    ("playing", "where"),
    [
        (5, SlotPosition.QUEUED),
        (6, SlotPosition.QUEUED),
        (7, SlotPosition.LAST),
        (9999, SlotPosition.ENDED),
        (9998, SlotPosition.UNKNOWN),
        (8, SlotPosition.UNKNOWN),
    ],
)
def test_the_playing_id_gives_the_position_in_the_stream(playing: int, where: SlotPosition) -> None:
    assert slots_of(5, 6, 7).locate(playing, idle=IDLE) is where


@FINITE
@pytest.mark.parametrize(("playing", "older"), [(5, ()), (6, (5,)), (7, (5, 6)), (9998, ())])
def test_only_ids_older_than_the_playing_id_are_retired(
    playing: int, older: tuple[int, ...]
) -> None:
    slots = slots_of(5, 6, 7)
    assert slots.retire(playing) == older
    assert slots.in_flight == 3 - len(older)


@FINITE
def test_the_last_sent_id_is_never_retired() -> None:
    slots = slots_of(1, 2, 3)
    for playing in (1, 2, 3, 3, 9999):
        assert 3 not in slots.retire(playing)
    assert slots.in_flight == 1


@FINITE
def test_an_id_in_flight_may_not_be_sent_again() -> None:
    slots = slots_of(1, 2)
    with pytest.raises(SliceRejected, match="wave id 2"):
        slots.check_new(2)
    slots.check_new(3)


@FINITE
def test_forget_leaves_no_id_in_flight() -> None:
    slots = slots_of(1, 2)
    slots.forget()
    assert slots.in_flight == 0
    assert slots.locate(1, idle=IDLE) is SlotPosition.UNKNOWN
