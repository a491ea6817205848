"""Values that many screens show: keys, the state of the output, who is treated."""

from dataclasses import dataclass
from enum import StrEnum


class KeyLook(StrEnum):
    """How a key looks."""

    PLAIN = "plain"
    """Navigates."""
    OUTLINED = "outlined"
    """Acts on output or answers a question."""
    LEAD = "lead"
    """Leads on; one a screen."""
    START = "start"
    STOP = "stop"
    CHOSEN = "chosen"
    CONSEQUENCE = "consequence"
    """Chosen, and it has a consequence."""
    OFF = "off"
    """Not possible now; `note` says why or when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """A key: `action` is what a touch means to the journey, "" where it means nothing."""

    action: str
    text: str = ""
    note: str = ""
    icon: str = ""
    look: KeyLook = KeyLook.PLAIN

    @property
    def is_enabled(self) -> bool:
        """Return whether a touch does something."""
        return self.look is not KeyLook.OFF


class Frame(StrEnum):
    """The live frame round the whole screen."""

    NONE = "none"
    PULSES = "pulses"
    HATCHED = "hatched"
    STOPPED = "stopped"


class Ground(StrEnum):
    """The ground of the state block."""

    PANEL = "panel"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputView:
    """The state block: whether current may flow, in a word, an icon, a ground and a frame."""

    word: str
    so_what: str
    icon: str
    ground: Ground = Ground.PANEL
    frame: Frame = Frame.NONE
    ready: bool = False
    """The word in green: everything is prepared."""
    warns: bool = False
    """The word in yellow on the panel: resting."""
    wide: bool = False
    """The block takes room of who and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipView:
    """A notice in the second line of who and where."""

    text: str
    icon: str = "warn"
    role: str = "on"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadView:
    """Who and where, and the clock."""

    title: str
    line: str = ""
    chip: ChipView | None = None
    help: KeyView | None = None
    """While current may flow: the small key for help at its end."""
    clock: str = ""
    mark: str = ""
    """That no patient is real: the board is virtual. "" on hardware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellView:
    """What every screen has: output, head, the keys of the rail, pause, and the word of STOP."""

    output: OutputView
    head: HeadView
    rail: tuple[KeyView, ...] = ()
    time_left: str = ""
    time_word: str = ""
    time_action: str = ""
    """What a touch at the time left means, "" where it means nothing."""
    pause: KeyView | None = None
    stop_word: str = ""
