"""The table of what is offered: each goal on each region, with its programmes or with a reason.

The one place that decides where a programme of the catalogue may be given. An own programme may go
where the table offers anything for its goal, or says that it may. The core's hard limits hold
beside it.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache

import msgspec

from appliance.clinical.data_file import parse_data, read_data
from appliance.clinical.programme import Programme
from appliance.core.limits.limits import Region
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.core.refusal import Refusal
from appliance.errors import ConfigError
from appliance.texts.common_phrases import NONE, listed
from appliance.texts.text import Text, TextValue, text

FILE = "offers.toml"


class TreatmentGoal(StrEnum):
    """What a clinician treats for; where a kind of programme is made for it, it has its name."""

    CONVENTIONAL = "conventional"
    MODULATED = "modulated"
    LOW_RATE = "low_rate"
    BURST = "burst"
    BRIEF_INTENSE = "brief_intense"
    STRENGTHENING = "strengthening"
    ENDURANCE = "endurance"
    CONTRACT_RELAX = "contract_relax"
    TWITCH = "twitch"
    CIRCULATION = "circulation"
    STABILISATION = "stabilisation"
    REHABILITATION = "rehabilitation"
    MOTOR_POINT_FIND = "motor_point_find"
    BURST_AC = "burst_ac"
    DEEP_NECK_FLEXORS = "deep_neck_flexors"
    CONTINUOUS_TETANY = "continuous_tetany"


class Offer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is offered for a goal on a region: programmes, or the key of the reason why none.

    `note` is the key of what to know about it, "" for nothing. `own` opens a region without a
    programme of the catalogue to own programmes.
    """

    programmes: tuple[str, ...] = ()
    reason: str = ""
    note: str = ""
    own: bool = False


class GoalOffers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One goal: its name as a key, and what each region is offered; no region is left out.

    `mechanism` is the key of the one line on what is proposed to happen, "" where none is named.
    """

    goal: TreatmentGoal
    title: str
    mechanism: str = ""
    lower_back: Offer
    upper_back: Offer
    neck: Offer
    suboccipital: Offer
    source: str

    @property
    def by_region(self) -> dict[Region, Offer]:
        """Return the offers in the order in which regions are shown."""
        return {
            Region.LOWER_BACK: self.lower_back,
            Region.UPPER_BACK: self.upper_back,
            Region.NECK: self.neck,
            Region.SUBOCCIPITAL: self.suboccipital,
        }


class _OffersFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    goal: tuple[GoalOffers, ...]


@lru_cache(maxsize=1)
def load_offers() -> tuple[GoalOffers, ...]:
    """Return every goal in the order of the file; raises `ConfigError`."""
    return _checked(read_data("appliance.clinical.offers", FILE, _OffersFile).goal)


def parse_offers(raw: bytes, file: str) -> tuple[GoalOffers, ...]:
    """Return the checked table of a file; raises `ConfigError` with goal, region and fault."""
    return _checked(parse_data(raw, file, _OffersFile).goal)


def regions_of(name: str, kind: ProgrammeKind) -> tuple[Region, ...]:
    """Return where a programme is offered; one the table does not name, by its kind's goal."""
    named = tuple(
        region
        for row in load_offers()
        for region, offer in row.by_region.items()
        if name in offer.programmes
    )
    if named:
        return named
    offers = _row_of(kind).by_region
    return tuple(region for region, offer in offers.items() if offer.programmes or offer.own)


def refuse_region(programme: Programme, region: str) -> Refusal | None:
    """Refuse a region that the table does not offer a programme for, with the table's reason."""
    if region in programme.regions:
        return None
    asked = text(
        "region.asked", programme=programme.own_title or programme.name, region=region or "-"
    )
    offer = None
    if region in set(Region):
        offer = _row_of(programme.kind).by_region[Region(region)]
    reason = Text(offer.reason) if offer and offer.reason else listed(programme.regions)
    nearest: TextValue = programme.region
    if programme.region not in programme.regions:
        nearest = programme.regions[0] if programme.regions else NONE
    return Refusal("refusal.region", asked, reason, nearest)


def check_names(offers: Iterable[GoalOffers], catalogue: Mapping[str, Programme]) -> None:
    """Check the table against the catalogue; raises `ConfigError`.

    Every programme it names is there and of that goal, and every programme is offered somewhere.
    One that follows another is offered for the same goal where that one is.
    """
    named = set()
    for row in offers:
        for region, offer in row.by_region.items():
            for name in offer.programmes:
                programme = catalogue.get(name)
                if programme is None or programme.kind.value != row.goal.value:
                    raise _wrong(row, region, f"{name} is no programme for this goal")
                named.add(name)
    left = sorted(catalogue.keys() - named)
    if left:
        raise ConfigError(f"data file {FILE}: {', '.join(left)} offered nowhere")
    for programme in catalogue.values():
        before = catalogue.get(programme.follows)
        same = before is not None and (before.kind, before.regions) == (
            programme.kind,
            programme.regions,
        )
        if programme.follows and not same:
            raise ConfigError(
                f"data file {FILE}: {programme.name} cannot follow {programme.follows}"
            )


def mechanism_of(kind: ProgrammeKind) -> str:
    """Return the key of what is proposed to happen in a kind of programme."""
    return _row_of(kind).mechanism


def _row_of(kind: ProgrammeKind) -> GoalOffers:
    return next(row for row in load_offers() if row.goal.value == kind.value)


def _checked(rows: tuple[GoalOffers, ...]) -> tuple[GoalOffers, ...]:
    goals = [row.goal for row in rows]
    for goal in TreatmentGoal:
        if goals.count(goal) != 1:
            raise ConfigError(f"data file {FILE}: {goal} stands in it {goals.count(goal)} times")
    for row in rows:
        for region, offer in row.by_region.items():
            if bool(offer.programmes) == bool(offer.reason) or (offer.own and not offer.reason):
                raise _wrong(row, region, "give either programmes or a reason")
    return rows


def _wrong(row: GoalOffers, region: Region, fault: str) -> ConfigError:
    return ConfigError(f"data file {FILE}: {row.goal} on {region}: {fault}")
