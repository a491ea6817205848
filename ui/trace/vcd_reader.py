"""Reads a value change dump (IEEE 1364 clause 18) into columns of numbers.

It knows nothing of our board or of the library that wrote the file. A recording cut off in
mid-line is read up to its last whole line. An x or z counts as 0.
"""

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_SECONDS_EXPONENT = {b"s": 9, b"ms": 6, b"us": 3, b"ns": 0, b"ps": -3, b"fs": -6}
_VAR_WORDS = 6
_HASH, _ZERO, _ONE, _DOLLAR, _NEWLINE = b"#01$\n"
_BINARY, _REAL = b"bB", b"rR"
_UNKNOWN = bytes.maketrans(b"xXzZuU-", b"0000000")
_END = b"$end"


class VcdError(ValueError):
    """The file is no value change dump, or is damaged before its end."""


@dataclass(frozen=True, slots=True)
class Steps:
    """One signal: `values[k]` from `times_ns[k]` on; 0 before the first."""

    times_ns: Sequence[int]
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Recording:
    """Signals by name. `is_whole` is False where the file ends in mid-line."""

    signals: Mapping[str, Steps]
    end_ns: int
    is_whole: bool

    def get(self, name: str) -> Steps:
        """Return a signal; one that was not recorded is empty."""
        return self.signals.get(name, _EMPTY)


_EMPTY = Steps((), ())


class _Column:
    """A signal being filled."""

    __slots__ = ("add_time", "add_value", "times", "values")

    def __init__(self, kind: bytes) -> None:
        self.times = array("q")
        self.values = array("d" if kind in {b"real", b"realtime"} else "q")
        self.add_time: Callable[[int], None] = self.times.append
        # A scalar or vector is a whole number; a real into such a column is damage (TypeError).
        self.add_value: Callable[[float], None] = self.values.append  # type: ignore[assignment]


def read_vcd(path: Path, names: Collection[str] | None = None) -> Recording:
    """Return the signals called `names` (all if None), whatever scope they are in.

    Raises `VcdError` for a file that is no dump or is damaged in the middle, `OSError` for one
    that cannot be read.
    """
    with path.open("rb") as file:
        lines = _Lines(file)
        columns, found, scale = _header(lines, names)
        return _body(lines, columns, found, scale)


class _Lines:
    """Whole lines of a file; remembers whether the last one was whole."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.is_whole = True
        self._whole = self._read()

    def __iter__(self) -> Iterator[bytes]:
        return self._whole

    def next(self, default: bytes) -> bytes:
        """Return the next line, `default` at the end."""
        return next(self._whole, default)

    def _read(self) -> Iterator[bytes]:
        for line in self._file:
            if line[-1] != _NEWLINE:
                self.is_whole = False
                return
            yield line


def _header(
    lines: _Lines, names: Collection[str] | None
) -> tuple[dict[bytes, _Column], dict[str, _Column], tuple[int, int]]:
    """Read the declarations: columns by code, by name, and (times, divided by) for ns."""
    columns: dict[bytes, _Column] = {}
    found: dict[str, _Column] = {}
    scale: tuple[int, int] | None = None
    for words in _sections(lines):
        if words[0] == b"$timescale":
            scale = _scale(b"".join(words[1:]))
        elif words[0] == b"$var" and len(words) >= _VAR_WORDS - 1:
            _, kind, _, code, name = words[:5]
            text = name.decode("utf-8", "replace")
            if names is None or text in names:
                # Two names may share one code: they are one signal.
                found[text] = columns.setdefault(code, _Column(kind))
        elif words[0] == b"$enddefinitions":
            if scale is None:
                raise VcdError("no $timescale before $enddefinitions: this is no whole VCD header")
            return columns, found, scale
    raise VcdError("no $enddefinitions: this is no VCD file, or it was cut off in its header")


def _sections(lines: _Lines) -> Iterator[list[bytes]]:
    """Yield each `$word ... $end` of the header without its $end."""
    words: list[bytes] = []
    for line in lines:
        words += line.split()
        if words and not words[0].startswith(b"$"):
            raise VcdError("this is no VCD file: it does not begin with a $ keyword")
        while _END in words:
            at = words.index(_END)
            if at:
                yield words[:at]
            words = words[at + 1 :]


def _scale(text: bytes) -> tuple[int, int]:
    digits = text.rstrip(b"munpfs")
    exponent = _SECONDS_EXPONENT.get(text[len(digits) :])
    if exponent is None or not digits.isdigit() or int(digits) == 0:
        raise VcdError(f"timescale {text.decode('ascii', 'replace')!r} is not like '100 ns'")
    return (int(digits) * 10 ** max(exponent, 0), 10 ** max(-exponent, 0))


def _body(
    lines: _Lines,
    columns: dict[bytes, _Column],
    found: dict[str, _Column],
    scale: tuple[int, int],
) -> Recording:
    """Read the changes. One loop: a treatment holds millions of them."""
    times, divided_by = scale
    column_of = columns.get
    now_ns = 0
    line = b""
    try:
        for line in lines:
            first = line[0]
            if first == _HASH:
                now_ns = int(line[1:]) * times // divided_by
            elif first in (_ZERO, _ONE):
                column = column_of(line[1:].rstrip())
                if column is not None:
                    column.add_time(now_ns)
                    column.add_value(first - _ZERO)
            elif first == _DOLLAR:
                _skip(lines, line)
            else:
                _other(column_of, now_ns, line)
    except (ValueError, OverflowError, TypeError) as error:
        shown = line[:40].decode("ascii", "replace").rstrip()
        raise VcdError(f"damaged near {now_ns / 1e9:.6f} s: {shown!r} is no change") from error
    signals = {name: Steps(column.times, column.values) for name, column in found.items()}
    return Recording(signals, now_ns, lines.is_whole)


def _other(column_of: Callable[[bytes], _Column | None], now_ns: int, line: bytes) -> None:
    """Take in a vector, a real, or an unknown bit; raises `ValueError` for anything else."""
    first = line[0]
    if first in _REAL or first in _BINARY:
        value, code = line[1:].split()
        column = column_of(code)
        if column is not None:
            column.add_time(now_ns)
            if first in _REAL:
                column.add_value(float(value))
            else:
                column.add_value(int(value.translate(_UNKNOWN), 2))
    elif line.strip():
        if first not in b"xXzZ":
            raise ValueError("unknown kind of change")
        column = column_of(line[1:].rstrip())
        if column is not None:
            column.add_time(now_ns)
            column.add_value(0)


def _skip(lines: _Lines, line: bytes) -> None:
    """Pass over a comment; what stands between $dumpvars and its $end are changes like others."""
    if line.startswith(b"$comment"):
        while _END not in line.split():
            line = lines.next(_END)
