"""Which wave ids are in flight, in the order sent, and what may be done with each. Pure.

The daemon's habits behind the rules (pigpio issue 457): sending the last-sent id again makes a wave
that never ends; a slot that is deleted while it plays, or while it is the last sent, is recycled
under the DMA's feet; a SYNC that comes after the end restarts the output by itself.
"""

from enum import Enum

from drivers.errors import SliceRejected

DEPTH = 3
"""Slices in flight at most: the one playing and two queued."""


class SlotPosition(Enum):
    """What the answer of `wave_tx_at` means for this stream."""

    UNKNOWN = "unknown"
    """Between two waves, or a wave not ours: ask again."""
    ENDED = "ended"
    """Nothing plays."""
    LAST = "last"
    """The last-sent wave plays: too late to add to it."""
    QUEUED = "queued"
    """At least one whole wave is queued behind the one playing."""


class WaveSlots:
    """Ids sent and not yet deleted, oldest first."""

    def __init__(self) -> None:
        self._ids: list[int] = []

    @property
    def in_flight(self) -> int:
        """Return how many sent ids have not been retired."""
        return len(self._ids)

    def forget(self) -> None:
        """Drop every id, after the waves were stopped and cleared."""
        self._ids.clear()

    def locate(self, wave_id: int, *, idle: int) -> SlotPosition:
        """Say what it means that the daemon plays `wave_id`; `idle` is its word for none."""
        if wave_id == idle:
            return SlotPosition.ENDED
        if wave_id not in self._ids:
            return SlotPosition.UNKNOWN
        return SlotPosition.LAST if wave_id == self._ids[-1] else SlotPosition.QUEUED

    def retire(self, playing: int) -> tuple[int, ...]:
        """Return and drop the ids older than the one playing; they may be deleted."""
        place = self._ids.index(playing) if playing in self._ids else 0
        older = tuple(self._ids[:place])
        del self._ids[:place]
        return older

    def check_new(self, wave_id: int) -> None:
        """Raise `SliceRejected` unless `wave_id` may be sent next."""
        if wave_id in self._ids:
            raise SliceRejected(f"the daemon gave out wave id {wave_id}, which is in flight")

    def sent(self, wave_id: int) -> None:
        """Book an id as sent."""
        self._ids.append(wave_id)
