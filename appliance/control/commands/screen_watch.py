"""Whose screen is in charge, and when it was last known to show anything."""

from appliance.link.interfaces import EngineLink, Peer
from drivers.quantities import Microseconds


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
        """Return when the screen last showed a newer snapshot; None while nobody is in charge."""
        if self._peer is not None:
            tick = self._link.seen(self._peer)
            if tick is not None and tick != self._tick:
                self._tick, self._at_us = tick, now_us
        return self._at_us
