"""A placement: where the two pads of each channel lie, per depth and side, and its texts."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

import msgspec

from appliance.clinical.body import PadSite, Side
from appliance.clinical.placement.positions import Position
from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.waveform import ProgrammeKind

Millimetres: TypeAlias = tuple[int, int]
"""Width and height of a pad in mm."""


class Depth(StrEnum):
    """How deep the current shall reach; the distance between the pads sets it."""

    SHALLOW = "shallow"
    USUAL = "usual"
    DEEP = "deep"


class PadEnd(StrEnum):
    """The two pads of a channel: the lead marked + goes to A."""

    A = "A"
    B = "B"


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file of placements; an unknown key is an error."""


class PadPosition(_Table, frozen=True, kw_only=True):
    """The spot of a pad, a stable name for skin and sensation, and its position in words."""

    spot: str
    at: Position


class DepthVariant(_Table, frozen=True, kw_only=True):
    """The positions of a pair for a depth; `reason` is the key of why this distance.

    `spacing_mm` is the least and greatest distance from edge to edge on a patient, in mm.
    """

    depth: Depth
    spacing_mm: tuple[int, int]
    reason: str
    A: PadPosition
    B: PadPosition

    def of(self, end: PadEnd) -> PadPosition:
        """Return the position of one pad."""
        return self.A if end is PadEnd.A else self.B


class MotorPoint(_Table, frozen=True, kw_only=True):
    """Where to begin the search for the motor point of a muscle."""

    muscle: str
    spot: str
    at: Position


class Placement(_Table, frozen=True, kw_only=True):
    """A placement of a region for one side or both; texts are keys of the catalogue.

    `usual_for` names the kinds of programme to which this placement is offered first. `sources`
    gives the source and mark of positions, sizes, spacing and polarity.
    """

    name: str
    title: str
    region: Region
    purposes: tuple[Purpose, ...]
    usual_for: tuple[ProgrammeKind, ...]
    muscles: tuple[str, ...]
    orientation: str
    polarity: str
    steps: tuple[str, ...]
    sizes_mm: dict[PadEnd, Millimetres]
    depth: tuple[DepthVariant, ...]
    sources: dict[str, str]
    motor_point: tuple[MotorPoint, ...] = ()

    @property
    def smaller_area_mm2(self) -> int:
        """Return the area of the smaller pad of the pair, as a prescription wants it."""
        return min(width * height for width, height in self.sizes_mm.values())

    @property
    def depths(self) -> Mapping[Depth, DepthVariant]:
        """Return the variants by depth, in the order of the file."""
        return {variant.depth: variant for variant in self.depth}


class PlannedPad(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One pad to be placed: as it is said, and as it is recorded in a fact."""

    channel: int
    end: PadEnd
    side: Side
    spot: str
    at: Position
    width_mm: int
    height_mm: int

    @property
    def label(self) -> str:
        """Return the name on lead and screen, such as 1A."""
        return f"{self.channel}{self.end}"

    @property
    def positive(self) -> bool:
        """Return whether the pad is positive in the first phase of a pulse."""
        return self.end is PadEnd.A

    def site(self, region: Region) -> PadSite:
        """Return the site as skin and sensation name it."""
        return PadSite(region=region, side=self.side, spot=self.spot)


class PlacementKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What makes two placements the same: programme, placement, region, side and depth."""

    programme: str
    placement: str
    region: Region
    side: Side
    depth: Depth


class PlannedPlacement(msgspec.Struct, frozen=True, kw_only=True):
    """A placement for a programme on a side: channel 1 on the left where both are treated."""

    key: PlacementKey
    placement: Placement
    pads: tuple[PlannedPad, ...]

    @property
    def channels(self) -> tuple[int, ...]:
        """Return the channels, each once."""
        return tuple(dict.fromkeys(pad.channel for pad in self.pads))

    @property
    def sites(self) -> tuple[PadSite, ...]:
        """Return the site of each pad."""
        return tuple(pad.site(self.key.region) for pad in self.pads)


def plan_pads(placement: Placement, depth: Depth, side: Side) -> tuple[PlannedPad, ...]:
    """Return the pads of each side, A before B; `depth` is one that the placement has."""
    variant = placement.depths[depth]
    return tuple(
        PlannedPad(
            channel=channel,
            end=end,
            side=single,
            spot=variant.of(end).spot,
            at=variant.of(end).at,
            width_mm=placement.sizes_mm[end][0],
            height_mm=placement.sizes_mm[end][1],
        )
        for channel, single in enumerate(side.single, start=1)
        for end in PadEnd
    )
