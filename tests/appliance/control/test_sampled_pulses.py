"""Which pulse a reading can show."""

import pytest

from appliance.control.output.sampled_pulses import PulseTracker


def tracker() -> PulseTracker:
    """Return two slices at 0 and 25 ms, pulses ending 5 and 15 ms into each."""
    found = PulseTracker()
    found.played(0, (5_000, 15_000), 10_000, 300)
    found.played(25_000, (5_000, 15_000), 20_000, 300)
    return found


@pytest.mark.proves("readings-fresh")
def test_before_any_pulse_nothing_is_held() -> None:
    assert PulseTracker().at(1_000_000).pulses == 0
    held = tracker().at(3_000)
    assert (held.pulses, held.most, held.exact, held.high_ua) == (0, 0, True, 0)


@pytest.mark.proves("readings-fresh")
def test_around_the_end_of_a_pulse_both_counts_are_possible() -> None:
    for at_us, pulses, most in ((3_999, 0, 0), (4_000, 0, 1), (5_999, 0, 1), (6_000, 1, 1)):
        held = tracker().at(at_us)
        assert (held.pulses, held.most) == (pulses, most), at_us
        assert held.exact == (pulses == most)


@pytest.mark.proves("measured-above-set", "set-against-measured")
def test_at_the_first_pulse_of_a_slice_the_amplitude_is_between_the_old_and_the_new() -> None:
    held = tracker().at(30_000)
    assert (held.low_ua, held.high_ua, held.pulses, held.most) == (10_000, 20_000, 2, 3)
    held = tracker().at(32_000)
    assert (held.low_ua, held.high_ua) == (20_000, 20_000)


@pytest.mark.proves("readings-fresh")
def test_the_count_of_pulses_never_decreases_and_ignores_silent_slices() -> None:
    found = tracker()
    found.played(50_000, (), 0, 0)
    assert found.total == 4
    counts = [found.at(at_us).pulses for at_us in range(0, 100_000, 500)]
    assert counts == sorted(counts)


@pytest.mark.proves("readings-fresh", "measured-above-set", "set-against-measured")
def test_a_pulse_of_a_slice_not_yet_reported_may_have_been_held() -> None:
    """The daemon reports a slice some milliseconds late; its first pulse may be over by then."""
    tracker = PulseTracker()
    tracker.played(0, (700,), 1_000, 200)
    tracker.expect(25_000, (700, 13_200))
    assert tracker.at(24_000, 1_500)[:2] == (1, 1)
    held = tracker.at(25_000, 1_500)
    assert (held.pulses, held.most, held.low_ua, held.high_ua) == (1, 2, 1_000, 1_500)
    assert tracker.at(38_200, 1_500)[:2] == (1, 3)
    tracker.played(25_000, (700, 13_200), 1_500, 200)
    tracker.expect(50_000, ())
    assert tracker.at(30_000, 1_500)[:2] == (2, 2)
