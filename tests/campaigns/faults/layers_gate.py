"""A gate frozen on in the middle of a phase: the charge that only the phase limiter bounds.

The engine is not ticked, the guard is stopped, the watchdog and the comparator are dead. Measured
are the charge from the freeze to the end of the current, and how long that takes.
"""

from collections.abc import Callable
from pathlib import Path

from tests.campaigns.faults.layers_dead_engine import ENGINE, GUARD
from tests.campaigns.faults.layers_experiment import MS, Act, Experiment, NothingFlowed, Sample
from tests.campaigns.faults.layers_stand import BURST, CHANNELS, DENSE, TENS, Stand

FULL_SCALE_UA, FULL_CODE = 120_000, 4_095
LEVELS_UA = (100_000, 40_000, 20_000, 6_000)
"""The highest permitted amplitude (docs/design.md section 7), and usual ones."""
WATCH_US = 60_000
MOST_CHARGE_UC = 60.0
STUCK_UA, MOST_STUCK_UC = 110_000, 66.0
"""Two failures at once: a source stuck just below the over-current comparator's threshold."""
BUDGET_MS = 1.6
"""600 µs of the limiter, then under 1 ms of the latch, while skin returns its stored charge."""
PATIENCE = 2_000


def frozen(
    freeze: Callable[[Stand, int], None], load: str = "", levels_ua: tuple[int, ...] = LEVELS_UA
) -> Act:
    """Return the experiment of one way to freeze a gate, at many points of every phase."""

    def act(stand: Stand, share: float, place: Path, alive: bool) -> Sample:
        del place
        dead = ("watchdog-dead", "over-current-dead")
        for fault in dead if alive else (*dead, "limiter-dead"):
            stand.board.fault_set(fault)
        stand.stop_guard()
        gate = round(share * 997) % 4
        level_ua = levels_ua[round(share * 991) % len(levels_ua)]
        _take_amplitude(stand, level_ua, load)
        _run_into_phase(stand, gate)
        stand.run_us(share * 7_919 % 1 * _phase_us(stand))
        at_us = stand.board.timeline.now_ns / MS
        freeze(stand, gate)
        stand.run_us(WATCH_US)
        acted = f"latch: {' '.join(stand.latch_causes)}" if stand.latch_causes else "nothing"
        stand.end_recording()
        return _charge(stand, at_us, acted)

    return act


def _take_amplitude(stand: Stand, level_ua: int, load: str) -> None:
    """Set both current sources to this amplitude, independent of what the engine wrote."""
    code = level_ua * FULL_CODE // FULL_SCALE_UA
    for channel in CHANNELS:
        if load:
            stand.board.fault_set(f"{load.replace('*', str(channel))}")
        stand.board.fault_set(f"stuck-dac:{channel}={code}")
    stand.loop_wave()


def _run_into_phase(stand: Stand, gate: int) -> None:
    """Run the board to the next rise of a gate, counted in the order of the board file."""
    pin = stand.board.board_file.pins.gate_list()[gate]
    timeline, pins = stand.board.timeline, stand.board.pins
    was_low = False
    for _ in range(PATIENCE):
        high = bool(pins.level(pin))
        if high and was_low:
            return
        was_low = not high
        due_ns = timeline.next_ns()
        if due_ns is None:
            break
        timeline.advance_to(due_ns)
    raise NothingFlowed(f"gate {gate} did not rise")


def _phase_us(stand: Stand) -> int:
    return 150 if stand.programme in {DENSE, BURST, TENS} else 200


def _charge(stand: Stand, at_us: float, acted: str) -> Sample:
    """Return how long current flowed after a time, and the charge of the worse load in µC."""
    flows = stand.flows(at_us)
    if not flows:
        raise NothingFlowed("no current after the freeze")
    charge_uc = max(
        sum(abs(value) * (end - start) * 1e-6 for start, end, value in stand.flows(at_us, (each,)))
        for each in CHANNELS
    )
    return Sample((max(end for _, end, _ in flows) - at_us) / MS, acted, charge_uc)


def stop_waves(stand: Stand, gate: int) -> None:
    """Stop the waves at once: the pins keep their levels."""
    del gate
    stand.client().wave_tx_stop()


def lose_daemon(stand: Stand, gate: int) -> None:
    """Kill the daemon and start another, which stops the old one's waves."""
    del gate
    stand.board.fault_set("lost-daemon")
    stand.board.fault_clear("lost-daemon")
    stand.client().wave_tx_stop()


def stick_gate(stand: Stand, gate: int) -> None:
    """Make the line of the gate stick high."""
    channel, sign = gate // 2 + 1, "neg" if gate % 2 else "pos"
    stand.board.fault_set(f"stuck-gate:gate{channel}_{sign}=high")


def _experiment(
    event: str,
    freeze: Callable[[Stand, int], None],
    load: str = "",
    levels_ua: tuple[int, ...] = LEVELS_UA,
    most_uc: float = MOST_CHARGE_UC,
) -> Experiment:
    shown = f"{levels_ua[-1] / MS:g} to {levels_ua[0] / MS:g} mA" if levels_ua[1:] else "110 mA"
    return Experiment(
        "phase limiter",
        (ENGINE, GUARD, "watchdog, comparator (dead)"),
        event,
        BUDGET_MS,
        frozen(freeze, load, levels_ua),
        ("latch: phase-limiter",),
        programmes=(DENSE, TENS),
        second="charge that still flows",
        unit="µC",
        most_second=most_uc,
        note=f"{shown}; {most_uc:g} µC is the highest of them for the whole 600 µs",
    )


EXPERIMENTS = (
    _experiment("waves stopped in a phase, skin", stop_waves),
    _experiment("waves stopped in a phase, 500 Ω", stop_waves, "resistor:*=500"),
    _experiment("daemon lost in a phase, the next one stops the waves", lose_daemon),
    _experiment("gate line stuck high in a phase", stick_gate, "resistor:*=500"),
    _experiment(
        "waves stopped in a phase, source stuck just under the comparator",
        stop_waves,
        "resistor:*=500",
        (STUCK_UA,),
        MOST_STUCK_UC,
    ),
)
