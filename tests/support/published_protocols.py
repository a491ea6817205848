"""Published protocols: what was published, what had to be chosen here, and the verdict on each.

Marks as in docs/clinical-sources.md: Ca the abstract was read, Cp the page, S secondary, M memory,
D judged here.
"""

from pathlib import Path

import msgspec

from appliance.clinical.data_file import parse_data
from appliance.messages.wire import Subject

FOLDER = Path(__file__).parents[1] / "appliance" / "clinical" / "published"
FILES = sorted(FOLDER.glob("*.toml"))


class Protocol(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published protocol as prescribed here; an unknown key is an error.

    `refused_by` are the keys of every limit that refuses it, `nearest` what would be accepted.
    """

    citation: str
    published: str
    programme: dict[str, object]
    chosen: str = ""
    session: str = "later"
    subject: Subject = Subject.PATIENT
    placement: str = ""
    refused_by: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


def protocol_of(file: Path) -> Protocol:
    """Return the protocol of a file; raises `ConfigError`."""
    return parse_data(file.read_bytes(), file.name, Protocol)
