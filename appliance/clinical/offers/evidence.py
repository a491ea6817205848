"""What guidelines advise beside stimulation and against; keys of texts that claim nothing."""

from enum import StrEnum
from functools import lru_cache

import msgspec

from appliance.clinical.data_file import parse_data, read_data

FILE = "evidence.toml"


class PainKind(StrEnum):
    """The kind of pain of back or neck that a guideline lists something for."""

    ANY = "any"
    ACUTE = "acute"
    CHRONIC = "chronic"
    RADICULOPATHY = "radiculopathy"


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file; an unknown key is an error."""


class Alternative(_Table, frozen=True, kw_only=True):
    """Something to offer instead or beside, for which pain, and who says so."""

    what: str
    pain: tuple[PainKind, ...]
    source: str


class AdvisedAgainst(_Table, frozen=True, kw_only=True):
    """Something not to be offered, and who says so."""

    what: str
    source: str


class GeneralEvidence(_Table, frozen=True, kw_only=True):
    """What holds for every programme.

    `difference` says how TENS and EMS differ, `guideline` that one advises against both,
    `not_identified` which reports were not used.
    """

    difference: str
    guideline: str
    not_identified: str
    alternative: tuple[Alternative, ...]
    advised_against: tuple[AdvisedAgainst, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of every text it names."""
        lines = (self.difference, self.guideline, self.not_identified)
        alternatives = (each.what for each in self.alternative)
        return (*lines, *alternatives, *(each.what for each in self.advised_against))


@lru_cache(maxsize=1)
def load_evidence() -> GeneralEvidence:
    """Return the content of the file; raises `ConfigError`."""
    return read_data("appliance.clinical.offers", FILE, GeneralEvidence)


def parse_evidence(raw: bytes, file: str) -> GeneralEvidence:
    """Return the content of a file; raises `ConfigError` with file and key."""
    return parse_data(raw, file, GeneralEvidence)
