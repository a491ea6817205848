"""Read a value change dump (IEEE 1364 clause 18) into columns of numbers.

Independent of our board and of the library that wrote the file. Every line is checked: one that is
not a change of a declared signal, or a time before the previous one, is reported as damage with its
line number. A recording cut off in the middle of a line is read up to its last complete line. An x
or z counts as 0, and its time is kept. At most `MAX_CHANGES` values of 16 bytes are kept, so that
memory is limited for any file.
"""

import os
from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from drivers.host.regular_files import open_regular
from ui.trace.vcd.header import Variable, VcdHeader, read_header
from ui.trace.vcd.lines import END, VcdError, VcdLines

MAX_CHANGES = 50_000_000
"""800 MB. 60 min of 250 pulses per second on both channels keep about 25 million."""
MAX_STEP_NS = 86_400_000_000_000
"""A day without a single change. A running board toggles its heartbeat every 10 ms, and a stopped
one is not recorded overnight (D)."""
MAX_REAL = 1e15
"""Far beyond any value in any unit; its sums and squares stay finite."""
MAX_DIGITS = 18
"""Longest time, in digits: no recording needs more, and the integer stays small."""
SHOWN_BYTES = 40
_HASH, _DOLLAR = b"#$"
_BINARY, _REAL, _UNKNOWN_BIT = b"bB", b"rR", b"xXzZ"
_UNKNOWN = bytes.maketrans(b"xXzZuU-", b"0000000")
_SECTIONS = {b"$dumpvars", b"$dumpall", b"$dumpon", b"$dumpoff", END}


@dataclass(frozen=True, slots=True)
class Steps:
    """One signal: it has `values[k]` from `times_ns[k]` on, and 0 before the first change."""

    times_ns: Sequence[int]
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Recording:
    """The signals of a file by name.

    `cut_off` says where a file ends that was cut off in the middle of a line; None otherwise.
    `unknown_ns` gives the first time after 0 at which a signal was x or z.
    """

    signals: Mapping[str, Steps]
    end_ns: int
    cut_off: str | None = None
    unknown_ns: Mapping[str, int] = field(default_factory=dict)

    def get(self, name: str) -> Steps:
        """Return a signal; one that was not recorded has no values."""
        return self.signals.get(name, _EMPTY)

    @property
    def is_whole(self) -> bool:
        """Tell whether the file ends with a complete line."""
        return self.cut_off is None


_EMPTY = Steps((), ())


class _Column:
    """The values of a declared signal; a signal that is not kept is checked all the same."""

    __slots__ = (
        "add_time",
        "add_value",
        "is_real",
        "name",
        "size",
        "times",
        "unknown_ns",
        "values",
    )

    def __init__(self, variable: Variable, *, kept: bool) -> None:
        self.name = variable.name
        self.is_real, self.size = variable.is_real, variable.size
        self.times = array("q")
        self.values = array("d" if self.is_real else "q")
        self.unknown_ns: int | None = None
        self.add_time: Callable[[int], None] = self.times.append if kept else _discard
        # A scalar or vector is an integer; the kind of each change is checked before.
        self.add_value: Callable[[float], None] = (
            self.values.append if kept else _discard  # type: ignore[assignment]
        )


def _discard(_: float) -> None:
    """Accept a value of a signal that is not kept."""


def read_vcd(path: Path, names: Collection[str] | None = None) -> Recording:
    """Return the signals called `names` (all if None), in any scope.

    Raises `VcdError` for a file that is not a value change dump or is damaged in the middle,
    `OSError` for one that cannot be read.
    """
    with os.fdopen(open_regular(path, os.O_RDONLY, follow=True), "rb") as file:
        lines = VcdLines(file)
        header = read_header(lines)
        columns = {
            code: _Column(variable, kept=names is None or variable.name in names)
            for code, variable in header.variables.items()
        }
        end_ns = _Body(lines, columns, header).read()
    wanted = {
        name: columns[code] for name, code in header.codes.items() if names is None or name in names
    }
    return Recording(
        {name: Steps(column.times, column.values) for name, column in wanted.items()},
        end_ns,
        None if lines.is_whole else f"cut off in the middle of line {lines.number + 1}",
        {name: at for name, column in wanted.items() if (at := column.unknown_ns) is not None},
    )


class _Body:
    """The part of a file after its header: changes, one per line."""

    def __init__(self, lines: VcdLines, columns: dict[bytes, _Column], header: VcdHeader) -> None:
        self._lines = lines
        self._columns = columns
        self._times, self._divided_by = header.scale
        self._now_ns = 0
        lines.after_block = self._check_size

    def read(self) -> int:
        """Read to the end; return the last time in ns."""
        line = b""
        bits = {
            b"%d%s" % (level, code): (column.add_time, column.add_value, level)
            for code, column in self._columns.items()
            if column.size == 1 and not column.is_real
            for level in (0, 1)
        }
        try:
            for line in self._lines:
                bit = bits.get(line)
                if bit is not None:  # most lines: a treatment holds millions of them
                    add_time, add_value, level = bit
                    add_time(self._now_ns)
                    add_value(level)
                elif line:
                    self._other(line)
        except _Damage as damage:
            shown = repr(line[:SHOWN_BYTES].decode("ascii", "backslashreplace"))
            at_s = self._now_ns / 1e9
            where = f"damaged in line {self._lines.number}, near {at_s:.6f} s"
            raise VcdError(f"{where}: {shown} {damage}") from damage
        return self._now_ns

    def _other(self, line: bytes) -> None:
        first = line[0]
        if first == _HASH:
            self._time(line[1:])
        elif first in _REAL:
            self._real(line)
        elif first in _BINARY:
            self._vector(line)
        elif first in _UNKNOWN_BIT:
            self._bits(line[:1], line[1:])
        elif first == _DOLLAR:
            self._section(line)
        elif first in b"01":
            column = self._declared(line[1:])
            raise _Damage(f"is one bit, but {column.name} is not a signal of one bit")
        else:
            raise _Damage("is not a change of a signal")

    def _time(self, text: bytes) -> None:
        if not text.isdigit() or len(text) > MAX_DIGITS:
            raise _Damage("is not a time")
        at_ns = int(text) * self._times // self._divided_by
        step_ns = at_ns - self._now_ns
        if step_ns < 0:
            raise _Damage("goes back in time")
        if step_ns > MAX_STEP_NS:
            raise _Damage(f"jumps ahead by {step_ns / 3.6e12:.0f} h; up to 24 h can be read")
        self._now_ns = at_ns

    def _real(self, line: bytes) -> None:
        text, column = self._parts(line)
        try:
            value = float(text)
        except ValueError:
            raise _Damage("is not a number") from None
        if not -MAX_REAL <= value <= MAX_REAL or b"_" in text:
            raise _Damage("is not a number that a signal can have")
        if not column.is_real:
            raise _Damage(f"is a real number, but {column.name} is declared as bits")
        column.add_time(self._now_ns)
        column.add_value(value)

    def _vector(self, line: bytes) -> None:
        text, column = self._parts(line)
        if column.is_real:
            raise _Damage(f"is bits, but {column.name} is declared as a real number")
        if len(text) > column.size:
            raise _Damage(f"has {len(text)} bits, but {column.name} has {column.size}")
        self._bits(text, line.split()[1])

    def _bits(self, text: bytes, code: bytes) -> None:
        column = self._declared(code)
        known = text.translate(_UNKNOWN)
        if known.strip(b"01") or column.is_real:
            raise _Damage(f"is not a value of {column.name}")
        if known != text and self._now_ns and column.unknown_ns is None:
            column.unknown_ns = self._now_ns
        column.add_time(self._now_ns)
        column.add_value(int(known, 2))

    def _parts(self, line: bytes) -> tuple[bytes, _Column]:
        words = line[1:].split()
        if len(words) != len(("value", "code")):
            raise _Damage("is not a value and a signal's code")
        return words[0], self._declared(words[1])

    def _declared(self, code: bytes) -> _Column:
        column = self._columns.get(code)
        if column is None:
            raise _Damage("changes a signal that the header does not declare")
        return column

    def _section(self, line: bytes) -> None:
        """Skip a comment; changes between $dumpvars and its $end are read like all others."""
        words = line.split()
        if words[0] == b"$comment":
            while END not in words:
                following = self._lines.next()
                if following is None:
                    raise _Damage("is a comment without its $end")
                words = following.split()
        elif not set(words) <= _SECTIONS:
            raise _Damage("does not belong between changes")

    def _check_size(self) -> None:
        kept = sum(len(column.times) for column in self._columns.values())
        if kept > MAX_CHANGES:
            raise VcdError(
                f"line {self._lines.number}: more than {MAX_CHANGES:,} changes; record a shorter "
                "time"
            )


class _Damage(Exception):
    """A damaged line; the message is the end of a sentence that begins with the line."""
