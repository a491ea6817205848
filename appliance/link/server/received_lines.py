"""The unread lines of one client; a stop can be taken out of any place.

Lines are split off one by one, when they are processed: to split 64 KiB of newlines at once would
take longer than a control tick may wait. Stops are searched for in the bytes, which takes
microseconds, so that they count at once whatever is before them.
"""

from collections.abc import Iterator

from appliance.link.codec import TOO_LONG, BadLine, decode_from_client
from appliance.link.inbox import is_urgent
from appliance.messages.actions import Command, Stop
from appliance.messages.wire import MAX_LINE_BYTES

STOP_BYTES = 4_096
"""No stop is longer, except by blanks: token, session and numbers are bounded. A longer line is
read in its turn."""
ROOM_BYTES = 256 * 1024
"""More than a socket's buffer holds (212,992 bytes): a stop at the end of a full one is found as
soon as that has been read, not when all before it has been processed."""
CANDIDATES = 4
"""Lines examined in one search; the next search continues after them."""
LAST_LINES = 64
"""Lines of each kind examined before a connection is closed."""
_ESCAPE = rb"\u00"
"""A letter may be written as its number."""
_STOP = (b'"stop"', _ESCAPE)
_URGENT = (b'"pause"', b'"fall"', b'"acknowledge"', b'"hold_rise"', b'"mark_felt"', _ESCAPE)
_LONGEST_WORD = 16


class Backlog:
    """Bytes in the order they arrived; at most `ROOM_BYTES` and one read of them."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._searched = 0
        """Before this position no stop is left that a search would take."""
        self._skipping = False

    def __len__(self) -> int:
        return len(self._held)

    @property
    def has_room(self) -> bool:
        """Say whether one more read may be added."""
        return len(self._held) < ROOM_BYTES

    @property
    def has_line(self) -> bool:
        """Say whether `next_line` would return a line."""
        return b"\n" in self._held or len(self._held) >= MAX_LINE_BYTES

    def add(self, received: bytes) -> None:
        """Add bytes; of a line that is being skipped only its end is kept."""
        if self._skipping:
            _, found, received = received.partition(b"\n")
            self._skipping = not found
        self._held += received

    def next_line(self) -> bytes | BadLine | None:
        """Split off the next line, without newline; None if none is whole.

        A line that is too long is reported once and skipped up to its newline.
        """
        end = self._held.find(b"\n", 0, MAX_LINE_BYTES)
        if end >= 0:
            line = bytes(self._held[:end])
            self._cut(0, end + 1)
            return line
        if len(self._held) < MAX_LINE_BYTES:
            return None
        end = self._held.find(b"\n")
        self._skipping = end < 0
        self._cut(0, end + 1 if end >= 0 else len(self._held))
        return TOO_LONG

    def take_stop(self) -> Command | None:
        """Take the next stop out of what arrived since the last search, wherever it is."""
        for _ in range(CANDIDATES):
            found = [_place(self._held, word, self._searched) for word in _STOP]
            place = min((each for each in found if each >= 0), default=-1)
            if place < 0:
                # A word divided by the end of a read is found with its second half.
                self._searched = max(self._searched, len(self._held) - _LONGEST_WORD)
                return None
            start, end = self._line_around(place)
            if end < 0:
                self._searched = max(self._searched, start)
                return None
            self._searched = end + 1
            stop = self._stop_in(start, end)
            if stop is not None:
                self._cut(start, end + 1)
                return stop
        return None

    def last_words(self) -> Iterator[Command]:
        """Yield every stop and then the other urgent messages of the bytes that stay unread.

        A cut ends the search: nothing is more urgent.
        """
        for words in (_STOP, _URGENT):
            for line in self._lines_with(words):
                message = decode_from_client(line)
                if not isinstance(message, Command) or not is_urgent(message):
                    continue
                if isinstance(message.action, Stop) is (words is _STOP):
                    yield message
                if message.action == Stop(cut=True):
                    return

    def _lines_with(self, words: tuple[bytes, ...]) -> Iterator[bytes]:
        at = 0
        places = {word: _place(self._held, word, 0) for word in words}
        for _ in range(LAST_LINES):
            for word, place in places.items():
                if 0 <= place < at:
                    places[word] = _place(self._held, word, at)
            place = min((each for each in places.values() if each >= 0), default=-1)
            if place < 0:
                return
            start, end = self._line_around(place)
            end = len(self._held) if end < 0 else end  # a whole stop counts without its newline
            at = end + 1
            if end - start < MAX_LINE_BYTES:
                yield bytes(self._held[start:end])

    def _line_around(self, place: int) -> tuple[int, int]:
        """Return where the line around a place begins and ends; -1 while it has no end."""
        return self._held.rfind(b"\n", 0, place) + 1, self._held.find(b"\n", place)

    def _stop_in(self, start: int, end: int) -> Command | None:
        if end - start > STOP_BYTES:
            return None
        message = decode_from_client(bytes(self._held[start:end]))
        is_stop = isinstance(message, Command) and isinstance(message.action, Stop)
        return message if is_stop and isinstance(message, Command) else None

    def _cut(self, start: int, end: int) -> None:
        del self._held[start:end]
        self._searched = max(self._searched - (end - start), 0)


def _place(held: bytearray, word: bytes, at: int) -> int:
    """Return the next position of a word, -1 if there is none.

    Searching its first letter is 40 times faster, and most floods do not contain it.
    """
    first = held.find(word[:1], at)
    return held.find(word, first) if first >= 0 else -1
