"""What the treatment screen shows of each channel, of the pulses, and of the contraction."""

from dataclasses import dataclass, replace

from appliance.messages.wire import ContactVerdict
from ui.kiosk.locale.words import decimal
from ui.kiosk.view_models.blocks import Block
from ui.kiosk.view_models.parts import KeyView


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPanelView:
    """One channel: `window` is the share of the time left in which a rise counts, None for none.

    Of it `window_per_s` goes in a second. Currents in µA, "None" where nothing is measured.
    `plus_note` says why plus is off.
    """

    channel: int
    site: str
    where: str
    contact: ContactVerdict
    contact_icon: str
    contact_role: str
    contact_text: str
    contact_ohm: int | None
    set_ua: int | None
    measured_ua: int | None
    ceiling_ua: int
    tolerated_ua: int | None = None
    tap_note: str = ""
    plus_on: bool = False
    plus_note: str = ""
    window: float | None = None
    window_per_s: float = 0.0
    warns: bool = False
    set_word: str = ""
    """Of the level: it says the share of it that plays, where that is not all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StripView:
    """Measured peaks against set: for each channel bars of half a second, 0 to 1 of the scale.

    The newest bar is the last; `set_share` is the line of each bar.
    """

    title: str
    channels: tuple[int, ...]
    bars: tuple[tuple[float, ...], ...]
    set_share: tuple[tuple[float, ...], ...]
    warns: bool = False
    """Its title is a warning."""
    counts: bool = False
    """Its title changes by itself."""
    from_text: str = "–30 s"
    to_text: str = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseView:
    """The contraction and its rest, or continuous pulses: a title, a picture, lines below.

    `ramp` are the corners of the contraction as shares of the whole cycle (ramp up, plateau end,
    end); `cursor` where it stands and `cursor_per_s` how fast it goes, None for continuous pulses,
    whose `done` is the share given. `part` is the part that plays, `then` what follows it, "" in a
    treatment of one part.
    """

    title: str
    line: str = ""
    side_text: str = ""
    ramp: tuple[float, float, float] | None = None
    cursor: float | None = None
    cursor_per_s: float = 0.0
    done: float = 0.0
    flows: bool = True
    """Whether `done` counts pulses: it is yellow then."""
    part: str = ""
    then: str = ""
    presence_icon: str = "here"
    presence: str = ""
    presence_note: str = ""
    presence_role: str = "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """Contractions on call: the key that is held, what it waits for, and back to the cycle.

    `line` may change by itself: it counts the rest down.
    """

    key: KeyView
    line: str
    by_cycle: KeyView


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentView:
    """The treatment screen; `call` is there where contractions are on call."""

    channels: tuple[ChannelPanelView, ...]
    strip: StripView
    phase: PhaseView
    marks: KeyView
    call: CallView | None = None
    sheet: tuple[Block, ...] = ()
    sheet_tall: tuple[Block, ...] = ()
    """The same sheet where its place is narrow and higher."""
    sheet_edge: str = "go"
    discs: bool = False
    """Numbered discs on the parts that the sheet explains."""


def with_part(strip: StripView, phase: PhaseView) -> StripView:
    """Return the strip named by the part, where that has no other place; a warning stays."""
    if strip.warns or not phase.part:
        return strip
    return replace(strip, title=f"{phase.part} · {phase.then}", counts=True)


def milliamps(ua: int | None) -> str:
    """Return a current in mA with one decimal, "–" for none."""
    if ua is None:
        return "–"
    tenths = (ua + 50) // 100
    return decimal(f"{tenths // 10}.{tenths % 10}")


def kiloohms(ohm: int | None) -> str:
    """Return a resistance in kΩ with one decimal."""
    if ohm is None:
        return ""
    tenths = (ohm + 50) // 100
    return decimal(f"{tenths // 10}.{tenths % 10} kΩ")


def clock_text(us: int) -> str:
    """Return a time left as m:ss, rounded up: zero is shown at the end only."""
    seconds = -(-us // 1_000_000)
    return f"{seconds // 60}:{seconds % 60:02d}"
