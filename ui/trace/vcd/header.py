"""The header of a value change dump: declared signals, and the length of a tick."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ui.trace.vcd.lines import END, VcdError, VcdLines

MAX_WORDS = 100_000
"""Limit for the whole header: enough for about ten thousand signals. Ours has twenty."""
MAX_SIZE = 62
"""Limit for the bits of a vector, so that its value fits into a signed 64-bit integer."""
_SECONDS_EXPONENT = {b"s": 9, b"ms": 6, b"us": 3, b"ns": 0, b"ps": -3, b"fs": -6}
_STEPS = {b"1", b"10", b"100"}
_REALS = {b"real", b"realtime"}
_KINDS = _REALS | {
    *(b"event", b"integer", b"parameter", b"reg", b"supply0", b"supply1", b"time", b"tri"),
    *(b"triand", b"trior", b"trireg", b"tri0", b"tri1", b"wand", b"wire", b"wor", b"logic", b"bit"),
}
_NAME_AT = 4
_PLAIN = {b"$comment", b"$date", b"$version", b"$scope", b"$upscope", b"$attrbegin", b"$attrend"}


class Variable(NamedTuple):
    """A declared signal; `size` in bits."""

    name: str
    is_real: bool
    size: int


@dataclass(slots=True)
class VcdHeader:
    """Signals by code, codes by name, and the scale: a tick is scale[0] / scale[1] ns."""

    variables: dict[bytes, Variable] = field(default_factory=dict)
    codes: dict[str, bytes] = field(default_factory=dict)
    scale: tuple[int, int] = (0, 0)


def read_header(lines: VcdLines) -> VcdHeader:
    """Read up to $enddefinitions; raises `VcdError` for anything but complete declarations."""
    header = VcdHeader()
    for words in _sections(lines):
        keyword = words[0]
        if keyword == b"$enddefinitions":
            if not header.scale[0]:
                raise VcdError("no $timescale before $enddefinitions: the VCD header is incomplete")
            return header
        try:
            _read_section(header, words)
        except ValueError as error:
            raise VcdError(f"line {lines.number}, in the header: {error}") from error
    raise VcdError("no $enddefinitions: this is not a VCD file, or it was cut off in its header")


def _read_section(header: VcdHeader, words: list[bytes]) -> None:
    if words[0] == b"$timescale":
        if header.scale[0]:
            raise ValueError("a second $timescale")
        header.scale = _scale(b"".join(words[1:]))
    elif words[0] == b"$var":
        _declare(header, words)
    elif words[0] not in _PLAIN:
        raise ValueError(f"{_shown(words[0])} is not a declaration")


def _declare(header: VcdHeader, words: list[bytes]) -> None:
    """Add a declared signal. Two names may have the same code: they are one signal."""
    if len(words) <= _NAME_AT:
        raise ValueError(f"{_shown(b' '.join(words))} is not like '$var wire 1 ! name $end'")
    _, kind, size, code, name = words[: _NAME_AT + 1]
    if kind not in _KINDS:
        raise ValueError(f"unknown kind of signal: {_shown(kind)}")
    bits = int(size) if size.isdigit() else 0
    is_real = kind in _REALS
    if not 1 <= bits <= MAX_SIZE and not is_real:
        raise ValueError(f"a signal has {_shown(size)} bits; 1 to {MAX_SIZE} can be read")
    new = Variable(name.decode("utf-8", "backslashreplace"), is_real, bits)
    known = header.variables.setdefault(code, new)
    if known[1:] != new[1:]:
        raise ValueError(f"the code {_shown(code)} is declared for two different kinds of signal")
    if header.codes.setdefault(new.name, code) != code:
        raise ValueError(f"{new.name!r} is declared twice, with two different codes")


def _sections(lines: VcdLines) -> Iterator[list[bytes]]:
    """Yield each `$word ... $end` of the header without its $end."""
    words: list[bytes] = []
    count = 0
    for line in lines:
        new_words = line.split()
        count += len(new_words)
        if count > MAX_WORDS:
            raise VcdError(f"line {lines.number}: the header does not end; this is not a VCD file")
        if new_words and not words and not new_words[0].startswith(b"$"):
            raise VcdError(
                f"line {lines.number}: this is not a VCD file, its header does not begin with a "
                "$ keyword"
            )
        words += new_words
        while END in new_words:
            at = words.index(END)
            if at:
                yield words[:at]
            words = new_words = words[at + 1 :]


def _scale(text: bytes) -> tuple[int, int]:
    digits = text.rstrip(b"munpfs")
    exponent = _SECONDS_EXPONENT.get(text[len(digits) :])
    if exponent is None or digits not in _STEPS:
        raise ValueError(f"timescale {_shown(text)} is not like '100 ns'")
    return (int(digits) * 10 ** max(exponent, 0), 10 ** max(-exponent, 0))


def _shown(text: bytes) -> str:
    return repr(text[:40].decode("ascii", "backslashreplace"))
