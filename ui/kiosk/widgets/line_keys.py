"""A list whose every line is a key: two texts, each with a note, and a mark at the end."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.blocks import LineKeys, LineKeyView
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import Key, KeyArrangement
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

FIRST, FIRST_NARROW, MARK = 138, 106, 32
NARROW = 400
HALF = 24


class LineKey(Key):
    """One line; its icon is the mark at the end."""

    @property
    def described(self) -> str:
        """Return all its words."""
        view = self.view
        more = (view.more, view.more_note) if isinstance(view, LineKeyView) else ()
        return " ".join(word for word in (view.text, view.note, *more) if word)

    def _in_line(self, inner: Rect, how: KeyArrangement) -> None:
        stage, view, look = self.stage, self.view, self._look
        if not isinstance(view, LineKeyView):
            return
        inner = inner.after(10)
        top = inner.y + max((inner.h - 2 * HALF) / 2, 0)
        if view.icon:
            mark = Icon(stage, inner.end(MARK), view.icon, view.mark_role, 26)
            self.add_widget(mark)
            inner = inner.before(MARK, 4)
        first = FIRST if inner.w > NARROW else FIRST_NARROW
        second = inner.after(first) if view.more else inner
        for place, text, note in (
            (inner.left(first - 8) if view.more else inner, view.text, view.note),
            (second, view.more, view.more_note),
        ):
            if text:
                line = Rect(place.x, top, place.w, HALF)
                self.add_widget(Words(stage, line, text, how.style, look.text, valign="middle"))
            if note:
                line = Rect(place.x, top + HALF, place.w, HALF)
                self.add_widget(Words(stage, line, note, "caption", look.note, valign="middle"))


def draw_line_keys(stage: Stage, rect: Rect, block: LineKeys, still: Layer) -> None:
    """Draw the lines from the top; a short list leaves room below."""
    for place, key in zip(rect.rows(block.lines, 6), block.keys, strict=False):
        still.add_widget(LineKey(stage, place, key))
