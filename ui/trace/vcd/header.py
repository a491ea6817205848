"""The declarations of a value change dump: which signals there are, and what a tick lasts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ui.trace.vcd.lines import END, VcdError, VcdLines

MAX_WORDS = 100_000
"""Of the whole header: some ten thousand signals. Ours has twenty."""
MAX_SIZE = 62
"""Bits of a vector, so that its value is a whole number of 64 bits with a sign."""
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
    """A signal as declared; `size` in bits."""

    name: str
    is_real: bool
    size: int


@dataclass(slots=True)
class VcdHeader:
    """Signals by their code in the file, codes by name, and (times, divided by) for ns."""

    variables: dict[bytes, Variable] = field(default_factory=dict)
    codes: dict[str, bytes] = field(default_factory=dict)
    scale: tuple[int, int] = (0, 0)


def read_header(lines: VcdLines) -> VcdHeader:
    """Read up to $enddefinitions; raises `VcdError` for anything but whole declarations."""
    header = VcdHeader()
    for words in _sections(lines):
        keyword = words[0]
        if keyword == b"$enddefinitions":
            if not header.scale[0]:
                raise VcdError("no $timescale before $enddefinitions: this is no whole VCD header")
            return header
        try:
            _take(header, words)
        except ValueError as error:
            raise VcdError(f"line {lines.number}, in the header: {error}") from error
    raise VcdError("no $enddefinitions: this is no VCD file, or it was cut off in its header")


def _take(header: VcdHeader, words: list[bytes]) -> None:
    if words[0] == b"$timescale":
        if header.scale[0]:
            raise ValueError("a second $timescale")
        header.scale = _scale(b"".join(words[1:]))
    elif words[0] == b"$var":
        _declare(header, words)
    elif words[0] not in _PLAIN:
        raise ValueError(f"{_shown(words[0])} is no declaration")


def _declare(header: VcdHeader, words: list[bytes]) -> None:
    """Note a signal. Two names may share one code: they are one signal."""
    if len(words) <= _NAME_AT:
        raise ValueError(f"{_shown(b' '.join(words))} is not like '$var wire 1 ! name $end'")
    _, kind, size, code, name = words[: _NAME_AT + 1]
    if kind not in _KINDS:
        raise ValueError(f"a signal of the unknown kind {_shown(kind)}")
    bits = int(size) if size.isdigit() else 0
    is_real = kind in _REALS
    if not 1 <= bits <= MAX_SIZE and not is_real:
        raise ValueError(f"a signal of {_shown(size)} bits: 1 to {MAX_SIZE} can be read")
    new = Variable(name.decode("utf-8", "backslashreplace"), is_real, bits)
    known = header.variables.setdefault(code, new)
    if known[1:] != new[1:]:
        raise ValueError(f"the code {_shown(code)} is declared twice, as two kinds of signal")
    if header.codes.setdefault(new.name, code) != code:
        raise ValueError(f"{new.name!r} is declared twice: which of the two is not to be told")


def _sections(lines: VcdLines) -> Iterator[list[bytes]]:
    """Yield each `$word ... $end` of the header without its $end."""
    words: list[bytes] = []
    count = 0
    for line in lines:
        found = line.split()
        count += len(found)
        if count > MAX_WORDS:
            raise VcdError(f"line {lines.number}: the header does not end; this is no VCD file")
        if found and not words and not found[0].startswith(b"$"):
            raise VcdError(
                f"line {lines.number}: this is no VCD file, its header does not begin with a "
                "$ keyword"
            )
        words += found
        while END in found:
            at = words.index(END)
            if at:
                yield words[:at]
            words = found = words[at + 1 :]


def _scale(text: bytes) -> tuple[int, int]:
    digits = text.rstrip(b"munpfs")
    exponent = _SECONDS_EXPONENT.get(text[len(digits) :])
    if exponent is None or digits not in _STEPS:
        raise ValueError(f"timescale {_shown(text)} is not like '100 ns'")
    return (int(digits) * 10 ** max(exponent, 0), 10 ** max(-exponent, 0))


def _shown(text: bytes) -> str:
    return repr(text[:40].decode("ascii", "backslashreplace"))
