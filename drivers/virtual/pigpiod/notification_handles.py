"""Notification handles and their 12-byte reports (gpioNotify..., alertEmit)."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from drivers.virtual.pigpiod.codes import WORD_MASK, Cmd, Err, Handler

HANDLES = 32
FLAG_WATCHDOG, FLAG_ALIVE, FLAG_EVENT = 1 << 5, 1 << 6, 1 << 7
KEEPALIVE_US = 60_000_000
_REPORT = struct.Struct("<HHII")


class Receiver(Protocol):
    """A session that receives reports in band."""

    def push(self, data: bytes) -> None:
        """Send bytes to the client."""
        ...


@dataclass(slots=True)
class ReportBatch:
    """What the alert thread found in one run.

    `before` are the levels before `samples` (tick, levels), `level` those after; `changed`,
    `timeouts` and `events` are bit masks; `at_us` is board time.
    """

    before: int
    samples: list[tuple[int, int]]
    changed: int
    timeouts: int
    events: int
    at_us: int
    level: int


@dataclass(slots=True)
class Notification:
    """One handle. Without a receiver its reports go to a pipe on the Pi that nothing reads."""

    receiver: Receiver | None
    reported_us: int
    bits: int = 0
    events: int = 0
    sequence: int = 0
    running: bool = False
    closing: bool = False


class Reports:
    """The handle table. `changed` is called when the monitored GPIO or the handles change."""

    def __init__(self, now_us: Callable[[], int], changed: Callable[[], None]) -> None:
        self.bits = 0
        self._now_us = now_us
        self._changed = changed
        self._handles: list[Notification | None] = [None] * HANDLES

    def commands(self) -> dict[int, Handler]:
        """Return the handlers by command number; NOIB needs its session and is handled there."""
        return {
            Cmd.NO: lambda *_: self.open(None),
            Cmd.NB: self._begin,
            Cmd.NP: self._pause,
            Cmd.NC: self._close,
            Cmd.EVM: self._monitor_events,
        }

    def open(self, receiver: Receiver | None) -> int:
        """Return a handle for reports, or -24; a session keeps only the last one it opened."""
        for handle, taken in enumerate(self._handles):
            if taken is None:
                if receiver is not None:
                    self.drop(receiver)
                self._handles[handle] = Notification(receiver, self._now_us())
                self._update()
                return handle
        return Err.NO_HANDLE

    def drop(self, receiver: Receiver) -> None:
        """Close the handles of a session that ended (closeOrphanedNotifications)."""
        for handle, notification in enumerate(self._handles):
            if notification is not None and notification.receiver is receiver:
                self._handles[handle] = None
        self._update()

    def keepalive_due_us(self) -> int | None:
        """Return when the first keep-alive is due, or None without handles."""
        times = [
            handle.reported_us + KEEPALIVE_US for handle in self._handles if handle is not None
        ]
        return min(times, default=None)

    def emit(self, batch: ReportBatch, tick: int) -> None:
        """Send each handle its reports of a batch; free handles that were closed."""
        for handle, notification in enumerate(self._handles):
            if notification is None:
                continue
            if notification.closing:
                self._handles[handle] = None
                continue
            reports = self._compose(notification, batch, tick)
            if reports:
                notification.reported_us = batch.at_us
                if notification.receiver is not None:
                    notification.receiver.push(b"".join(reports))

    def _compose(self, notification: Notification, batch: ReportBatch, tick: int) -> list[bytes]:
        entries: list[tuple[int, int, int]] = []
        if notification.running:
            bits = notification.bits
            if batch.changed & bits:
                old = batch.before & bits
                for at, level in batch.samples:
                    if level & bits != old:
                        old = level & bits
                        entries.append((0, at, level))
            if batch.timeouts & bits:
                entries += _flagged(batch.timeouts & bits, FLAG_WATCHDOG, tick, batch.level)
        if batch.events & notification.events:
            wanted = batch.events & notification.events
            entries += _flagged(wanted, FLAG_EVENT, tick, batch.level)
        if not entries and batch.at_us - notification.reported_us > KEEPALIVE_US:
            entries.append((FLAG_ALIVE, tick, batch.level))
        first = notification.sequence
        notification.sequence = first + len(entries) & 0xFFFF
        return [
            _REPORT.pack(first + index & 0xFFFF, flags, at, level)
            for index, (flags, at, level) in enumerate(entries)
        ]

    def _update(self) -> None:
        bits = 0
        for notification in self._handles:
            if notification is not None and notification.running:
                bits |= notification.bits
        self.bits = bits & WORD_MASK
        self._changed()

    def _find(self, handle: int) -> Notification | None:
        notification = self._handles[handle] if handle < HANDLES else None
        return None if notification is None or notification.closing else notification

    def _begin(self, handle: int, bits: int, _: bytes) -> int:
        notification = self._find(handle)
        if notification is None:
            return Err.BAD_HANDLE
        notification.bits, notification.running = bits, True
        self._update()
        return 0

    def _pause(self, handle: int, _: int, __: bytes) -> int:
        notification = self._find(handle)
        if notification is None:
            return Err.BAD_HANDLE
        notification.bits, notification.running = 0, False
        self._update()
        return 0

    def _close(self, handle: int, _: int, __: bytes) -> int:
        # The slot is free again only after the alert thread has run (gpioNotifyClose).
        notification = self._find(handle)
        if notification is None:
            return Err.BAD_HANDLE
        notification.bits, notification.running, notification.closing = 0, False, True
        self._update()
        return 0

    def _monitor_events(self, handle: int, events: int, _: bytes) -> int:
        notification = self._find(handle)
        if notification is None:
            return Err.BAD_HANDLE
        notification.events = events
        return 0


def _flagged(bits: int, flag: int, tick: int, level: int) -> list[tuple[int, int, int]]:
    return [(flag | bit, tick, level) for bit in range(32) if bits >> bit & 1]
