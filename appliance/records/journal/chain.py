"""The hash chain over events: pure functions that a third party can repeat.

    digest = SHA-256(salt || body)
    hash   = SHA-256(previous hash || number as 8 bytes, big end first || digest)

`body` holds everything an event says, including its header columns. Salt and body may be erased;
the rest keeps the chain whole and reveals nothing, and the `erased` event that is written with it
keeps a digest of each remaining header. The chain shows any change inside it. It cannot show that
somebody rewrote all of it, and by itself it cannot show that its end was removed.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

NO_HASH = bytes(32)
"""The hash before the first event."""
ERASED = "erased"
"""Name of the event that says which bodies were erased, and why."""

_encode = msgspec.json.Encoder(order="deterministic").encode


class ChainHeader(NamedTuple):
    """The columns an event can be found by."""

    boot: int
    session: str | None
    name: str
    utc_us: int
    monotonic_us: int
    clock_trusted: bool


class ChainBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The decoded body: the header again, and the facts."""

    boot: int
    clock_trusted: bool
    facts: Mapping[str, object]
    monotonic_us: int
    name: str
    session: str | None
    utc_us: int

    def header(self) -> ChainHeader:
        """Return the header that the columns must equal."""
        return ChainHeader(
            self.boot, self.session, self.name, self.utc_us, self.monotonic_us, self.clock_trusted
        )


class ChainRow(NamedTuple):
    """One event as stored; salt and body are None once erased."""

    number: int
    header: ChainHeader
    digest: bytes
    hash: bytes
    salt: bytes | None
    body: bytes | None


class ChainFinding(NamedTuple):
    """Something is not as it was written: where, and an English text."""

    where: str
    text: str


class _Erasure(msgspec.Struct):
    kept: dict[int, str]


_decode = msgspec.json.Decoder(ChainBody).decode


def canonical(value: object) -> bytes:
    """Return the one JSON text of `value`: keys sorted, no spaces, UTF-8; raises TypeError."""
    return _encode(value)


def digest_of(value: object) -> str:
    """Return SHA-256 of the canonical JSON of a value, in hex: plans and prescriptions."""
    return hashlib.sha256(_encode(value)).hexdigest()


def body_digest(salt: bytes, body: bytes) -> bytes:
    """Return the digest of a body; the salt prevents guessing an erased one."""
    return hashlib.sha256(salt + body).digest()


def link(previous: bytes, number: int, digest: bytes) -> bytes:
    """Return the hash of an event."""
    return hashlib.sha256(previous + number.to_bytes(8, "big") + digest).digest()


def read_body(body: bytes) -> ChainBody:
    """Return the decoded body; raises `msgspec.DecodeError`."""
    return _decode(body)


def seal_bytes(measurement: Sequence[object]) -> bytes:
    """Return what one measurement adds to the SHA-256 of its seal: its row as a JSON line."""
    return _encode(measurement) + b"\n"


def header_digest(number: int, header: ChainHeader) -> str:
    """Return the digest of a header, hex, that an erasure keeps to detect later changes."""
    return digest_of([number, *header])


def verify(
    rows: Iterable[ChainRow], previous: bytes = NO_HASH, first: int = 1
) -> Iterator[ChainFinding]:
    """Yield a finding for each alteration, once, at the event where it is.

    `rows` are in the order of their numbers. `previous` and `first` are for checking a part that
    begins later.
    """
    erased: dict[int, str] = {}
    claimed: dict[int, str] = {}
    expected = first
    for row in rows:
        if row.number != expected:
            yield ChainFinding(f"event {expected}", f"missing: the next one found is {row.number}")
        elif row.hash != link(previous, row.number, row.digest):
            yield ChainFinding(
                f"event {row.number}", "its hash does not follow from the one before"
            )
        if row.salt is None or row.body is None:
            erased[row.number] = header_digest(row.number, row.header)
        else:
            yield from _verify_body(row, row.salt, row.body)
            if row.header.name == ERASED:
                claimed |= _claims(row.body)
        previous, expected = row.hash, row.number + 1
    for number, digest in erased.items():
        if number not in claimed:
            yield ChainFinding(f"event {number}", "its body is gone, and no erasure says so")
        elif claimed[number] != digest:
            yield ChainFinding(f"event {number}", "its columns were changed after the erasure")


def _verify_body(row: ChainRow, salt: bytes, body: bytes) -> Iterator[ChainFinding]:
    if body_digest(salt, body) != row.digest:
        yield ChainFinding(f"event {row.number}", "its body or salt is not what was written")
        return
    try:
        header = read_body(body).header()
    except msgspec.DecodeError:
        yield ChainFinding(f"event {row.number}", "its body cannot be read")
        return
    for column, written, stored in zip(ChainHeader._fields, header, row.header, strict=True):
        if written != stored:
            yield ChainFinding(
                f"event {row.number}", f"{column} was written as {written} and now says {stored}"
            )


def _claims(body: bytes) -> dict[int, str]:
    """Return number and header digest of each event that an `erased` event names."""
    try:
        return msgspec.convert(read_body(body).facts, _Erasure, strict=False).kept
    except msgspec.DecodeError:
        return {}
