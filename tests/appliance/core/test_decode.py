"""Decoding reads segments alone, and tells the truth about slices no compiler would make."""

from appliance.core.plan.decode import DecodedPhase, DecodedPulse, decode_slice
from drivers.quantities import Microseconds
from drivers.slices import Segment, Slice


def piece(*segments: tuple[int, int]) -> Slice:
    made = tuple(Segment(*segment) for segment in segments)
    return Slice(1, Microseconds(sum(s.duration_us for s in made)), made)


def test_a_pulse_is_two_phases_with_their_signs_and_times() -> None:
    found = decode_slice(piece((0, 200), (4, 150), (0, 40), (8, 150), (0, 19_460)), 2)
    phases = (DecodedPhase(+1, 200, 150), DecodedPhase(-1, 390, 150))
    assert found == (DecodedPulse(2, 200, phases, 40),)
    assert (found[0].balance_us, found[0].end_us) == (0, 540)


def test_a_lone_phase_is_not_balanced() -> None:
    (pulse,) = decode_slice(piece((0, 200), (1, 150), (0, 19_650)), 2)
    assert (len(pulse.phases), pulse.balance_us, pulse.interphase_us) == (1, 150, 0)


def test_phases_of_one_sign_do_not_make_a_pulse() -> None:
    found = decode_slice(piece((0, 200), (1, 150), (0, 40), (1, 150), (0, 19_460)), 2)
    assert [pulse.balance_us for pulse in found] == [150, 150]


def test_unequal_phases_show_what_is_left_over() -> None:
    (pulse,) = decode_slice(piece((0, 200), (2, 150), (0, 40), (1, 149), (0, 19_461)), 2)
    assert pulse.balance_us == -1


def test_phases_more_than_250_us_apart_are_two_lone_ones() -> None:
    near = decode_slice(piece((0, 200), (1, 150), (0, 250), (2, 150), (0, 19_250)), 1)
    far = decode_slice(piece((0, 200), (1, 150), (0, 251), (2, 150), (0, 19_249)), 1)
    assert [len(pulse.phases) for pulse in near] == [2]
    assert [len(pulse.phases) for pulse in far] == [1, 1]


def test_a_phase_split_into_segments_is_one_phase() -> None:
    (pulse,) = decode_slice(piece((0, 200), (1, 100), (1, 50), (0, 40), (2, 150), (0, 19_460)), 1)
    assert [phase.duration_us for phase in pulse.phases] == [150, 150]


def test_a_gate_left_on_at_the_end_is_seen() -> None:
    (pulse,) = decode_slice(piece((0, 200), (2, 19_800)), 1)
    assert pulse.phases == (DecodedPhase(-1, 200, 19_800),)


def test_gates_on_from_the_first_microsecond_are_seen() -> None:
    (pulse,) = decode_slice(piece((1, 150), (0, 40), (2, 150), (0, 19_660)), 1)
    assert pulse.phases == (DecodedPhase(+1, 0, 150), DecodedPhase(-1, 190, 150))


def test_a_gate_the_board_has_not_is_left_to_the_hardware_rules() -> None:
    assert decode_slice(piece((0, 200), (16, 150), (0, 19_650)), 2) == ()


def test_overlapping_gates_are_each_decoded() -> None:
    both = decode_slice(piece((0, 200), (3, 150), (0, 19_650)), 1)
    assert [pulse.phases[0].sign for pulse in both] == [1, -1]
    channels = decode_slice(piece((0, 200), (5, 150), (0, 19_650)), 2)
    assert [pulse.channel for pulse in channels] == [1, 2]


def test_pulses_come_in_the_order_of_time_whatever_their_channel() -> None:
    found = decode_slice(
        piece(
            (0, 200), (4, 50), (0, 10), (8, 50), (0, 300), (1, 50), (0, 10), (2, 50), (0, 19_280)
        ),
        2,
    )
    assert [(pulse.channel, pulse.start_us) for pulse in found] == [(2, 200), (1, 610)]


def test_silence_decodes_to_nothing() -> None:
    assert decode_slice(piece((0, 25_000)), 4) == ()
