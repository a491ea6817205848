"""The engine by itself: its cut, its ramp down, and what it detects from the slice markers.

Latch, one-shot and limiter are dead, and where the guard could also act it is stopped at the same
instant. The engine keeps ticking on stepped time: a tick takes only the time that it waits, so the
measured time is the wait for the tick and for a daemon that does not answer.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from appliance.messages.actions import Stop
from tests.campaigns.faults.layers_experiment import MS, Act, Experiment, NothingFlowed, Sample
from tests.campaigns.faults.layers_stand import DENSE, SLOW, TENS, TICK_US, Stand

DEAD = ("latch-dead", "watchdog-dead", "limiter-dead", "over-current-dead")
AFTER_TICKS = 15
REQUESTS = 16
"""Maximum number of requests to the daemon in a tick while it streams."""
CLOCK_TICKS = 130
FALL_TICKS, FALL_COMES_TICKS = 60, 260
CLOCK_TRIPS = ("T20", "T21", "T22", "T23")
"""Marker gap, looping wave, underrun and drift are all detected from the slice markers."""
SLOWEST = (1.02, 1.05, 1.13, 1.5, 2.0)
HARDWARE = "latch, watchdog, limiter, comparator (dead)"
GUARD = "guard (stopped at the event)"
SUPPLY = "until SUPPLY_EN is low"
REST = "everything else has nothing to see"


def cut_for(fault: str, *, guard_stops: bool) -> Act:
    """Return the experiment of a fault to which the engine reacts with a cut."""

    def act(stand: Stand, share: float, place: Path, alive: bool) -> Sample:
        _begin(stand, place)
        stand.run_us(share * TICK_US)
        at_us = stand.board.timeline.now_ns / MS
        if guard_stops:
            stand.stop_guard()
        stand.board.fault_set(fault)
        _go_on(stand, AFTER_TICKS, alive=alive)
        ended = _ended(stand, at_us)
        off = [at for at, level in stand.changes("supply_en") if at >= at_us and not level]
        return ended._replace(second=(off[0] - at_us) / MS if off else math.inf)

    return act


def slow_clock(scale: float) -> Act:
    """Return the experiment of a wave clock that becomes slow during delivery."""

    def act(stand: Stand, share: float, place: Path, alive: bool) -> Sample:
        _begin(stand, place)
        stand.run_us(share * TICK_US)
        at_us = stand.board.timeline.now_ns / MS
        stand.board.fault_set(f"slow-clock={scale}")
        _go_on(stand, CLOCK_TICKS, alive=alive)
        return _ended(stand, at_us)

    return act


def ramp_for(what: Callable[[Stand], None]) -> Act:
    """Return the experiment of an end by ramp down: from the deciding tick to zero current."""

    def act(stand: Stand, share: float, place: Path, alive: bool) -> Sample:
        del alive
        _begin(stand, place)
        stand.run_us(share * TICK_US)
        what(stand)
        stand.rest()
        before = stand.loop.state.machine.state
        for _ in range(FALL_COMES_TICKS):
            if type(stand.loop.state.machine.state) is not type(before):
                break
            stand.ticks(1)
        else:
            raise NothingFlowed(f"no fall began: {before}")
        decided_us = float(stand.loop.state.tick.now_us)
        stand.ticks(FALL_TICKS)
        ended = _ended(stand, decided_us)
        return ended._replace(acted=ended.acted.partition(",")[0] if stand.trip else "a person")

    return act


def frozen_in_tick(freeze_ms: int) -> Act:
    """Return the experiment of an engine that freezes between two requests of a tick.

    When it continues, the slice it was about to send would restart the output.
    """

    def act(stand: Stand, share: float, place: Path, alive: bool) -> Sample:
        del alive
        _begin(stand, place)
        stand.stop_guard()
        stand.rest()
        resumed_us = _freeze(stand, round(share * REQUESTS), freeze_ms)
        stand.rest()
        stand.ticks(AFTER_TICKS)
        ended = _ended(stand, resumed_us)
        return ended._replace(acted="tripped" if stand.trip else ended.acted)

    return act


def _freeze(stand: Stand, requests: int, freeze_ms: int) -> float:
    """Run a tick that freezes before its n-th request; return when it continued."""
    output: Any = stand.loop._rig.pulses
    wire = output._client.wire
    send, left = wire.sendall, [requests]

    def late(data: bytes) -> None:
        left[0] -= 1
        if left[0] == -1:
            stand.run_us(freeze_ms * MS)
            resumed_us.append(stand.now_us)
        send(data)

    resumed_us: list[float] = []
    wire.send = wire.sendall = late
    try:
        stand.tick()
    finally:
        del wire.send, wire.sendall
    if not resumed_us:  # fewer requests than that: freeze after them
        stand.run_us(freeze_ms * MS)
        resumed_us.append(stand.now_us)
    return resumed_us[0]


def _begin(stand: Stand, place: Path) -> None:
    stand.own_records(place / "records")
    for fault in DEAD:
        stand.board.fault_set(fault)


def _go_on(stand: Stand, ticks: int, *, alive: bool) -> None:
    if alive:
        stand.rest()
        stand.ticks(ticks)
    else:
        stand.run_us(ticks * TICK_US)


def _ended(stand: Stand, at_us: float) -> Sample:
    acted = stand.trip or type(stand.loop.state.machine.state).__name__
    stand.end_recording()
    return Sample((stand.last_current_us(at_us) - at_us) / MS, acted)


def ask_stop(stand: Stand) -> None:
    """Request an ordinary stop; it is answered in the next tick."""
    stand.treatment.link.send(Stop())


def mismatch(stand: Stand) -> None:
    """Strengthen the negative phases of channel 1 until set and measured values disagree."""
    stand.board.fault_set("phase-mismatch:1=40")


def screen_gone(stand: Stand) -> None:
    """Stop confirming the screen."""
    stand.screen = False


EXPERIMENTS = (
    Experiment(
        "engine", (HARDWARE, GUARD), "e-stop, edge of its contact",
        20, cut_for("estop", guard_stops=True), ("T01",),
        programmes=(DENSE, TENS, SLOW), second=SUPPLY, most_second=20,
    ),
    Experiment(
        "engine", (HARDWARE, REST), "hand switch opens",
        20, cut_for("hand-switch", guard_stops=False), ("T02",),
        programmes=(DENSE, TENS, SLOW), second=SUPPLY, most_second=20,
    ),
    *(
        Experiment(
            "engine", (HARDWARE, "guard (gone with it)"), f"{name} daemon",
            50, cut_for(f"{name}-daemon", guard_stops=False), ("T30",),
            programmes=(DENSE, TENS, SLOW), second=SUPPLY, most_second=50,
        )
        for name in ("lost", "stalled")
    ),
    *(
        Experiment(
            "engine", (HARDWARE, "guard (stopped)"),
            f"engine frozen for {freeze_ms} ms in mid-tick, since it goes on",
            20, frozen_in_tick(freeze_ms), ("tripped",),
            programmes=(DENSE, TENS, SLOW), count=102, controlled=False,
        )
        for freeze_ms in (60, 90, 300)
    ),
    *(
        Experiment(
            "engine", (HARDWARE, REST), f"wave clock x {scale:g} during delivery",
            1_000, slow_clock(scale), CLOCK_TRIPS, programmes=(DENSE, TENS, SLOW), count=90,
            controlled=False, note="guard and hardware see no fault; the slices go on",
        )
        for scale in SLOWEST
    ),
    *(
        Experiment(
            "engine", (HARDWARE, REST), f"fall, {event}, since the tick that decided",
            450, ramp_for(what), acted, programmes=programmes, count=60, least_ms=250,
            controlled=False,
        )
        for event, what, acted, programmes in (
            ("a person's stop", ask_stop, ("a person",), (DENSE, TENS)),
            ("set against measured", mismatch, ("T05",), (DENSE, TENS)),
            ("screen silent for 2 s", screen_gone, ("T27",), (DENSE, TENS)),
        )
    ),
)  # fmt: skip
