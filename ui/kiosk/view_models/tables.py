"""A list whose every line is a key with cells under heads, and the progress of a course."""

from dataclasses import dataclass

from ui.kiosk.view_models.blocks import Block
from ui.kiosk.view_models.parts import KeyView


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCell:
    """Words of a cell in a role; with an icon before them where there is one."""

    text: str
    role: str = "text"
    icon: str = ""
    bold: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TableKeyView(KeyView):
    """A line; its icon stands at the end."""

    cells: tuple[TableCell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableKeys(Block):
    """A page of a table with room for `lines` lines; `shares` are the widths of the columns."""

    heads: tuple[str, ...]
    shares: tuple[float, ...]
    keys: tuple[TableKeyView, ...]
    lines: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Block):
    """How much of something is done: a title, a small box for each part, and words."""

    title: str
    done: int
    of: int
    words: str
    height: float | None = 60
