"""Every fault that the virtual board can inject: name, target, value, one line of help.

NAME            estop                 NAME=VALUE          slow-clock=1.13
NAME:TARGET     lead-off:1            NAME:TARGET=VALUE   phase-mismatch:2=5
"""

import difflib
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class FaultTarget(StrEnum):
    """The kind of target that follows a fault's name."""

    NONE = ""
    CHANNEL = "CH"
    GATE = "LINE"


class NumberArgument(NamedTuple):
    """A number between two bounds; without a default it must be given."""

    what: str
    low: float
    high: float
    default: float | None


class ChoiceArgument(NamedTuple):
    """One of a few words; the first is the default."""

    words: tuple[str, ...]


class FaultKind(NamedTuple):
    """One row of the table."""

    target: FaultTarget
    value: NumberArgument | ChoiceArgument | None
    summary: str


_CH, _LINE, _NONE = FaultTarget.CHANNEL, FaultTarget.GATE, FaultTarget.NONE

FAULTS: dict[str, FaultKind] = {
    "estop": FaultKind(_NONE, None, "the e-stop is pressed: both contacts open"),
    "estop-wire": FaultKind(
        _NONE,
        ChoiceArgument(("both", "sense", "latch")),
        "the wire of one e-stop contact, or both, is cut",
    ),
    "estop-chatter": FaultKind(
        _NONE,
        NumberArgument("ms between openings", 1, 10_000, 20),
        "e-stop contacts open for 200 µs",
    ),
    "hand-switch": FaultKind(_NONE, None, "the patient squeezes the hand switch, or unplugs it"),
    "lead-off": FaultKind(_CH, None, "a lead is off: open circuit"),
    "short": FaultKind(_CH, None, "the pads touch: short circuit"),
    "dry-pad": FaultKind(
        _CH, NumberArgument("seconds until dry", 0, 86_400, 0), "the pads are dry, or dry slowly"
    ),
    "half-lifted": FaultKind(_CH, None, "half of a pad has come off the skin"),
    "resistor": FaultKind(
        _CH, NumberArgument("ohm", 1, 1_000_000, 500), "a dummy load instead of a person"
    ),
    "slow-clock": FaultKind(
        _NONE,
        NumberArgument("scale", 0.5, 4, 1.13),
        "the wave clock is slow: pulses and gaps last longer",
    ),
    "lost-daemon": FaultKind(
        _NONE, None, "the daemon is killed, its waves continue; clearing starts a new one"
    ),
    "stalled-daemon": FaultKind(_NONE, None, "the daemon no longer answers; its waves continue"),
    "lost-spi": FaultKind(_NONE, None, "SPI transfers fail"),
    "short-frame": FaultKind(_NONE, None, "SPI transfers lose their last byte"),
    "frozen-adc": FaultKind(_NONE, None, "the ADCs repeat their last results"),
    "stuck-dac": FaultKind(
        _CH, NumberArgument("code, default: current", -1, 4_095, -1), "a DAC output is stuck"
    ),
    "stuck-gate": FaultKind(_LINE, ChoiceArgument(("high", "low")), "a gate line is stuck"),
    "bridge-open": FaultKind(_LINE, None, "the gate's leg of the bridge never conducts"),
    "bridge-short": FaultKind(_LINE, None, "the gate's leg of the bridge always conducts"),
    "phase-mismatch": FaultKind(
        _CH, NumberArgument("percent", -90, 90, None), "negative phases are stronger by this"
    ),
    "supply-sag": FaultKind(
        _NONE, NumberArgument("percent of the rail", 0, 100, 60), "the isolated rail sags"
    ),
    "watchdog-width": FaultKind(
        _NONE,
        NumberArgument("percent off", -25, 25, None),
        "the watchdog differs from its nominal 160 ms",
    ),
    "watchdog-dead": FaultKind(_NONE, None, "the watchdog one-shot never times out"),
    "over-current-dead": FaultKind(_NONE, None, "the over-current comparator never triggers"),
    "limiter-dead": FaultKind(_NONE, None, "the phase limiters never end a phase"),
    "latch-dead": FaultKind(_NONE, None, "the fault latch cannot be set"),
}


@dataclass(frozen=True, slots=True)
class BoardFault:
    """One fault with its target and value, checked against the table."""

    name: str
    target: str = ""
    value: float | str | None = None

    @property
    def key(self) -> str:
        """Name and target; only one fault with the same key can be active."""
        return f"{self.name}:{self.target}" if self.target else self.name

    def __str__(self) -> str:
        if self.value is None:
            return self.key
        shown = f"{self.value:g}" if isinstance(self.value, float) else self.value
        return f"{self.key}={shown}"


def parse_fault(text: str, channels: int, *, with_value: bool = True) -> BoardFault:
    """Parse NAME, NAME:TARGET, NAME=VALUE or NAME:TARGET=VALUE.

    Raises `ValueError` saying what would be accepted. Without `with_value` (to clear a fault) a
    value is neither needed nor read.
    """
    before, _, value = text.strip().partition("=")
    name, _, target = before.partition(":")
    kind = FAULTS.get(name)
    if kind is None:
        raise ValueError(_unknown(name))
    _check_target(name, kind, target, channels)
    if not with_value:
        return BoardFault(name, target)
    return BoardFault(name, target, _value(name, kind, value))


def usage(name: str) -> str:
    """Return how a fault is written, for example `dry-pad:CH[=seconds until dry]`."""
    kind = FAULTS[name]
    shown = f"{name}:{kind.target}" if kind.target else name
    if isinstance(kind.value, ChoiceArgument):
        return f"{shown}[={'|'.join(kind.value.words)}]"
    if isinstance(kind.value, NumberArgument):
        value = f"={kind.value.what.split(';')[0]}"
        return f"{shown}{value}" if kind.value.default is None else f"{shown}[{value}]"
    return shown


def gate_names(channels: int) -> tuple[str, ...]:
    """Return the names of all gates, in the order of the board file."""
    return tuple(f"gate{n}_{sign}" for n in range(1, channels + 1) for sign in ("pos", "neg"))


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, FAULTS, n=3, cutoff=0.4)
    hint = f"; near to it: {', '.join(near)}" if near else f"; known: {', '.join(FAULTS)}"
    return f"no fault is called {name!r}{hint}"


def _check_target(name: str, kind: FaultKind, target: str, channels: int) -> None:
    allowed: tuple[str, ...] = ("",)
    if kind.target is FaultTarget.CHANNEL:
        allowed = tuple(str(number) for number in range(1, channels + 1))
    elif kind.target is FaultTarget.GATE:
        allowed = gate_names(channels)
    if target not in allowed:
        if kind.target is FaultTarget.NONE:
            raise ValueError(f"{name} takes no {target!r}; write {usage(name)}")
        raise ValueError(f"{name} needs one of {', '.join(allowed)}; write {usage(name)}")


def _value(name: str, kind: FaultKind, text: str) -> float | str | None:
    if kind.value is None:
        if text:
            raise ValueError(f"{name} takes no value; write {usage(name)}")
        return None
    if isinstance(kind.value, ChoiceArgument):
        word = text or kind.value.words[0]
        if word not in kind.value.words:
            raise ValueError(f"{name} is {' or '.join(kind.value.words)}, not {word!r}")
        return word
    return _number(name, kind.value, text)


def _number(name: str, rule: NumberArgument, text: str) -> float:
    try:
        value = float(text) if text or rule.default is None else rule.default
    except ValueError:
        raise ValueError(f"{name} needs a number ({rule.what}); write {usage(name)}") from None
    if not rule.low <= value <= rule.high:
        raise ValueError(f"{name} is {rule.low:g} to {rule.high:g} ({rule.what}), not {text}")
    return value
