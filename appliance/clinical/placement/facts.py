"""Facts about pads: a labelled set and its uses, where pads were placed, where they were felt."""

from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import Meta

from appliance.clinical.body import Side
from appliance.clinical.fact import Fact
from appliance.clinical.placement.placement import PlacementKey, PlannedPad
from appliance.clinical.placement.positions import Landmark
from appliance.core.limits.limits import FIND_BACK_UA, MAX_CHANNELS, Region

OffsetMm: TypeAlias = Annotated[int, Meta(ge=-300, le=300)]
"""A distance on the patient from a landmark of the region, in mm: further is a slip (D)."""


class PadSetLabelled(Fact, frozen=True, kw_only=True):
    """A new set of pads of one size, opened and labelled for this patient only.

    `pad_set` is its label, `material` the maker's name of the pad; sizes in mm.
    """

    pad_set: str
    material: str
    width_mm: int
    height_mm: int
    pads: int


class PadState(StrEnum):
    """An answer about one thing looked at on a pad."""

    GOOD = "good"
    DAMAGED = "damaged"


class PadSetChecked(Fact, frozen=True, kw_only=True):
    """The look at a set before a session: edges flat, gel moist, whole, date not passed."""

    pad_set: str
    edges: PadState
    gel: PadState
    whole: PadState
    date: PadState


class PadSetUsed(Fact, frozen=True, kw_only=True):
    """A set had current in a session; counted once a session."""

    pad_set: str
    session: str


class DiscardReason(StrEnum):
    """Why a set of pads was thrown away."""

    DAMAGED = "damaged"
    USED_UP = "used_up"
    TOO_OLD = "too_old"
    SKIN = "skin"
    OTHER = "other"


class PadSetDiscarded(Fact, frozen=True, kw_only=True):
    """A set was thrown away; it is never accepted again."""

    pad_set: str
    because: DiscardReason


class PadsPlaced(Fact, frozen=True, kw_only=True):
    """Pads lie on the patient as planned: each with landmark, direction and relative measure."""

    key: PlacementKey
    pads: tuple[PlannedPad, ...]
    pad_set: str


class PadsRemoved(Fact, frozen=True, kw_only=True):
    """Every pad of a session is off the patient."""

    session: str


class FeltAt(StrEnum):
    """Where a patient feels the first current of one channel."""

    THIS_PAIR = "this_pair"
    """At one or both pads of the channel that plays."""
    OTHER_PAIR = "other_pair"
    OTHER_SIDE = "other_side"
    AWAY_FROM_PADS = "away_from_pads"
    SHOOTING = "shooting"
    BURNING = "burning"
    NOTHING = "nothing"


class FirstFeelingMarked(Fact, frozen=True, kw_only=True):
    """Where a channel was felt first while it played alone, and at which level."""

    key: PlacementKey
    channel: int
    felt: FeltAt
    level_ua: int


class MotorPointFound(Fact, frozen=True, kw_only=True):
    """Where a search made a muscle twitch first, and at which level of its channel.

    `along_mm` is up, towards the head, `across_mm` outwards, away from the spine, both from
    `landmark`; down and inwards are negative. `side` is one of both.
    """

    session: str
    region: Region
    side: Side
    placement: str
    channel: Annotated[int, Meta(ge=1, le=MAX_CHANNELS)]
    landmark: Landmark
    along_mm: OffsetMm
    across_mm: OffsetMm
    level_ua: Annotated[int, Meta(ge=1, le=FIND_BACK_UA)]
