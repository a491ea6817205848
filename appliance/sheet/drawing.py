"""Draws a sheet: one page of A4 in large type, well apart, mirrored from right to left.

The type is as large as one page allows; what would not fit at the smallest size goes on a second
page, so that nothing is left out. The same content gives the same bytes.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from appliance.sheet.content import Block, Home, SheetContent
from appliance.texts.fonts import ARABIC, LATIN, font_file
from appliance.texts.languages import Language
from appliance.texts.shaping import broken, joined, runs_of
from appliance.texts.text import Text, TextValue, text

if TYPE_CHECKING:
    from fpdf import FPDF

Say = Callable[[TextValue], str]
WIDE, HIGH, MARGIN = 210.0, 297.0, 17.0
"""A4 and its margins in mm."""
SIZES = (14.0, 13.0, 12.5, 12.0, 11.5, 11.0)
"""Sizes of the running text in points, the largest that fits is taken (D)."""
MM = 25.4 / 72
LINE, GAP, PAD = 1.34, 3.6, 3.2
"""Height of a line in sizes; mm between parts, and inside a frame."""
INK, SOFT, EDGE, GROUND, WARN = (
    (16, 26, 34),
    (68, 83, 95),
    (150, 165, 178),
    (240, 244, 247),
    (176, 21, 28),
)
FOOT = 12.0
PRODUCER = "stimkiosk"


class _Style(NamedTuple):
    """Size in points, weight and colour."""

    size: float
    bold: bool = False
    ink: tuple[int, int, int] = INK

    @property
    def high(self) -> float:
        """Return the height of a line in mm."""
        return self.size * MM * LINE


def draw_sheet(content: SheetContent, say: Say, language: Language) -> bytes:
    """Return the sheet as PDF; raises `FontsMissing`."""
    with _document(content, language) as tried:
        fitting = (size for size in SIZES if _Page(tried, content, say, language, size).draw() == 1)
        size = next(fitting, SIZES[-1])
    with _document(content, language) as pdf:
        _Page(pdf, content, say, language, size).draw()
        return bytes(pdf.output())


class _Page:
    """One attempt at a size, from a new page of a document on; it counts its pages."""

    def __init__(
        self, pdf: "FPDF", content: SheetContent, say: Say, language: Language, size: float
    ) -> None:
        self._content, self._say, self._language = content, say, language
        self._body = _Style(size)
        self._pdf = pdf
        pdf.add_page()
        self._y = MARGIN
        self._kept_free = 0.0
        self.pages = 1

    def draw(self) -> int:
        """Draw every part from the top; return how many pages that took."""
        content = self._content
        self._call()
        self._head()
        self._facts()
        for block in content.blocks:
            self._block(block)
        if content.home or content.advice:
            self._home(content.home, content.advice)
        self._foot()
        return self.pages

    # --- parts -------------------------------------------------------------------------------

    def _head(self) -> None:
        size, content = self._body.size, self._content
        title = _Style(size * 1.75, bold=True)
        self._lines(self._say(text("sheet.title")), title, WIDE - 2 * MARGIN)
        day = "" if content.day is None else self._say(content.day)
        under = "   ".join(filter(None, (content.alias, day, content.clinic)))
        self._lines(under, _Style(size, ink=SOFT), WIDE - 2 * MARGIN)
        self._y += 1.5
        self._pdf.set_fill_color(*INK)
        self._pdf.rect(MARGIN, self._y, WIDE - 2 * MARGIN, 0.7, style="F")
        self._y += GAP

    def _facts(self) -> None:
        """Draw the facts in two columns, a caption above each value."""
        caption, value = _Style(self._body.size * 0.86, ink=SOFT), self._body._replace(bold=True)
        wide = (WIDE - 2 * MARGIN - 8) / 2
        for pair in _pairs(self._content.facts):
            top, lowest = self._y, self._y
            for column, (name, said) in enumerate(pair):
                self._y = top
                at = MARGIN + column * (wide + 8)
                if self._language.right_to_left:
                    at = WIDE - at - wide
                self._lines(self._say(name), caption, wide, at)
                self._lines(self._say(said), value, wide, at)
                lowest = max(lowest, self._y)
            self._y = lowest + 1.2
        self._y += GAP - 1.2

    def _block(self, block: Block) -> None:
        inner = WIDE - 2 * MARGIN - (2 * PAD + 2 if block.warns else 0)
        lines = [self._say(line) for line in block.lines]
        high = self._height(lines, inner, bullets=len(lines) > 1) + self._title().high + 0.8
        high += 2 * PAD if block.warns else 0
        self._room(high)
        top = self._y
        if block.warns:
            self._frame(top, high)
            self._y += PAD
        left = MARGIN + (PAD + 2 if block.warns and not self._language.right_to_left else 0)
        if block.warns and self._language.right_to_left:
            left = MARGIN + PAD
        self._lines(self._say(block.title), self._title(), inner, left)
        self._y += 0.8
        for line in lines:
            self._bullet(line, inner, left, bullet=len(lines) > 1)
        self._y = top + high + GAP

    def _home(self, home: Sequence[Home], advice: Sequence[Text]) -> None:
        wide = WIDE - 2 * MARGIN
        self._room(self._title().high * 3)
        self._lines(self._say(text("sheet.home")), self._title(), wide)
        self._y += 0.8
        bold = self._body._replace(bold=True)
        small = self._body._replace(size=self._body.size * 0.93)
        for each in home:
            head = f"{self._say(each.title)}: {self._say(each.dose)}"
            steps = " ".join(map(self._say, each.steps))
            self._room(self._high(head, bold, wide) + self._high(steps, small, wide) + 1.6)
            self._lines(head, bold, wide)
            self._lines(steps, small, wide)
            self._y += 1.6
        # What ends an exercise is much the same for each: it is said once.
        stops = tuple(dict.fromkeys(stop for each in home for stop in each.stop))
        for line in (*stops, *advice):
            said = self._say(line)
            self._room(self._high(said, self._body, wide - 6))
            self._bullet(said, wide, MARGIN, bullet=True)
        self._y += GAP - 1.2

    def _call(self) -> None:
        """Draw whom to call at the foot of the first page, and keep that place free."""
        big = _Style(self._body.size * 1.2, bold=True)
        said = self._say(text("sheet.emergency"))
        wide = WIDE - 2 * MARGIN - 2 * PAD
        clinic = self._content.clinic or "–"
        high = self._title().high + self._high(clinic, big, wide) + self._body.high + 7
        high += self._high(said, self._body, wide) + 2 * PAD
        self._y = HIGH - MARGIN - FOOT - high
        self._kept_free = high + GAP
        self._pdf.set_draw_color(*INK)
        self._pdf.set_line_width(0.6)
        self._pdf.rect(MARGIN, self._y, WIDE - 2 * MARGIN, high)
        self._y += PAD
        at = MARGIN + PAD
        self._lines(self._say(text("sheet.call")), self._title(), wide, at)
        self._lines(clinic, big, wide, at)
        self._y += 5.5
        self._phone(at, wide)
        self._y += 1.5
        self._lines(said, self._body, wide, at)
        self._y = MARGIN

    def _phone(self, at: float, wide: float) -> None:
        """Draw the number, or a line to write it on where the unit does not know it."""
        phone = self._say(text("sheet.phone"))
        words = self._width(phone, self._body) + 3
        self._lines(phone, self._body, wide, at)
        self._pdf.set_draw_color(*SOFT)
        self._pdf.set_line_width(0.3)
        rule = self._y - 0.8
        right = self._language.right_to_left
        number = self._content.telephone
        if number:
            self._y -= self._body.high
            bold = self._body._replace(bold=True)
            self._lines(number, bold, wide - words, at if right else at + words)
            return
        ends = (at, at + wide - words) if right else (at + words, at + wide)
        self._pdf.line(ends[0], rule, ends[1], rule)

    def _foot(self) -> None:
        small, wide = _Style(9, ink=SOFT), WIDE - 2 * MARGIN
        lines = [self._say(text("sheet.made_by"))]
        if not self._language.reviewed:
            lines.insert(0, self._say(text("sheet.not_reviewed")))
        self._y = HIGH - MARGIN - len(lines) * small.high + 6
        for line in lines:
            self._lines(line, small, wide)

    # --- pieces ------------------------------------------------------------------------------

    def _title(self) -> _Style:
        return _Style(self._body.size * 1.18, bold=True)

    def _frame(self, top: float, high: float) -> None:
        """Draw a ground with a thick edge where lines begin."""
        right = self._language.right_to_left
        self._pdf.set_fill_color(*GROUND)
        self._pdf.rect(MARGIN, top, WIDE - 2 * MARGIN, high, style="F")
        self._pdf.set_fill_color(*WARN)
        edge = WIDE - MARGIN - 1.6 if right else MARGIN
        self._pdf.rect(edge, top, 1.6, high, style="F")

    def _bullet(self, line: str, wide: float, left: float, *, bullet: bool) -> None:
        if not bullet:
            self._lines(line, self._body, wide, left)
            return
        right = self._language.right_to_left
        x = left + wide - 1.6 if right else left + 1.6
        self._pdf.set_fill_color(*INK)
        middle = self._y + self._body.high / 2
        self._pdf.circle(x, middle, self._body.size / 18, style="F")
        self._lines(line, self._body, wide - 6, left if right else left + 6)

    def _room(self, high: float) -> None:
        """Begin another page where less room is left."""
        if self._y + high <= HIGH - MARGIN - FOOT - self._kept_free or self._y <= MARGIN:
            return
        self._foot()
        self._pdf.add_page()
        self._kept_free = 0.0
        self.pages += 1
        self._y = MARGIN

    def _height(self, lines: Sequence[str], wide: float, *, bullets: bool) -> float:
        return sum(self._high(line, self._body, wide - (6 if bullets else 0)) for line in lines)

    def _high(self, said: str, style: _Style, wide: float) -> float:
        return len(self._wrapped(said, style, wide)) * style.high

    def _lines(self, said: str, style: _Style, wide: float, left: float = MARGIN) -> None:
        self._pdf.set_text_color(*style.ink)
        for line in self._wrapped(said, style, wide):
            x = left
            if self._language.right_to_left:
                x = left + wide - self._width(line, style, is_joined=True)
            base = self._y + style.high * 0.76
            for run in runs_of(line):
                self._font(run.font, style)
                self._pdf.text(x, base, run.text)
                x += self._pdf.get_string_width(run.text)
            self._y += style.high

    def _wrapped(self, said: str, style: _Style, wide: float) -> list[str]:
        """Return joined letters in lines, in the order they are read."""
        lines: list[str] = []
        line = ""
        for word in joined(said).split(" "):
            longer = f"{line} {word}" if line else word
            if not line or self._width(longer, style, is_joined=True) <= wide:
                line = longer
            else:
                ended, line = broken(line, word)
                lines.append(ended)
        return [*lines, line] if line else lines

    def _width(self, said: str, style: _Style, *, is_joined: bool = False) -> float:
        whole = 0.0
        for run in runs_of(said if is_joined else joined(said)):
            self._font(run.font, style)
            whole += self._pdf.get_string_width(run.text)
        return whole

    def _font(self, name: str, style: _Style) -> None:
        self._pdf.set_font(name, "B" if style.bold else "", style.size)


@contextmanager
def _document(content: SheetContent, language: Language) -> Iterator["FPDF"]:
    """Open a document without a page; the files of its fonts are closed with it."""
    from fpdf import FPDF
    from fpdf.fonts import TTFFont

    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    for name in (LATIN, ARABIC) if language.right_to_left else (LATIN,):
        for bold in (False, True):
            pdf.add_font(name, "B" if bold else "", str(font_file(name, bold=bold)))
    pdf.set_producer(PRODUCER)
    pdf.set_title(f"{PRODUCER} {content.session}")
    pdf.set_creation_date(datetime(1970, 1, 1, tzinfo=UTC))
    try:
        yield pdf
    finally:
        for font in pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()


def _pairs(
    facts: Sequence[tuple[Text, TextValue]],
) -> tuple[Sequence[tuple[Text, TextValue]], ...]:
    return tuple(facts[at : at + 2] for at in range(0, len(facts), 2))
