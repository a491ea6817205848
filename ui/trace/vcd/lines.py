"""The lines of a value change dump, numbered and of limited length."""

from collections.abc import Callable, Iterator
from typing import IO

MAX_LINE = 65_536
"""In bytes. The longest sensible line is a comment; a change takes about thirty."""
BLOCK = 1 << 20
END = b"$end"


class VcdError(ValueError):
    """The file is not a value change dump, or is damaged before its end."""


class VcdLines:
    """Yield the complete lines of a file, stripped of spaces.

    `number` is the number of the last line yielded, counted from 1. `is_whole` becomes False if the
    file ends in the middle of a line; that last line is not yielded. Raises `VcdError` for a line
    longer than `MAX_LINE`. At most one block of the file is in memory; `after_block` is called
    after the last line of each block.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.after_block: Callable[[], None] = lambda: None
        self.number = 0
        self.is_whole = True
        self._whole = self._read()

    def __iter__(self) -> Iterator[bytes]:
        return self._whole

    def next(self) -> bytes | None:
        """Return the next line, None at the end."""
        return next(self._whole, None)

    def _read(self) -> Iterator[bytes]:
        rest, before = b"", 1
        while block := self._file.read(BLOCK):
            *whole, rest = (rest + block).split(b"\n")
            _check_lengths(whole, rest, before)
            for number, line in enumerate(whole, before):
                self.number = number
                yield line.strip()
            before += len(whole)
            self.after_block()
        self.is_whole = not rest


def _check_lengths(whole: list[bytes], rest: bytes, first: int) -> None:
    if max(map(len, (*whole, rest))) <= MAX_LINE:
        return
    lengths = map(len, (*whole, rest))
    number = next(n for n, length in enumerate(lengths, first) if length > MAX_LINE)
    raise VcdError(f"line {number} is longer than {MAX_LINE} bytes: this is not a VCD file")
