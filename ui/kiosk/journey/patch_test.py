"""The patch test of a pad material: stick it on, read it, or say why it is declined. Pure."""

from dataclasses import dataclass, replace

from ui.kiosk.journey.place import Kiosk, Next
from ui.kiosk.journey.reasons import Reason

OFFERED, ON_THE_SKIN = "patch_test.offer", "patch_test.read_now"
BY_HAND = "patch_test.time_by_hand"
"""Keys of the texts that say what would do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchTest(Reason):
    """`declining` asks for the reason; `by_hand` says whether a person timed the 30 minutes.

    It is asked only where no clock of the unit can tell; None until it was answered.
    """

    declining: bool = False
    by_hand: bool | None = None

    @property
    def material(self) -> str:
        """Return what the pads are made of."""
        return str(self.finding["item"]).partition(":")[2]

    @property
    def nearest(self) -> str:
        """Return the key of what would do."""
        return str(self.finding["nearest"]["key"])

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Stick it on, read it, or decline it."""
        name, _, what = action.partition(":")
        match name:
            case "stick_on":
                values = {"material": self.material, "place": what}
                return self.record("patch_test_applied", values)
            case "read":
                read = {"material": self.material, "grade": int(what)}
                return self.record(
                    "patch_test_read", {**read, "timed_by_hand": self.by_hand is True}
                )
            case "by_hand":
                return Next(replace(self, by_hand=what == "yes"))
            case "decline":
                return Next(replace(self, declining=True))
            case "back" if self.declining and not self.typing:
                return Next(replace(self, declining=False))
            case _:
                return Reason.touched(self, action, kiosk)

    def give(self, reason: str, kiosk: Kiosk) -> Next:
        """Record why it was declined."""
        return self.record("patch_test_declined", {"material": self.material, "reason": reason})


@dataclass(frozen=True, slots=True, kw_only=True)
class AlteredSensation(Reason):
    """Why TENS is given where sensation is altered: single taps, half the region's ceiling."""

    def give(self, reason: str, kiosk: Kiosk) -> Next:
        """Record it for every site that waits for a reason."""
        sites = []
        for row in self.missing(kiosk, "refusal.sensation", "sensation:"):
            region, side, spot = str(row["item"]).partition(":")[2].split("/")
            if row["consequence"] == "confirm":
                sites.append({"region": region, "side": side, "spot": spot})
        return self.record("altered_sensation_accepted", {"sites": sites, "reason": reason})
