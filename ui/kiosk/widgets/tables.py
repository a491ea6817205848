"""Draws tables whose lines are keys, and the progress of a course."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.tables import Progress, TableKeys, TableKeyView
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import USUAL, Key, KeyArrangement
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

HEAD, MARK, ICON, GAP = 22, 26, 22, 6
INSET = 6
"""What a key keeps free on each side."""


class TableKey(Key):
    """One line; the widths are those of the table."""

    def __init__(
        self, stage: Stage, rect: Rect, view: TableKeyView, how: KeyArrangement = USUAL
    ) -> None:
        self._shares: tuple[float, ...] = ()
        super().__init__(stage, rect, view, how)

    @property
    def described(self) -> str:
        """Return all its words."""
        view = self.view
        cells = view.cells if isinstance(view, TableKeyView) else ()
        return " ".join(cell.text for cell in cells if cell.text)

    def _in_line(self, inner: Rect, how: KeyArrangement) -> None:
        """Leave the words to `fill`, which knows the widths."""

    def fill(self, shares: tuple[float, ...]) -> None:
        """Draw the cells."""
        view = self.view
        if not isinstance(view, TableKeyView):
            return
        inner = self.rect.inset(INSET)
        if view.icon:
            self.add_widget(Icon(self.stage, inner.end(MARK), view.icon, "text", 22))
        places = _places(self.rect, shares)
        for place, cell in zip(places, view.cells, strict=True):
            words = place
            if cell.icon:
                self.add_widget(Icon(self.stage, place.left(ICON), cell.icon, cell.role, 20))
                words = place.after(ICON, 4)
            style = "body_bold" if cell.bold else "body"
            self.add_widget(Words(self.stage, words, cell.text, style, cell.role))


def _places(rect: Rect, shares: tuple[float, ...]) -> tuple[Rect, ...]:
    return rect.inset(INSET).after(6).before(MARK, 4).shares(shares, GAP)


def draw_table_keys(stage: Stage, rect: Rect, block: TableKeys, still: Layer) -> None:
    """Draw the heads, then the lines from the top; a short list leaves room below."""
    for place, words in zip(_places(rect.top(HEAD), block.shares), block.heads, strict=True):
        head = Rect(place.x, rect.y, place.w, HEAD)
        still.add_widget(Words(stage, head, words, "caption", "text_soft"))
    rows = rect.below(HEAD, 2).rows(block.lines, GAP)
    for place, view in zip(rows, block.keys, strict=False):
        key = TableKey(stage, place, view)
        key.fill(block.shares)
        still.add_widget(key)


def draw_progress(stage: Stage, rect: Rect, block: Progress, still: Layer) -> None:
    """Draw title, boxes and words."""
    still.add_widget(Box(stage, rect, "panel"))
    inner = rect.inset(12, 6)
    still.add_widget(Words(stage, inner.top(26), block.title, "body_bold"))
    line = inner.below(26)
    words = Words(stage, line, block.words, "caption", "text_soft", align="right")
    still.add_widget(words)
    boxes = line.before(words.drawn_width / stage.theme.profile.scale, 12)
    count = max(block.of, block.done, 1)
    for number, place in enumerate(boxes.columns(count, 2 if count > 12 else 4)):  # noqa: PLR2004
        low = Rect(place.x, place.y + (place.h - 16) / 2, min(place.w, 16), 16)
        done = number < block.done
        still.add_widget(
            Box(
                stage,
                low,
                "text" if done else "",
                radius=2,
                edge="" if done else "edge",
                edge_width=1,
            )
        )
