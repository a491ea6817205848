"""What screens without moving parts are made of: blocks in columns, as plain values.

A block has a height in reference px, or None: then it shares what is left with the others of its
column. On a tall display the columns stand one below the other.
"""

from dataclasses import dataclass
from typing import NamedTuple

from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.parts import KeyView


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of a column; one that is `only_wide` is left out where the columns stand in one.

    One that is `only_tall` is left out elsewhere.
    """

    height: float | None = None
    only_wide: bool = False
    only_tall: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading(Block):
    """What this column is for; `note` in soft words at the end of the line."""

    text: str
    note: str = ""
    height: float | None = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Block):
    """Words of one style and role."""

    text: str
    style: str = "body"
    role: str = "text"
    align: str = "left"
    valign: str = "top"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys(Block):
    """Keys in rows of `columns`; `how` is tile (icon beside words), plain, stack or digit.

    `columns_tall` are those on a tall display, 0 for as many.
    """

    keys: tuple[KeyView, ...]
    columns: int = 1
    columns_tall: int = 0
    how: str = "plain"
    gap: float = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class LineKeyView(KeyView):
    """A line of a list that is a key: a second text with a note; `icon` stands at the end."""

    more: str = ""
    more_note: str = ""
    mark_role: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineKeys(Block):
    """A page of a list with room for `lines` lines in each column; `_tall` on a tall display.

    Words in a `centred` one stand in the middle; these have no note and no mark.
    """

    keys: tuple[LineKeyView, ...]
    lines: int = 5
    columns: int = 1
    lines_tall: int = 0
    columns_tall: int = 0
    centred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(Block):
    """A panel with an icon, a title and words; `look` plain, alarm, warn, advice or good."""

    title: str = ""
    text: str = ""
    icon: str = ""
    look: str = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps(Block):
    """Things to do or to know, one a line."""

    steps: tuple[StepView, ...]
    state_share: float = 0.4  # how much of a line its state may take at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Block):
    """A question and its answers on keys, with the consequence of an answer below it.

    `icon` stands before the consequence; answers are `key_width` wide, less where room is short.
    With `head` the text is one bold line.
    """

    text: str
    keys: tuple[KeyView, ...]
    note: str = ""
    note_role: str = "text_soft"
    look: str = "plain"
    icon: str = ""
    key_width: float = 100
    head: bool = False
    keys_share: float = 0.56  # how much of the row the answers may take
    height: float | None = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Block):
    """What was typed, with a cursor; `problem` stands below it and what was typed stays."""

    caption: str
    text: str
    hint: str = ""
    problem: str = ""
    problem_high: float = 22
    """Room of the problem: one line of a caption, or more of it."""
    secret: bool = False
    places: int = 0
    """Dots of a PIN that are shown even when empty."""
    height: float | None = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Block):
    """Facts in two columns: a caption and its value."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCard:
    """A channel with what is now and what would be."""

    channel: int
    title: str
    now_caption: str
    now: str
    then_caption: str = ""
    then: str = ""
    foot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCards(Block):
    """Channels side by side."""

    cards: tuple[ChannelCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """The contact of a pair of pads: side, the names of both, word and icon, resistance."""

    channel: int
    title: str
    pads: str
    icon: str
    state: str
    role: str
    ohm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRows(Block):
    """The contact of each pair of pads."""

    rows: tuple[ContactRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PadMark:
    """A pad on the figure: centre and size in mm, turn in degrees clockwise.

    `look` is plain, playing (ring in yellow), chosen or off; `plus` marks where the lead marked +
    goes.
    """

    label: str
    channel: int
    x: float
    y: float
    width_mm: float
    height_mm: float
    turn: float = 0.0
    plus: bool = False
    look: str = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointMark:
    """A name on the figure, in mm: a level, a landmark, a found motor point.

    A `hollow` dot is what a place is measured from.
    """

    text: str
    x: float
    y: float
    dot: bool = False
    hollow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Block):
    """The figure seen from behind: a region, the muscles meant, pads to scale, names."""

    region: str
    muscles: tuple[str, ...] = ()
    sides: tuple[str, ...] = ("left", "right")
    pads: tuple[PadMark, ...] = ()
    points: tuple[PointMark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone(KeyView):
    """A zone of the back that is a key: a region on one side."""

    region: str
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaPicker(Block):
    """The back seen from behind, with zones to touch."""

    zones: tuple[Zone, ...]


class SiteAnswer(NamedTuple):
    """An answer about a site: its name to the engine, and its word on a key."""

    name: str
    text: str


class SiteHead(NamedTuple):
    """What stands above a column of answers; `sample` is the drawn skin (flush, mark, broken)."""

    title: str
    note: str
    sample: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """A site: the tag of its pad or a number, words, and keys to answer on."""

    text: str
    label: str = ""
    channel: int = 1
    number: str = ""
    style: str = "body"
    keys: tuple[KeyView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTable(Block):
    """Sites a row each, with answers `key_width` wide; `room` for that many rows at least.

    With `heads` a title and words stand beside them, above the sites.
    """

    rows: tuple[SiteRow, ...]
    room: int = 1
    key_width: float = 100
    title: str = ""
    lead: str = ""
    heads: tuple[SiteHead, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A number with its unit, and what it is."""

    value: str
    unit: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCard(Block):
    """A panel with a title, numbers in cells side by side, and a text."""

    title: str
    cells: tuple[Cell, ...]
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel(Block):
    """A panel with a title and a long text, in the largest type that fits."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair(Block):
    """Two panels of equal size: side by side, or one below the other where that is too narrow."""

    panels: tuple[Panel, Panel]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientBlock:
    """One thing that a patient is told."""

    icon: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientCard(Block):
    """A card in large type for the patient; `turned` by 180 degrees for somebody across."""

    blocks: tuple[PatientBlock, ...]
    turned: bool = False
    right_to_left: bool = False
    """Whether the patient's language runs so, whatever that of the screen does."""


class LineView(NamedTuple):
    """A line of a text: a number or "" before it; `head` for what the lines below it are about."""

    text: str
    number: str = ""
    head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Block):
    """A page of a text, one line below the other, in the largest type that fits."""

    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend(Block):
    """What the numbered discs on the screen stand beside, from 1 on; discs take no touch."""

    texts: tuple[str, ...]
    columns: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Mushroom(Block):
    """The red button of the unit as it looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(Block):
    """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Blocks from the top; `share` is the width against the other columns."""

    blocks: tuple[Block, ...]
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside(Block):
    """Blocks, or columns of blocks, side by side; their widths have the ratios `shares`."""

    parts: tuple[Block | Column, ...]
    shares: tuple[float, ...]
    gap: float = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """A screen of columns; `title` and `line` for the head, `rail` the keys beside STOP.

    Another `turn` is another page of the same screen: touches right after it are swallowed.
    """

    columns: tuple[Column, ...]
    title: str = ""
    line: str = ""
    rail: tuple[KeyView, ...] = ()
    turn: str = ""
