"""Which screens are alive: the one in charge, and those with a pressed rise key.

A release can be lost with its sender. A pressed key is a dead man's switch, so it is released
when the peer has left, or has shown no newer snapshot for a moment.
"""

from dataclasses import dataclass

from appliance.link.interfaces import EngineLink, Peer
from drivers.quantities import Microseconds

HOLDER_SILENT_US = 300_000
"""Six snapshots: as long as one tap's interval, so at most one more tap's worth is climbed (D)."""


@dataclass(slots=True)
class _Holder:
    peer: Peer
    shown: int | None
    at_us: int


class PressedKeys:
    """The pressed rise keys, and who presses each."""

    def __init__(self, link: EngineLink) -> None:
        self._link = link
        self._holders: dict[int, _Holder] = {}

    def take(self, channel: int, peer: Peer, now_us: int) -> None:
        """Note that a peer presses the key of a channel; pressing again proves no living screen."""
        shown, holder = self._link.seen(peer), self._holders.get(channel)
        if holder is None or holder.peer != peer or holder.shown != shown:
            self._holders[channel] = _Holder(peer, shown, now_us)

    def let_go(self, channel: int) -> None:
        """Note that the key of a channel is released."""
        self._holders.pop(channel, None)

    def lost(self, now_us: int) -> tuple[int, ...]:
        """Return the channels whose holder is gone or silent, and forget them."""
        gone = [n for n, holder in self._holders.items() if self._is_lost(holder, now_us)]
        for channel in gone:
            del self._holders[channel]
        return tuple(gone)

    def _is_lost(self, holder: _Holder, now_us: int) -> bool:
        if holder.peer not in self._link.peers():
            return True
        shown = self._link.seen(holder.peer)
        if shown != holder.shown:
            holder.shown, holder.at_us = shown, now_us
        return now_us - holder.at_us > HOLDER_SILENT_US


class ScreenWatch:
    """Follows the peer that took the last step towards output."""

    def __init__(self, link: EngineLink) -> None:
        self._link = link
        self._peer: Peer | None = None
        self._tick: int | None = None
        self._at_us: Microseconds | None = None

    def take(self, peer: Peer, now_us: Microseconds) -> None:
        """Follow this peer from now on."""
        self._peer, self._tick, self._at_us = peer, self._link.seen(peer), now_us
        self._link.keep(peer)

    def look(self, now_us: Microseconds) -> Microseconds | None:
        """Return when the screen in charge last showed a newer snapshot; None without one."""
        if self._peer is not None:
            tick = self._link.seen(self._peer)
            if tick is not None and tick != self._tick:
                self._tick, self._at_us = tick, now_us
        return self._at_us
