"""The secondary DMA channel: hardware that plays control blocks without the daemon's process."""

from collections.abc import Callable

from drivers.virtual.pigpiod.waves.wave_memory import (
    CLEAR,
    COUNT,
    DELAY,
    END,
    PATCH,
    SET,
    SET_THEN_CLEAR,
    WaveMemory,
)
from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Event, Timeline

RIGHT_CLOCK_PPM = 1_000_000
_FETCHES = range(500)
_FETCHES_NS = 100_000
"""Time of a list without any delay: about 0.2 µs a block."""


class DmaChannel:
    """Walks a linked list of control blocks on the timeline.

    `at` is the current block (the CONBLK_AD register), `END` while idle. A block is fetched
    together with its link: changing the link of the current block has no effect. `stop_sampling`
    ends the PWM and servo pulses of the other channel, which a new daemon takes over.
    """

    def __init__(self, timeline: Timeline, pins: PinBank) -> None:
        self.at = END
        self.scale_ppm = RIGHT_CLOCK_PPM
        self.stop_sampling: Callable[[], None] | None = None
        self._timeline = timeline
        self._write = pins.write
        self._memory = WaveMemory()
        self._next = END
        self._due_ns = 0
        self._event: Event | None = None
        self._step = self._run

    def start(self, memory: WaveMemory, first: int) -> None:
        """Abort the current list and start at block `first` (initDMAgo)."""
        self.abort()
        self._memory = memory
        self._next = first
        self._due_ns = self._timeline.now_ns
        self._run()

    def abort(self) -> None:
        """Stop at once; pins keep their levels (initKillDMA)."""
        self._timeline.cancel(self._event)
        self._event = None
        self.at = END

    def _run(self) -> None:
        """Carry out blocks up to the next one that takes time."""
        memory = self._memory
        blocks, links, words, write = memory.blocks, memory.links, memory.words, self._write
        at = self._next
        for _ in _FETCHES:
            if at == END:
                self.at = END
                self._event = None
                return
            what, first, second = blocks[at]
            link = links[at]
            if what == DELAY:
                self.at = at
                self._next = link
                self._due_ns += first * self.scale_ppm // 1_000
                self._event = self._timeline.at(self._due_ns, self._step)
                return
            if what == SET:
                write(words[first], 0)
            elif what == CLEAR:
                write(0, words[first])
            elif what == SET_THEN_CLEAR:
                # Two register accesses: if one pulse swaps polarity, both gates are on in between.
                write(words[first], 0)
                write(0, words[first + 1])
            elif what == PATCH:
                links[second] = words[first]
            elif what == COUNT:
                link = self._count(first, second, link)
            at = link
        self.at, self._next = at, at
        self._due_ns += _FETCHES_NS
        self._event = self._timeline.at(self._due_ns, self._step)

    def _count(self, counter: int, repeats: int, link: int) -> int:
        words = self._memory.words
        if words[counter] > 0:
            words[counter] -= 1
            return words[counter + 1]
        words[counter] = repeats
        return link
