"""Layers that act while the engine is dead: latch, comparator, one-shot, guard, finite slices.

From the event on, the engine is not ticked. A hostile client loops a slice so that output would
continue for ever, except where the finite slices themselves are measured.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.campaigns.faults.layers_experiment import MS, Experiment, NothingFlowed, Sample
from tests.campaigns.faults.layers_stand import BURST, DENSE, LONGEST, SLOW, TENS, Stand

ESTOP_SPREAD_US = 60_000
"""Within the guard's 80 ms limit of silence, so that only the e-stop can act."""
WATCH_US = 400_000
OVER_CURRENT_UA = 110_000
REQUESTS = 16
"""Maximum number of requests to the daemon in a tick while it streams."""
SEND_WAVE = 100
"""WVTXM of pigpio's protocol."""
NO_HARDWARE = ("latch-dead",)
NO_WATCHDOG = ("watchdog-dead", "limiter-dead", "over-current-dead")
GUARD_CUTS = {1: "guard: e-stop", 2: "guard: silence", 0: "nothing", -1: "no guard"}


class Killed(BaseException):
    """Simulates the death of the process; engine code must not catch it."""


def _break(stand: Stand, faults: tuple[str, ...], *, guard: bool) -> None:
    for fault in faults:
        stand.board.fault_set(fault)
    if not guard:
        stand.stop_guard()


def _ended(stand: Stand, since_us: float, acted: str, second: float = 0.0) -> Sample:
    """Wait half a second and return how the current ended."""
    stand.end_recording()
    return Sample((stand.last_current_us(since_us) - since_us) / MS, acted, second)


def _causes(stand: Stand) -> str:
    return f"latch: {' '.join(stand.latch_causes)}" if stand.latch_causes else "nothing"


def estop_by_latch(stand: Stand, share: float, place: Path, alive: bool) -> Sample:
    """Press the e-stop; only its contact in the fault latch may act."""
    del place
    _break(stand, NO_WATCHDOG if alive else (*NO_WATCHDOG, *NO_HARDWARE), guard=False)
    stand.loop_wave()
    stand.run_us(share * ESTOP_SPREAD_US)
    pressed_us = stand.now_us
    stand.board.fault_set("estop")
    stand.run_us(WATCH_US)
    return _ended(stand, pressed_us, _causes(stand))


def estop_by_guard(stand: Stand, share: float, place: Path, alive: bool) -> Sample:
    """Press the e-stop with a dead latch; only the guard sees it."""
    del place
    _break(stand, (*NO_HARDWARE, *NO_WATCHDOG), guard=alive)
    return _open_loop(stand, share, "estop")


def sense_by_guard(stand: Stand, share: float, place: Path, alive: bool) -> Sample:
    """Cut only the wire of the sensed contact; the latch does not see it."""
    del place
    _break(stand, NO_WATCHDOG, guard=alive)
    return _open_loop(stand, share, "estop-wire=sense")


def _open_loop(stand: Stand, share: float, fault: str) -> Sample:
    stand.loop_wave()
    stand.run_us(share * ESTOP_SPREAD_US)
    pressed_us = stand.board.timeline.now_ns / MS
    stand.board.fault_set(fault)
    stand.run_us(WATCH_US)
    return _ended(stand, pressed_us, GUARD_CUTS[stand.guard_latch])


def silence_by_guard(stand: Stand, share: float, place: Path, alive: bool) -> Sample:
    """Die after a refresh while a wave loops: only the guard ends it. Time since last refresh."""
    del place
    refreshed_us = stand.now_us
    _break(stand, NO_WATCHDOG, guard=alive)
    stand.run_us(share * 10_000)
    stand.loop_wave()
    stand.run_us(WATCH_US)
    return _ended(stand, refreshed_us, GUARD_CUTS[stand.guard_latch])


def silence_by_one_shot(stand: Stand, share: float, place: Path, alive: bool) -> Sample:
    """Die after a heartbeat; a wave loops and no guard runs. Time since the last heartbeat."""
    del place
    beat_us = stand.now_us
    _break(stand, ("limiter-dead", "over-current-dead") if alive else NO_WATCHDOG, guard=False)
    stand.run_us(share * 10_000)
    stand.loop_wave()
    stand.run_us(WATCH_US)
    return _ended(stand, beat_us, _causes(stand))


def silence_by_slices(stand: Stand, share: float, place: Path, alive: bool) -> Sample:
    """Die between any two requests of a tick; only the end of the queue ends the output.

    The time counts from the last slice sent, the second value from the engine's death.
    """
    stand.own_records(place / "records")
    stand.rest()
    sent_us = _die_within_tick(stand, round(share * REQUESTS))
    died_us = stand.now_us
    _break(stand, NO_WATCHDOG, guard=False)
    if not alive:
        stand.loop_wave()
    stand.run_us(WATCH_US)
    acted = _causes(stand) if stand.latch_causes else "the queue ran dry"
    stand.end_recording()
    last_us = stand.last_current_us(sent_us)
    return Sample((last_us - sent_us) / MS, acted, max(last_us - died_us, 0) / MS)


def _die_within_tick(stand: Stand, requests: int) -> int:
    """Run a tick that ends before its n-th request; return when a slice was last sent."""
    output: Any = stand.loop._rig.pulses
    wire = output._client.wire
    send, left, sent_us = wire.sendall, [requests], [stand.last_sent_us]

    def bomb(data: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        if data[0] == SEND_WAVE:
            sent_us[0] = stand.now_us
        send(data)

    wire.send = wire.sendall = bomb
    try:
        with suppress(Killed):
            stand.loop.tick()
    finally:
        del wire.send, wire.sendall
    return sent_us[0]


def over_current(channel: int) -> Callable[[Stand, float, Path, bool], Sample]:
    """Return the experiment of a DAC output stuck at its highest code, 120 mA."""

    def act(stand: Stand, share: float, place: Path, alive: bool) -> Sample:
        del place
        dead = ("watchdog-dead", "limiter-dead")
        _break(stand, dead if alive else (*dead, "over-current-dead"), guard=False)
        stand.loop_wave()
        stand.run_us(share * ESTOP_SPREAD_US)
        stuck_us = stand.now_us
        stand.board.fault_set(f"stuck-dac:{channel}=4095")
        stand.run_us(WATCH_US)
        acted = _causes(stand)
        stand.end_recording()
        over = [flow for flow in stand.flows(stuck_us) if abs(flow[2]) > OVER_CURRENT_UA]
        if not over:
            raise NothingFlowed(f"never over {OVER_CURRENT_UA} µA")
        first_us = min(start for start, _, _ in over)
        peak_ma = max(abs(value) for _, _, value in over) / MS
        return Sample((stand.last_current_us(first_us) - first_us) / MS, acted, peak_ma)

    return act


ENGINE = "engine (not ticked)"
GUARD = "guard (script stopped)"
HARDWARE = "latch (latch-dead)"
WATCHDOG = "watchdog, limiter, comparator (dead)"
SLICES = "finite slices (a wave that loops)"

EXPERIMENTS = (
    Experiment(
        "hardware latch", (ENGINE, GUARD, WATCHDOG, SLICES), "e-stop, edge of its contact",
        1, estop_by_latch, ("latch: estop",),
        note="the model's latch and bridges switch in no time; a real one takes microseconds",
        programmes=(DENSE, BURST, TENS),
    ),
    Experiment(
        "daemon guard", (ENGINE, HARDWARE, WATCHDOG, SLICES), "e-stop, edge of its contact",
        5, estop_by_guard, ("guard: e-stop",), programmes=(DENSE, BURST, TENS),
    ),
    Experiment(
        "daemon guard", (ENGINE, "latch (its wire is whole)", WATCHDOG, SLICES),
        "e-stop, sensed wire cut", 5, sense_by_guard, ("guard: e-stop",),
        programmes=(DENSE, BURST, TENS),
    ),
    Experiment(
        "daemon guard", (ENGINE, WATCHDOG, SLICES), "engine silent, since the last refresh",
        100, silence_by_guard, ("guard: silence",), programmes=(DENSE, TENS, BURST, SLOW),
    ),
    *(
        Experiment(
            "finite slices", (ENGINE, GUARD, WATCHDOG), f"engine dead, since {since}",
            100, silence_by_slices, ("the queue ran dry",), programmes=programmes, count=count,
            standing=standing, second="since the death itself", most_second=100,
        )
        for since, programmes, count, standing in (
            ("the last slice was sent", (DENSE, TENS, BURST, SLOW), 212, ()),
            ("the last slice, wave clock x 1.009", (LONGEST,), 100, ("slow-clock=1.009",)),
        )
    ),
    *(
        Experiment(
            "hardware watchdog", (ENGINE, GUARD, "limiter, comparator (dead)", SLICES),
            f"engine silent, since the last heartbeat, one-shot {width}",
            250, silence_by_one_shot, ("latch: watchdog",), standing=standing,
        )
        for width, standing in (
            ("120 ms (-25 %)", ("watchdog-width=-25",)),
            ("160 ms", ()),
            ("200 ms (+25 %)", ("watchdog-width=25",)),
        )
    ),
    *(
        Experiment(
            "over-current comparator", (ENGINE, GUARD, "watchdog, limiter (dead)", SLICES),
            f"channel {channel} at 120 mA, since more than 110 mA flowed",
            1, over_current(channel), ("latch: over-current",), second="peak", unit="mA",
        )
        for channel in (1, 2)
    ),
)  # fmt: skip
