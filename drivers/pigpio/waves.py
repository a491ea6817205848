"""The waves of pigpio: their pulses, what they cost the daemon, and which ids are in flight. Pure.

A wave is made from a slice:

    LDAC low and every gate off   20 µs           the strobe: latches the amplitude, marks the slice
    LDAC high                     rest of lead-in
    one pulse a segment           its duration    switches one gate on, or one off, never both
    every gate off                no delay        last word of the wave, whatever came before it

One pulse never both sets and clears: pigpio writes SET before CLR, so both gates of a bridge would
be high for an instant.

Which id may be deleted or sent follows from the daemon's behaviour (pigpio issue 457): sending the
last-sent id again makes a wave that never ends; deleting a slot while it plays, or while it is the
last one sent, frees memory that the DMA still reads; a SYNC that comes after the end restarts the
output.
"""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from drivers.board_file import BoardFile
from drivers.errors import SliceRejected
from drivers.slices import ALL_OFF, LDAC_LOW_US, Segment, Slice, check_slice

PAD_PERCENT = 5
"""Share of the daemon's wave memory that each slot takes; equal shares make slots interchangeable.

The largest slice any limit allows is 30 ms of 4 kHz carrier over all channels: 120 periods of four
segments, 964 control blocks. Five percent holds 1191; four would hold 953."""
# pigpio.c v79: NUM_WAVE_CBS 25 016 less 10 pages of 118; NUM_WAVE_OOL 16 748 less 10 pages of 79.
SLOT_CBS = 23_836 * PAD_PERCENT // 100
SLOT_WORDS = 15_958 * PAD_PERCENT // 100
# wave2Cbs writes the sentinel behind the wave's last control block and word without counting it.
SENTINEL = 1
LEAD_CBS = 1

DEPTH = 3
"""Maximum number of slices in flight: the one playing and two queued."""


class WavePulse(NamedTuple):
    """One step of a wave, with the attribute names that the pigpio client reads."""

    gpio_on: int
    gpio_off: int
    delay: int


class WaveBuilder:
    """Turns segments into pulses on the pins of one board."""

    def __init__(self, board: BoardFile) -> None:
        self._channels = board.channels
        gates = board.pins.gate_list()
        self.ldac_mask = 1 << board.pins.ldac_n
        self.gate_mask = sum(1 << pin for pin in gates)
        self._masks = {1 << index: 1 << pin for index, pin in enumerate(gates)} | {ALL_OFF: 0}
        self._strobe = WavePulse(0, self.ldac_mask | self.gate_mask, LDAC_LOW_US)
        self._end = WavePulse(0, self.gate_mask, 0)

    def slice_pulses(self, slice_: Slice) -> list[WavePulse]:
        """Return the wave of a slice; raises `SliceRejected` if the hardware may not play it."""
        check_slice(slice_, self._channels)
        rest_us = slice_.segments[0].duration_us - LDAC_LOW_US
        pulses = [self._strobe, WavePulse(self.ldac_mask, 0, rest_us)]
        pulses += self._steps(slice_.segments[1:])
        pulses.append(self._end)
        check_size(pulses)
        return pulses

    def probe_pulses(self, segments: Sequence[Segment], *, ldac: bool) -> list[WavePulse]:
        """Return the wave of a timing probe; with `ldac`, a strobe opens each segment.

        Raises `SliceRejected` for a segment that switches two gates at once or, with strobes, one
        that is too short to hold its strobe.
        """
        if ldac:
            pulses = [pulse for segment in segments for pulse in self._strobed(segment)]
        else:
            pulses = self._steps(segments)
        pulses.append(self._end)
        return pulses

    def _strobed(self, segment: Segment) -> tuple[WavePulse, WavePulse]:
        if segment.gates or segment.duration_us <= LDAC_LOW_US:
            raise SliceRejected(f"a strobed segment is all off and longer than {LDAC_LOW_US} µs")
        return self._strobe, WavePulse(self.ldac_mask, 0, segment.duration_us - LDAC_LOW_US)

    def _steps(self, segments: Sequence[Segment]) -> list[WavePulse]:
        masks = self._masks
        pulses = []
        before = 0
        for gates, duration_us in segments:
            now = masks.get(gates)
            if now is None or (now and before and now != before):
                raise SliceRejected(f"gates {gates:#x} would switch two gates in one pulse")
            pulses.append(WavePulse(now & ~before, before & ~now, duration_us))
            before = now
        return pulses


def wave_cost(pulses: Sequence[WavePulse]) -> tuple[int, int]:
    """Return (control blocks, on/off words) of a wave, counted as the daemon counts them."""
    blocks, words = LEAD_CBS + SENTINEL, SENTINEL
    for gpio_on, gpio_off, delay in pulses:
        switches = (gpio_on != 0) + (gpio_off != 0)
        words += switches
        blocks += (switches > 0) + (delay > 0)
    return blocks, words


def check_size(pulses: Sequence[WavePulse]) -> None:
    """Raise `SliceRejected` unless the wave fits a slot."""
    if 2 * len(pulses) + LEAD_CBS + SENTINEL <= SLOT_CBS and 2 * len(pulses) < SLOT_WORDS:
        return  # a pulse takes at most two blocks and two words
    blocks, words = wave_cost(pulses)
    if blocks > SLOT_CBS or words > SLOT_WORDS:
        raise SliceRejected(
            f"the slice needs {blocks} control blocks and {words} words; "
            f"a slot holds {SLOT_CBS} and {SLOT_WORDS}: send fewer pulses a slice"
        )


class SlotPosition(Enum):
    """What the answer of `wave_tx_at` means for this stream."""

    UNKNOWN = "unknown"
    """Between two waves, or a wave of another client: ask again."""
    ENDED = "ended"
    """Nothing plays."""
    LAST = "last"
    """The wave sent last is playing: too late to queue another behind it."""
    QUEUED = "queued"
    """At least one whole wave is queued behind the one playing."""


class WaveSlots:
    """The ids sent and not yet deleted, oldest first."""

    def __init__(self) -> None:
        self._ids: list[int] = []

    @property
    def in_flight(self) -> int:
        """Number of sent ids that have not been retired."""
        return len(self._ids)

    def forget(self) -> None:
        """Drop every id, after the waves were stopped and cleared."""
        self._ids.clear()

    def locate(self, wave_id: int, *, idle: int) -> SlotPosition:
        """Return what `wave_id`, the wave the daemon plays, means; `idle` is its code for none."""
        if wave_id == idle:
            return SlotPosition.ENDED
        if wave_id not in self._ids:
            return SlotPosition.UNKNOWN
        return SlotPosition.LAST if wave_id == self._ids[-1] else SlotPosition.QUEUED

    def retire(self, playing: int) -> tuple[int, ...]:
        """Drop and return the ids older than the one playing; they may be deleted."""
        place = self._ids.index(playing) if playing in self._ids else 0
        older = tuple(self._ids[:place])
        del self._ids[:place]
        return older

    def check_new(self, wave_id: int) -> None:
        """Raise `SliceRejected` unless `wave_id` may be sent next."""
        if wave_id in self._ids:
            raise SliceRejected(f"the daemon gave out wave id {wave_id}, which is in flight")

    def sent(self, wave_id: int) -> None:
        """Add an id that has been sent."""
        self._ids.append(wave_id)
