"""What the link refused by itself, counted for the records; they are the control thread's to keep.

The link thread counts; once the control thread has taken what was counted before, the next lot is
put out for it. Each of the two fields that cross has one writer at a time, so nobody waits.
"""

from typing import NamedTuple

from appliance.link.interfaces import RefusedLines
from appliance.link.text_conversion import text_of_counted
from appliance.messages.replies import Refused
from appliance.texts.text import text

MAX_KINDS = 16
"""Kinds of trouble told apart at a time; the rest is one."""


class _Kind(NamedTuple):
    peer: str
    rule: str


class RefusalCounts:
    """Counts by peer and rule."""

    def __init__(self) -> None:
        self._counted: dict[_Kind, RefusedLines] = {}
        self._ready: tuple[RefusedLines, ...] = ()

    def count(self, peer: str, action: str, refused: Refused) -> None:
        """Count one line that was refused; called by the link thread."""
        kind = _Kind(peer, refused.rule)
        known = self._counted.get(kind)
        if known is None and len(self._counted) >= MAX_KINDS:
            kind = _Kind("", "")
            known = self._counted.get(kind, RefusedLines("", "", text("clients.further"), 0))
        if known is None:
            known = RefusedLines(peer, action, text_of_counted(refused), 0)
        self._counted[kind] = known._replace(lines=known.lines + 1)

    def offer(self) -> None:
        """Put out what was counted, if the last lot has been taken; called by the link thread."""
        if self._counted and not self._ready:
            self._ready = tuple(self._counted.values())
            self._counted = {}

    def take(self) -> tuple[RefusedLines, ...]:
        """Return what was put out, once; called by the control thread."""
        ready = self._ready
        if ready:
            self._ready = ()
        return ready
