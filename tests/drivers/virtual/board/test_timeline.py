"""The event queue: cancelled events are removed from it."""

import random
from functools import partial

import pytest

from drivers.virtual import timeline as timeline_module
from drivers.virtual.timeline import TIDY_EVENTS, Event, Timeline
from tests.drivers.virtual.pigpiod.bench import Bench

WVAG, WVCRE, WVTX = 28, 49, 51


def test_a_wave_sent_again_and_again_leaves_no_cancelled_events() -> None:
    """Each send cancels the end of the wave before, 200 s away."""
    bench = Bench()
    bench.outputs(17)
    bench.start_wave_clock()
    pulse = b"".join(word.to_bytes(4, "little") for word in (1 << 17, 0, 200_000_000))
    assert bench.send(WVAG, 0, 0, pulse) == 1
    wave = bench.send(WVCRE)
    for _ in range(10 * TIDY_EVENTS):
        assert bench.send(WVTX, wave) > 0
    assert len(bench.timeline._queue) <= TIDY_EVENTS


class GrowingEvents:
    """Events that each schedule two more and cancel a random one; `ran` records what ran."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self.ran: list[tuple[int, int]] = []
        self._chance = random.Random(3)
        self._events: list[Event] = []
        self._run(1)
        self.timeline.advance_to(10_000)

    def _run(self, number: int) -> None:
        timeline = self.timeline
        self.ran.append((timeline.now_ns, number))
        for child in (2 * number, 2 * number + 1):
            if number < 1 << 12:
                action = partial(self._run, child)
                self._events.append(timeline.after(self._chance.randrange(50), action))
        if number % 3 == 0:
            timeline.cancel(self._chance.choice(self._events))


def test_removing_cancelled_events_changes_nothing_that_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    untidied = GrowingEvents().ran
    monkeypatch.setattr(timeline_module, "TIDY_EVENTS", 8)
    assert GrowingEvents().ran == untidied
    assert len(untidied) > 1_000
