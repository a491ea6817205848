"""Blocks about the unit: things with their state a row each, and parts as they look."""

from dataclasses import dataclass

from ui.kiosk.view_models.blocks import Block
from ui.kiosk.view_models.parts import KeyView


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsOn(Block):
    """A drawing of a part of the unit as it looks: the red button, the hand switch, a plug."""

    part: str
    only_wide: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRow:
    """A thing with its state and a key; `note` below its name."""

    icon: str
    title: str
    note: str = ""
    state: str = ""
    state_icon: str = ""
    state_role: str = "text_soft"
    key: KeyView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRows(Block):
    """Things a row each, with room for `lines` rows; keys are `key_width` wide."""

    rows: tuple[StateRow, ...]
    lines: int = 5
    key_width: float = 108


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """A pulse of two phases: widths in µs, its set and its measured peak in µA, and words."""

    channel: int
    phase_us: int
    between_us: int
    set_ua: int
    measured_ua: int | None
    title: str
    width: str
    set_text: str
    measured_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulses(Block):
    """Pulses beside each other, to the same scale: as set dashed, as measured full."""

    pulses: tuple[Pulse, ...]
