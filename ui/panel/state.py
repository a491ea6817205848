"""The state of the panel: what the board was seen to be, and what each key asks of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, TypeAlias

from ui.panel.pads import LOADS_OHM, ChannelPads, PadState

SWITCHES: Mapping[str, tuple[str, str]] = {
    "estop": ("estop", "e-stop pressed"),
    "slow": ("slow-clock", "wave clock 13 % slow"),
    "stuck": ("stuck-gate:gate1_pos", "gate 1+ stuck high"),
    "spi": ("lost-spi", "SPI lost"),
}
"""Keys that set one fault and clear it again: the fault, and what to say about it."""
HAND_SWITCH = "hand-switch"
OPEN_OHM = 50_000
"""From this resistance on nothing is connected."""

Steps: TypeAlias = tuple[tuple[float, float], ...]
"""Pairs of time in µs and value from then on."""


class Command(NamedTuple):
    """A request to the board: set or clear a fault."""

    do: str
    fault: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The board as it was seen last; `faults` by name and target, `ohms` of each channel."""

    faults: Mapping[str, str] = field(default_factory=dict)
    ohms: tuple[float, ...] = ()
    output_lamp: bool = False
    fault_lamp: bool = False
    buzzer: bool = False
    latched: bool = False
    window_us: int = 40_000
    currents: tuple[Steps, ...] = ()
    sounds: Steps = ()


def seen_of(status: Mapping[str, Any], scope: Mapping[str, Any]) -> Seen:
    """Return what the replies of the board say."""
    lamps, loads = status["lamps"], [each["load"] for each in status["channels"]]
    return Seen(
        faults={fault.partition("=")[0]: fault for fault in status["faults"]},
        ohms=tuple(load["series_ohm"] + load["parallel_ohm"] for load in loads),
        output_lamp=bool(lamps["active"]),
        fault_lamp=bool(lamps["fault"]),
        buzzer=bool(lamps["buzzer"]),
        latched=bool(status["fault_latch"]["set"]),
        window_us=scope["window_us"],
        currents=tuple(tuple(map(tuple, steps)) for steps in scope["currents"]),
        sounds=tuple(map(tuple, scope["sounds"])),
    )


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel shows. `said` is the last thing that was done, `note` stands below it."""

    channels: tuple[ChannelPads, ...] = ()
    seen: Seen = field(default_factory=Seen)
    said: str = ""
    note: str = ""
    unplugged: bool = False
    """The hand switch was unplugged here; to the board that is a switch that is open."""

    @property
    def is_unplugged(self) -> bool:
        """Return whether the hand switch is unplugged, as far as the panel did it."""
        return self.unplugged and self.is_set(HAND_SWITCH)

    def is_set(self, fault: str) -> bool:
        """Return whether the board has a fault."""
        return fault in self.seen.faults

    def looked(self, seen: Seen) -> "Panel":
        """Return the panel after the board was looked at."""
        known = {pads.number: pads for pads in self.channels}
        numbers = range(1, len(seen.ohms) + 1)
        faults = dict(seen.faults)
        channels = tuple(
            known.get(number, ChannelPads(number)).as_seen(faults) for number in numbers
        )
        return replace(self, channels=channels, seen=seen)

    def pressed(self, action: str) -> tuple["Panel", tuple[Command, ...]]:
        """Return the panel after a key, and what to ask of the board."""
        name, _, rest = action.partition(":")
        if name in SWITCHES:
            return self._switched(*SWITCHES[name])
        match name:
            case "squeeze" | "let_go" if self.is_unplugged:
                return replace(self, said="unplugged: nothing to squeeze"), ()
            case "squeeze":
                return self._said("hand switch squeezed", Command("set", HAND_SWITCH))
            case "let_go":
                return self._said("hand switch released", Command("clear", HAND_SWITCH))
            case "unplug" if self.is_unplugged:
                plugged = replace(self, unplugged=False, said="hand switch plugged in")
                return plugged, (Command("clear", HAND_SWITCH),)
            case "unplug":
                gone = replace(self, unplugged=True, said="hand switch unplugged")
                return gone, (Command("set", HAND_SWITCH),)
            case "good":
                return self._all_good()
            case _:
                return self._moved(name, rest)

    def _switched(self, fault: str, words: str) -> tuple["Panel", tuple[Command, ...]]:
        key = fault.partition("=")[0]
        if self.is_set(key):
            return self._said(f"no longer: {words}", Command("clear", key))
        return self._said(words, Command("set", fault))

    def _all_good(self) -> tuple["Panel", tuple[Command, ...]]:
        commands = tuple(Command("clear", key) for key in self.seen.faults)
        channels = tuple(ChannelPads(pads.number) for pads in self.channels)
        good = replace(self, channels=channels, unplugged=False, said="everything good")
        return good, commands

    def _moved(self, name: str, rest: str) -> tuple["Panel", tuple[Command, ...]]:
        """Move pads and leads: `pad:1A:dry`, `cut:1`, `short:1`, `load:1:500`."""
        target, _, value = rest.partition(":")
        number = int(target.rstrip("AB"))
        before = self.channels[number - 1]
        match name:
            case "pad":
                after = before.with_pad(target[-1], PadState(value))
                said = f"pad {target} {value}"
            case "cut":
                after = replace(before, is_cut=not before.is_cut)
                said = f"lead {number} {'cut' if after.is_cut else 'whole'}"
            case "short":
                after = replace(before, is_short=not before.is_short)
                said = f"pads {number} {'touch' if after.is_short else 'apart'}"
            case _:
                ohm = int(value) if int(value) in LOADS_OHM else 0
                after = replace(before, load_ohm=0 if before.load_ohm == ohm else ohm)
                said = f"test load {ohm} Ω on {number}" if after.load_ohm else f"skin on {number}"
        channels = tuple(after if pads is before else pads for pads in self.channels)
        moved = replace(self, channels=channels, said=said)
        return moved, _difference(before.faults(), after.faults())

    def _said(self, words: str, command: Command) -> tuple["Panel", tuple[Command, ...]]:
        return replace(self, said=words), (command,)


def ohm_words(ohm: float, what: str) -> str:
    """Return a resistance as the panel shows it, and of what; pulses meet less of skin than d.c."""
    return "open" if ohm >= OPEN_OHM else f"{what}: {ohm / 1_000:.2f} kΩ"


def _difference(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Command, ...]:
    cleared = tuple(Command("clear", key) for key in before if key not in after)
    changed = {key: fault for key, fault in after.items() if before.get(key) != fault}
    return cleared + tuple(Command("set", fault) for fault in changed.values())
