"""What a person did to the pads and leads of one channel, and which faults of the board say so.

The board knows the pair of pads; the panel remembers which of the two it was. Pure.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

LOADS_OHM = (1_000, 500)


class PadState(StrEnum):
    """How a pad lies on the skin."""

    GOOD = "good"
    DRY = "dry"
    HALF = "half"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class ChannelPads:
    """Both pads of a channel, its lead, and a test load in place of a person (ohm, 0 for none)."""

    number: int
    first: PadState = PadState.GOOD
    second: PadState = PadState.GOOD
    is_cut: bool = False
    is_short: bool = False
    load_ohm: int = 0

    def pad(self, letter: str) -> PadState:
        """Return how pad A or B lies."""
        return self.first if letter == "A" else self.second

    def with_pad(self, letter: str, state: PadState) -> "ChannelPads":
        """Return it with one pad in another state."""
        return replace(self, first=state) if letter == "A" else replace(self, second=state)

    def faults(self) -> dict[str, str]:
        """Return the faults that the board has then: name and channel, with the value if any."""
        pads, number = {self.first, self.second}, self.number
        found = {
            f"lead-off:{number}": self.is_cut or PadState.OFF in pads,
            f"short:{number}": self.is_short,
            f"half-lifted:{number}": PadState.HALF in pads,
            f"dry-pad:{number}": PadState.DRY in pads,
        }
        faults = {key: key for key, is_set in found.items() if is_set}
        if self.load_ohm:
            faults[f"resistor:{number}"] = f"resistor:{number}={self.load_ohm}"
        return faults

    def as_seen(self, faults: dict[str, str]) -> "ChannelPads":
        """Return it as the board has it now, where somebody else has changed it.

        `faults` are those of the board by name and channel.
        """
        seen, mine = self, self.faults()
        for kind in ("lead-off", "short", "half-lifted", "dry-pad"):
            key = f"{kind}:{self.number}"
            if (key in faults) != (key in mine):
                seen = seen._changed(kind, is_set=key in faults)
        load = faults.get(f"resistor:{self.number}", "=0").partition("=")[2]
        return replace(seen, load_ohm=round(float(load)))

    def _changed(self, kind: str, *, is_set: bool) -> "ChannelPads":
        match kind:
            case "lead-off" if is_set:
                return replace(self, is_cut=True)
            case "lead-off":
                return replace(self._without(PadState.OFF), is_cut=False)
            case "short":
                return replace(self, is_short=is_set)
            case "half-lifted":
                state = PadState.HALF
            case _:
                state = PadState.DRY
        return self.with_pad("A", state) if is_set else self._without(state)

    def _without(self, state: PadState) -> "ChannelPads":
        def better(pad: PadState) -> PadState:
            return PadState.GOOD if pad is state else pad

        return replace(self, first=better(self.first), second=better(self.second))
