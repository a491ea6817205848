"""Who may be registered: adults, once each. Pure.

The year now is known for certain only from a trusted clock. Without one it is at least the year of
the newest fact with a trusted clock, and never before this code existed: an age is never taken for
more than it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.patients.alias import is_similar, refuse_alias
from appliance.clinical.patients.facts import AliasChanged, PatientNoted, PatientRegistered
from appliance.clinical.patients.personal_notes import Personal, looks_personal
from appliance.core.readable_text import says_something
from appliance.core.refusal import Refusal
from appliance.messages.aliases import alias_of
from appliance.texts.common_phrases import between, listed
from appliance.texts.text import Text, text

ADULT_YEARS = 18
OLDEST_YEARS = 120  # (D) an earlier year is a slip of the fingers
EARLIEST_YEAR = 2026
"""No correct clock shows less, because this code did not exist before."""
NOTE_MOST = 200  # characters (D)
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class PatientIdentity:
    """What is known of a patient beside treatments; `born` is a year."""

    patient: str
    born: int
    alias: str | None
    registered: FactTime
    notes: tuple[str, ...] = field(default=())

    def after(self, fact: Fact) -> "PatientIdentity":
        """Return the identity after a fact; those of others change nothing."""
        match fact:
            case AliasChanged():
                return replace(self, alias=_kept(fact.alias))
            case PatientNoted():
                return replace(self, notes=(*self.notes, fact.note))
            case PatientRegistered():
                return replace(self, born=fact.born, alias=_kept(fact.alias))
            case _:
                return self


def identity_of(fact: PatientRegistered, at: FactTime) -> PatientIdentity:
    """Return the identity that a registration begins."""
    return PatientIdentity(fact.patient, fact.born, _kept(fact.alias), at)


def refuse_registration(
    fact: PatientRegistered, others: Iterable[PatientIdentity], now: FactTime
) -> Refusal | Finding | None:
    """Return why a registration cannot be recorded as it is: a refusal, or a question.

    `now` as of `judged_at`. A question is answered by the same registration with its answer.
    """
    others = tuple(others)
    if any(other.patient == fact.patient for other in others):
        asked, allowed = text("registration.twice", patient=fact.patient), text("registration.once")
        return Refusal("refusal.registration", asked, allowed, text("registration.change_alias"))
    refusal = refuse_born(fact.born, now) or _refuse_alias(fact.alias)
    if refusal is not None:
        return refusal
    youngest = year_of(now) - ADULT_YEARS
    if fact.born == youngest and not fact.eighteen:
        return _ask(
            "refusal.year_of_birth",
            "eighteenth_birthday",
            text("born.eighteen", year=fact.born),
            text("born.adult", years=ADULT_YEARS),
            text("born.ask_birthday"),
        )
    return _ask_similar(fact, fact.born, fact.alias, fact.other_than, others)


def unregistered(patient: str) -> Finding:
    """Return that a patient is not registered, as one the records knew before is not."""
    return _ask(
        "refusal.registration",
        "registration",
        text("registration.none", patient=patient),
        text("registration.allowed"),
        text("registration.nearest"),
    )


def refuse_alias_change(
    fact: AliasChanged, own: PatientIdentity, others: Iterable[PatientIdentity]
) -> Refusal | Finding | None:
    """Return why another alias cannot be recorded as it is: a refusal, or a question."""
    refusal = _refuse_alias(fact.alias)
    if refusal is not None:
        return refusal
    return _ask_similar(fact, own.born, fact.alias, fact.other_than, others)


def refuse_note(fact: PatientNoted) -> Refusal | Finding | None:
    """Return why a note cannot be recorded as it is: it says nothing, or looks personal."""
    allowed = text("note.allowed", most=NOTE_MOST)
    if not says_something(fact.note) or len(fact.note) > NOTE_MOST:
        asked = text("note.asked", count=len(fact.note))
        return Refusal("refusal.note", asked, allowed, text("note.nearest"))
    personal = looks_personal(fact.note)
    if personal is None or fact.impersonal:
        return None
    return _ask("refusal.note", "note", _LOOKS[personal], text("note.impersonal"), text("note.ask"))


def refuse_born(born: int, now: FactTime) -> Refusal | None:
    """Refuse the year of birth of a person who is no adult yet, or who cannot be that old."""
    year = year_of(now)
    oldest, youngest = year - OLDEST_YEARS, year - ADULT_YEARS
    if oldest <= born <= youngest:
        return None
    asked, allowed = text("born.year", year=born), between(oldest, youngest)
    nearest = text("born.adult", years=ADULT_YEARS)
    if born > youngest and not now.trusted:
        nearest = text("set_the_clock")
    return Refusal("refusal.year_of_birth", asked, allowed, nearest)


def year_of(now: FactTime) -> int:
    """Return the year now, the earliest it can be where the clock is not trusted."""
    try:
        return max((_EPOCH + timedelta(days=now.day)).year, EARLIEST_YEAR)
    except OverflowError:  # a day that no calendar has
        return EARLIEST_YEAR


def similar_patients(
    born: int, alias: str | None, others: Iterable[PatientIdentity]
) -> tuple[PatientIdentity, ...]:
    """Return the patients that may be the same person.

    The same alias; the same year and a similar alias; the same year where one of them has no alias
    to tell them apart.
    """
    own = _kept(alias)
    return tuple(
        other
        for other in others
        if (own is not None and own == other.alias)
        or (born == other.born and (own is None or other.alias is None))
        or (born == other.born and own and other.alias and is_similar(own, other.alias))
    )


def _ask_similar(
    fact: Fact,
    born: int,
    alias: str | None,
    other_than: tuple[str, ...],
    others: Iterable[PatientIdentity],
) -> Finding | None:
    """Ask whether a patient is one of those that look the same and have not been looked at."""
    known = [other for other in others if other.patient != fact.patient]
    similar = [other.patient for other in similar_patients(born, alias, known)]
    if set(similar) <= set(other_than):
        return None
    return _ask(
        "refusal.similar_patient",
        "similar_patient",
        text("similar_patient.found", patients=listed(similar[:SHOWN]), count=len(similar)),
        text("similar_patient.allowed"),
        text("similar_patient.ask"),
    )


WHO_IS_WHO = text("registration.who_is_who")
"""Shown where a patient is registered: how a clinic finds the person of an id again."""
SHOWN = 8
"""Similar patients that a question names at most; `similar_patients` returns all."""
_LOOKS = {
    Personal.MAIL: text("note.looks_like_mail"),
    Personal.PHONE: text("note.looks_like_phone"),
    Personal.NAME: text("note.looks_like_name"),
}


def _ask(rule: str, item: str, found: Text, allowed: Text, nearest: Text) -> Finding:
    return Finding(
        consequence=Consequence.ASK,
        rule=rule,
        item=item,
        found=found,
        allowed=allowed,
        nearest=nearest,
    )


def _refuse_alias(alias: str | None) -> Refusal | None:
    return None if alias is None else refuse_alias(alias)


def _kept(alias: str | None) -> str | None:
    return None if alias is None else alias_of(alias)
