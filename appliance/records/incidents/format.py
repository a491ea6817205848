r"""The file of an incident: JSON lines, packed with gzip, that anybody can read and check.

first line   header: cause, stops, versions, the columns of the rows
then         rows (arrays) and events (objects) in the order of time
last line    {"sha256", "public_key", "signature"}: SHA-256 of every byte before this line, and
             the Ed25519 signature of "stimkiosk-capsule/1\n" and that digest

zcat FILE | head -n -1 | sha256sum     # must equal the digest in the last line
"""

import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from appliance.records.journal.chain import canonical
from appliance.records.storage.signing_key import DeviceKey, is_signed
from drivers.host.regular_files import read_regular

FORMAT = "stimkiosk-capsule/1"
SUFFIX = ".capsule.jsonl.gz"
PACKING = 4
"""gzip's level: the file is a fifth larger than at the best level, in a fifth of the time."""

LONGEST_BYTES = 64 * 1024 * 1024
"""Limit of a file, packed or not: one minute of four channels unpacks to some 4 MB (D)."""

Plain = dict[str, Any]


class IncidentDraft(NamedTuple):
    """An incident to be sealed. `entries` is called once, on the thread that writes."""

    name: str
    session: str | None
    cause: str
    header: Mapping[str, object]
    entries: Callable[[], Iterable[object]]


class IncidentSeal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last line of the file; SHA-256, public key and signature in hex."""

    sha256: str
    public_key: str
    signature: str


class Incident(NamedTuple):
    """An incident read from its file; `problems` is empty if the seal fits the content."""

    header: Plain
    rows: tuple[list[Any], ...]
    events: tuple[Plain, ...]
    seal: IncidentSeal | None
    problems: tuple[str, ...]

    def column(self, name: str) -> list[Any]:
        """Return one column of the rows by its name; raises `KeyError`."""
        columns = self.header.get("columns", [])
        if name not in columns:
            raise KeyError(name)
        place = columns.index(name)
        return [row[place] for row in self.rows]


def encode(draft: IncidentDraft, key: DeviceKey) -> bytes:
    """Return the whole file; the same draft and key give the same bytes. Raises `TypeError`."""
    digest = hashlib.sha256()
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=PACKING, mtime=0) as file:
        for line in _lines(draft):
            digest.update(line)
            file.write(line)
        seal = IncidentSeal(digest.hexdigest(), key.public, key.sign(_signed(digest.digest())))
        file.write(canonical(seal) + b"\n")
    return packed.getvalue()


def packed_of(path: Path) -> bytes:
    """Return the bytes of an incident's file; raises `OSError`, also if it is no regular file."""
    return read_regular(path, LONGEST_BYTES)


def read(path: Path) -> Incident:
    """Read an incident and check its seal; errors are in `problems`. Raises `OSError`."""
    packed = packed_of(path)
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            text = file.read(LONGEST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        return Incident({}, (), (), None, (f"it cannot be unpacked: {error}",))
    if len(text) > LONGEST_BYTES:
        why = f"it unpacks to more than {LONGEST_BYTES} bytes, which none of ours does"
        return Incident({}, (), (), None, (why,))
    content, _, last = text.rstrip(b"\n").rpartition(b"\n")
    content += b"\n"
    try:
        seal = msgspec.json.decode(last, type=IncidentSeal)
    except msgspec.DecodeError:
        return Incident({}, (), (), None, ("its last line is no seal",))
    return _checked(content, seal)


def is_sealed_as(incident: Incident, path: Path, keys: Container[str | None]) -> bool:
    """Say whether it is whole, under its own name, and signed with one of these keys."""
    if incident.problems or incident.seal is None or incident.seal.public_key not in keys:
        return False
    return path.name == f"{incident.header.get('capsule')}{SUFFIX}"


def _checked(content: bytes, seal: IncidentSeal) -> Incident:
    problems = []
    digest = hashlib.sha256(content)
    if digest.hexdigest() != seal.sha256:
        problems.append("its content is not what was sealed")
    if not is_signed(seal.public_key, _signed(digest.digest()), seal.signature):
        problems.append("its signature does not fit its content")
    try:
        first, *others = [msgspec.json.decode(line) for line in content.splitlines()]
    except (msgspec.DecodeError, ValueError, RecursionError):
        return Incident({}, (), (), seal, (*problems, "its content cannot be read"))
    rows = tuple(value for value in others if isinstance(value, list))
    events = tuple(value for value in others if isinstance(value, dict))
    header = first if isinstance(first, dict) else {}
    return Incident(header, rows, events, seal, tuple(problems))


def _lines(draft: IncidentDraft) -> Iterator[bytes]:
    yield canonical({"capsule": draft.name, "format": FORMAT, **draft.header}) + b"\n"
    for entry in draft.entries():
        yield canonical(entry) + b"\n"


def _signed(digest: bytes) -> bytes:
    return FORMAT.encode() + b"\n" + digest
