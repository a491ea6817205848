"""Track which wave ids are in flight, in the order sent, and which may be deleted or sent. Pure.

The rules follow from the daemon's behaviour (pigpio issue 457): sending the last-sent id again
makes a wave that never ends; deleting a slot while it plays, or while it is the last one sent,
frees memory that the DMA still reads; a SYNC that comes after the end restarts the output.
"""

from enum import Enum

from drivers.errors import SliceRejected

DEPTH = 3
"""Maximum number of slices in flight: the one playing and two queued."""


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
