"""Facts about who a patient is. No name, no day of birth, no address: a pseudonym and a year."""

from appliance.clinical.fact import Fact


class PatientRegistered(Fact, frozen=True, kw_only=True):
    """A new patient, or one the records knew before by a pseudonym of that time.

    `born` is the year of birth, `eighteen` says that the 18th birthday was asked for and has been.
    `other_than` names the similar patients that were looked at and are somebody else.
    """

    born: int
    alias: str | None = None
    eighteen: bool = False
    other_than: tuple[str, ...] = ()


class AliasChanged(Fact, frozen=True, kw_only=True):
    """Another alias, None for none; `other_than` as at the registration."""

    alias: str | None
    other_than: tuple[str, ...] = ()


class PatientNoted(Fact, frozen=True, kw_only=True):
    """A note; `impersonal` says that somebody was asked and calls it free of personal data."""

    note: str
    impersonal: bool = False
