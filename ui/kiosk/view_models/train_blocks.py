"""Blocks of the editor: values with minus and plus, and the train as it will be."""

from dataclasses import dataclass
from typing import NamedTuple

from ui.kiosk.view_models.blocks import Block
from ui.kiosk.view_models.parts import KeyView


@dataclass(frozen=True, slots=True, kw_only=True)
class StepperView:
    """A value: its name, its limits in words, and the keys that change it.

    `keys` are minus, the value (a touch enters another) and plus, or all answers of a choice; a row
    without a name is keys only. `problem` stands in the place of the limits where the value is not
    accepted; `take` is the key that takes the nearest one. A row without keys is
    a note.
    """

    name: str
    limits: str
    keys: tuple[KeyView, ...]
    is_choice: bool = False
    problem: str = ""
    take: KeyView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Steppers(Block):
    """Values a row each, with room for `lines` rows."""

    rows: tuple[StepperView, ...]
    lines: int = 4


class TrainPoint(NamedTuple):
    """A corner of the envelope: when, in ms, and how high, in percent of the set level."""

    at_ms: int
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainPart:
    """A part: its name, words below it, and its envelope over a cycle or two.

    `weight` is its width against the other parts. Where the channels take turns, each has a lane of
    its own, `turn_ms` behind the one above.
    """

    name: str
    note: str
    points: tuple[TrainPoint, ...]
    rest: tuple[TrainPoint, ...] = ()
    """The envelope of an active rest within the rests of this part."""
    weight: float = 1.0
    lanes: int = 1
    turn_ms: int = 0
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainPulse:
    """A pulse of the part that is looked at, in µs, and when pulses come within `window_ms`.

    `signs` are +1 for a pulse whose first phase is positive, -1 for the other.
    """

    phase_us: int
    interphase_us: int
    signs: tuple[int, ...]
    at_ms: tuple[float, ...]
    window_ms: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Train(Block):
    """The parts of a session side by side, each to its own time scale, and the set level as a line.

    `level` names that line, `sums` says what a session comes to. A `small` one has no words: there
    is no room for them.
    """

    parts: tuple[TrainPart, ...]
    level: str
    sums: str = ""
    pulse: TrainPulse | None = None
    small: bool = False
