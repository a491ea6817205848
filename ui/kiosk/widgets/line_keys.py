"""A list whose every line is a key: two texts, each with a note, and a mark at the end."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.tokens import LayoutName
from ui.kiosk.theme.typesetting import SetText, Setting, set_text
from ui.kiosk.view_models.blocks import LineKeys, LineKeyView
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import USUAL, Key, KeyArrangement
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

FIRST, FIRST_NARROW, MARK = 138, 106, 32
NARROW = 400
HALF = 24
GAP, START, EDGE = 6, 10, 3
"""Between lines; before their words; above and below them."""
MOST_LINES = 2


class LineKey(Key):
    """One line; its icon is the mark at the end."""

    @property
    def described(self) -> str:
        """Return all its words."""
        view = self.view
        more = (view.more, view.more_note) if isinstance(view, LineKeyView) else ()
        return " ".join(word for word in (view.text, view.note, *more) if word)

    def _in_line(self, inner: Rect, how: KeyArrangement) -> None:
        stage, view, look = self._inside, self.view, self._look
        if not isinstance(view, LineKeyView):
            return
        whole = inner.after(START)
        inner = whole.before(MARK, 4) if view.icon else whole
        below = self._has_mark_below(view, inner.w, how.style)
        if view.icon and not below:
            self._mark(whole.end(MARK))
        first = FIRST if inner.w > NARROW else FIRST_NARROW
        second = inner.after(first) if view.more else inner
        alone = whole if below else inner
        for place, text, note in (
            (inner.left(first - 8) if view.more else alone, view.text, view.note),
            (second, view.more, view.more_note),
        ):
            lines = self._lines(text, place.w, how.style) if text or view.more else 0
            note_lines = self._lines(note, place.w, "caption") if note else 0
            high, note_high = float(HALF * lines), float(HALF * note_lines)
            if not view.more and high + note_high > inner.h:
                high = _high(stage, text, place.w, how.style)
                note_high = _high(stage, note, place.w, "caption")
            if high + note_high > max(self.rect.h - 2 * EDGE, 2 * HALF):
                high = min(high, MOST_LINES * HALF)
                note_high = 0.0  # the note gives way to what it is about
            filled = max(2 * HALF, high + note_high) if view.more else high + note_high
            top = inner.y + max((inner.h - filled) / 2, 0)
            if text:
                line = Rect(place.x, top, place.w, high)
                self.add_widget(Words(stage, line, text, how.style, look.text, valign="middle"))
            if note_high:
                line = Rect(place.x, top + high, place.w, note_high)
                if below and self._lines(note, inner.w, "caption") == 1:
                    self._mark(Rect(whole.right - MARK, line.y, MARK, note_high))
                self.add_widget(Words(stage, line, note, "caption", look.note, valign="middle"))

    def _has_mark_below(self, view: LineKeyView, width: float, style: str) -> bool:
        """Return whether a text is too long beside the mark.

        The mark then stands beside the note, and gives way where the note is too long too.
        """
        alone = bool(view.icon and view.note and not view.more)
        return alone and len(self._set(view.text, width, style).lines) > MOST_LINES

    def _mark(self, place: Rect) -> None:
        view = self.view
        if isinstance(view, LineKeyView):
            self.add_widget(Icon(self._inside, place, view.icon, view.mark_role, 26))

    def _lines(self, text: str, width: float, style_name: str) -> int:
        """Return in how many lines a text is set, two at most."""
        return min(len(self._set(text, width, style_name).lines), MOST_LINES)

    def _set(self, text: str, width: float, style_name: str) -> SetText:
        style = self.stage.theme.style(style_name)
        setting = Setting(self.stage.px(style.px), style.is_bold, style.line)
        return set_text(text, setting, self.stage.px(width))


def draw_line_keys(stage: Stage, rect: Rect, block: LineKeys, still: Layer) -> None:
    """Draw the lines from the top; a short list leaves room below."""
    tall = stage.theme.profile.layout is LayoutName.TALL
    columns, lines = arrangement(block, tall=tall)
    for number, column in enumerate(rect.columns(columns)):
        keys = block.keys[number * lines : (number + 1) * lines]
        for place, key in zip(_rows(stage, column, keys, lines), keys, strict=False):
            if key.text:
                still.add_widget((Key if block.centred else LineKey)(stage, place, key))


def arrangement(block: LineKeys, *, tall: bool) -> tuple[int, int]:
    """Return in how many columns the keys stand, and how many lines each has room for."""
    if not tall:
        return block.columns, block.lines
    return block.columns_tall or block.columns, block.lines_tall or block.lines


def _rows(stage: Stage, rect: Rect, keys: tuple[LineKeyView, ...], lines: int) -> tuple[Rect, ...]:
    """Return rows of one height; a longer text takes from the others what they have to spare."""
    equal = rect.rows(lines, GAP)
    needs = [_need(stage, rect.w, key) for key in keys]
    spare = rect.h - GAP * (lines - 1) - sum(needs)
    if not needs or len(needs) < lines or max(needs) <= equal[0].h or spare < 0:
        return equal
    found, top = list[Rect](), rect.y
    for need in needs:
        found.append(Rect(rect.x, top, rect.w, need + spare / lines))
        top = found[-1].bottom + GAP
    return tuple(found)


def _need(stage: Stage, width: float, key: LineKeyView) -> float:
    """Return how high a line has to be for all its words."""
    if key.more:
        return 0.0
    room = width - 2 * USUAL.inset - START - (MARK + 4 if key.icon else 0)
    return sum(_high(stage, text, room, name) for text, name in _texts(key)) + 2 * EDGE


def _texts(key: LineKeyView) -> tuple[tuple[str, str], ...]:
    return (key.text, USUAL.style), (key.note, "caption")


def _high(stage: Stage, text: str, width: float, name: str) -> float:
    """Return how high a text is, 0 for none."""
    if not text:
        return 0.0
    style = stage.theme.style(name)
    setting = Setting(stage.px(style.px), style.is_bold, style.line)
    return set_text(text, setting, stage.px(width)).height / stage.theme.profile.scale
