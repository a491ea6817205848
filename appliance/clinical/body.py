"""Sides of the body and sites of pads, as every room of the clinical core names them."""

from enum import StrEnum

import msgspec

from appliance.core.limits.limits import Region


class Side(StrEnum):
    """A side of the patient's body: left is the patient's left."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    @property
    def single(self) -> tuple["Side", ...]:
        """Return the sides it consists of."""
        return (Side.LEFT, Side.RIGHT) if self is Side.BOTH else (self,)

    def includes(self, other: "Side") -> bool:
        """Return whether every side of `other` is one of this side."""
        return set(other.single) <= set(self.single)


class PadSite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where one pad lies: region, one side (never both), and the spot as placements name it."""

    region: Region
    side: Side
    spot: str
