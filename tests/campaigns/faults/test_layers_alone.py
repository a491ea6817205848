"""Each safety layer by itself brings the current to zero in time; all others are disabled.

A sample of `python -m tests.campaigns.faults layers`, each on its own treatment and without forks.
The limits are restated here as numbers (docs/design.md section 6).
"""

import pytest

from tests.campaigns.faults.layers import EXPERIMENTS
from tests.campaigns.faults.layers_boot import PROOF_FAILED, refused
from tests.campaigns.faults.layers_experiment import Experiment, Sample, once
from tests.campaigns.faults.layers_stand import DENSE, LONGEST, TENS


def the(layer: str, event: str) -> Experiment:
    """Return the only experiment of a layer whose event starts with this text."""
    (found,) = [
        each for each in EXPERIMENTS if each.layer == layer and each.event.startswith(event)
    ]
    return found


def measured(layer: str, event: str, programme: str = DENSE, share: float = 0.62) -> Sample:
    """Run it once; the current must have been ended by that layer."""
    experiment = the(layer, event)
    found = once(experiment, programme, share)
    assert found.acted in experiment.acted
    return found


def without(layer: str, event: str, programme: str = DENSE) -> float:
    """Disable the layer itself as well, and return the time in ms."""
    return once(the(layer, event), programme, 0.62, alive=False).ms


@pytest.mark.proves("estop-latch", "fault-latch")
def test_the_hardware_latch_alone_ends_the_current_of_a_pressed_e_stop_in_1_ms() -> None:
    assert measured("hardware latch", "e-stop").ms < 1
    assert without("hardware latch", "e-stop") > 300


@pytest.mark.proves("guard-estop")
@pytest.mark.parametrize("event", ["e-stop, edge", "e-stop, sensed"])
def test_the_daemon_guard_alone_ends_the_current_of_an_open_e_stop_in_5_ms(event: str) -> None:
    assert 0 < measured("daemon guard", event).ms <= 5


@pytest.mark.proves("estop-engine", "cut")
def test_the_engine_alone_ends_the_current_of_a_pressed_e_stop_in_20_ms() -> None:
    found = measured("engine", "e-stop", share=0.05)
    assert 0 < found.ms <= 20
    assert found.second <= 20


@pytest.mark.proves("guard-silence")
def test_the_daemon_guard_alone_ends_a_looping_wave_100_ms_after_the_last_refresh() -> None:
    assert 75 <= measured("daemon guard", "engine silent").ms <= 100
    assert without("daemon guard", "engine silent") > 300


@pytest.mark.proves("finite-slices")
@pytest.mark.parametrize("share", [0.1, 0.7])
def test_the_finite_slices_alone_end_100_ms_after_the_last_was_sent(share: float) -> None:
    event = "engine dead, since the last slice, wave clock x 1.009"
    found = measured("finite slices", event, LONGEST, share)
    assert 50 <= found.ms <= 100
    assert found.second <= 100


@pytest.mark.proves("watchdog")
@pytest.mark.parametrize(
    ("width", "least_ms", "most_ms"), [("120", 115, 121), ("160", 155, 161), ("200", 195, 201)]
)
def test_the_hardware_watchdog_alone_ends_a_looping_wave_in_250_ms(
    width: str, least_ms: float, most_ms: float
) -> None:
    event = f"engine silent, since the last heartbeat, one-shot {width} ms"
    found = measured("hardware watchdog", event)
    assert least_ms <= found.ms <= most_ms
    assert found.ms <= 250


@pytest.mark.proves("phase-limiter")
@pytest.mark.parametrize("event", ["waves stopped in a phase, skin", "gate line stuck high"])
@pytest.mark.parametrize("share", [0.0, 0.4])
def test_a_gate_frozen_on_lets_at_most_60_uc_through(event: str, share: float) -> None:
    """Hazard: a phase that does not end; at 100 mA the limiter lets 600 µs pass."""
    found = measured("phase limiter", event, share=share)
    assert 0 < found.second <= 60
    assert found.ms <= 1.6


@pytest.mark.proves("phase-limiter")
def test_without_the_phase_limiter_a_frozen_gate_would_not_end() -> None:
    assert without("phase limiter", "gate line stuck high") > 30


@pytest.mark.proves("over-current")
@pytest.mark.parametrize("channel", [1, 2])
def test_the_comparator_alone_ends_more_than_110_ma_in_1_ms(channel: int) -> None:
    found = measured("over-current comparator", f"channel {channel}")
    assert found.second == pytest.approx(120, abs=0.1)
    assert found.ms < 1


@pytest.mark.proves("wave-clock", "stream-watched")
@pytest.mark.parametrize("scale", ["1.02", "1.13", "2"])
def test_the_engine_alone_catches_a_slowing_wave_clock_within_1_s(scale: str) -> None:
    assert measured("engine", f"wave clock x {scale} ", TENS).ms <= 1_000


@pytest.mark.proves("daemon-lost")
@pytest.mark.parametrize(("name", "most_ms"), [("lost", 50), ("stalled", 50)])
def test_the_engine_alone_cuts_within_50_ms_when_the_daemon_is_gone(
    name: str, most_ms: float
) -> None:
    found = measured("engine", f"{name} daemon", share=0.05)
    assert found.ms <= most_ms
    assert found.second <= most_ms


@pytest.mark.proves("hand-switch")
def test_the_engine_alone_cuts_within_20_ms_of_the_hand_switch() -> None:
    assert measured("engine", "hand switch", share=0.05).second <= 20


@pytest.mark.proves("soft-fall")
@pytest.mark.parametrize("event", ["fall, a person's stop", "fall, set against measured"])
def test_a_fall_takes_250_to_450_ms(event: str) -> None:
    assert 250 <= measured("engine", event, TENS).ms <= 450


@pytest.mark.proves("timing-proof")
@pytest.mark.parametrize("scale", [1.02, 2.0])
def test_a_slow_wave_clock_is_refused_at_boot(scale: float) -> None:
    found = refused(scale, 0)
    assert found.acted in PROOF_FAILED
    assert found.ms <= 3_000


@pytest.mark.proves("stream-watched", "cut")
@pytest.mark.parametrize("share", [0.3, 0.8])
def test_an_engine_that_goes_on_in_mid_tick_cuts_within_20_ms(share: float) -> None:
    """Hazard: the slice it was about to send restarts an output that has ended by itself."""
    event = "engine frozen for 90 ms in mid-tick"
    assert measured("engine", event, TENS, share).ms <= 20
