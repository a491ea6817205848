"""Where everything of the panel stands, in px from its top left. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from ui.panel.pads import LOADS_OHM, ChannelPads, PadState
from ui.panel.state import HAND_SWITCH, SWITCHES, Panel, ohm_words

WIDE = 420
MARGIN = 14
BANNER, TOP_KEYS, HEAD, KEY, GAP = 38, 66, 26, 34, 4
SCOPE, SOUNDS, FOOT = 132, 18, 44
LETTERS = ("A", "B")
BOARD_KEYS = (("slow", "Slow clock"), ("stuck", "Stuck gate"), ("spi", "Lost SPI"))


class Box(NamedTuple):
    """A rectangle: left, top, width, height."""

    x: int
    y: int
    w: int
    h: int

    def contains(self, x: float, y: float) -> bool:
        """Return whether a point is inside."""
        return self.x <= x < self.x + self.w and self.y <= y < self.y + self.h

    def columns(self, count: int) -> tuple["Box", ...]:
        """Return that many equal columns."""
        wide = (self.w - GAP * (count - 1)) / count
        edges = [round(self.x + place * (wide + GAP)) for place in range(count)]
        return tuple(Box(edge, self.y, round(wide), self.h) for edge in edges)


class PanelKey(NamedTuple):
    """A key; `action` is for `Panel.pressed`. A held one asks for `on_release` when let go."""

    box: Box
    text: str
    action: str
    chosen: bool = False
    icon: str = ""
    on_release: str = ""


class PanelText(NamedTuple):
    """A line of words."""

    box: Box
    text: str
    bold: bool = False
    align: str = "left"


class PanelView(NamedTuple):
    """Everything of the panel but the moving curves."""

    size: tuple[int, int]
    banner: Box
    keys: tuple[PanelKey, ...]
    texts: tuple[PanelText, ...]
    marks: tuple[tuple[Box, int], ...]
    """Where the mark of a channel stands, and its number."""
    lines: tuple[Box, ...]
    scope: Box
    sounds: Box

    def key_at(self, x: float, y: float) -> PanelKey | None:
        """Return the key under a point."""
        return next((key for key in self.keys if key.box.contains(x, y)), None)


def height_of(channels: int) -> int:
    """Return the height of the panel of a board with that many channels."""
    return BANNER + 8 + TOP_KEYS + channels * CHANNEL + 10 + HEAD + SCOPE + 8 + KEY + KEY + 8 + FOOT


CHANNEL = 10 + HEAD + 3 * (KEY + GAP) + 6


def view_of(panel: Panel) -> PanelView:
    """Lay out the panel."""
    inner = WIDE - 2 * MARGIN
    keys, texts, lines = list(_top(panel)), list[PanelText](), list[Box]()
    marks: list[tuple[Box, int]] = []
    y = BANNER + 8 + TOP_KEYS
    for place, pads in enumerate(panel.channels):
        lines.append(Box(MARGIN, y + 9, inner, 1))
        head = Box(MARGIN, y + 12, inner, HEAD)
        marks.append((Box(MARGIN, head.y + 2, 22, 22), pads.number))
        texts.append(PanelText(Box(46, head.y, 150, HEAD), f"Channel {pads.number}", bold=True))
        what = "load" if pads.load_ohm else "skin at d.c."
        texts.append(PanelText(head, ohm_words(panel.seen.ohms[place], what), align="right"))
        keys += _channel_keys(pads, head.y + HEAD + 2)
        texts += _pad_names(pads, head.y + HEAD + 2)
        y += CHANNEL
    lines.append(Box(MARGIN, y + 9, inner, 1))
    texts.append(PanelText(Box(MARGIN, y + 12, inner, HEAD), "True current", bold=True))
    scope = Box(MARGIN, y + 12 + HEAD, inner, SCOPE)
    y = scope.y + SCOPE + 6
    sounds = Box(MARGIN + 78, y + 8, inner - 78, SOUNDS)
    texts.append(PanelText(Box(MARGIN, y, 76, KEY), "Buzzer", bold=True))
    y += KEY
    keys += _board_keys(panel, y)
    texts += _foot(panel, y + KEY + 6)
    size = (WIDE, height_of(len(panel.channels)))
    banner = Box(0, 0, WIDE, BANNER)
    return PanelView(
        size, banner, tuple(keys), tuple(texts), tuple(marks), tuple(lines), scope, sounds
    )


def _top(panel: Panel) -> Iterator[PanelKey]:
    left, right = Box(MARGIN, BANNER + 8, WIDE - 2 * MARGIN, TOP_KEYS).columns(2)
    pressed = panel.is_set(SWITCHES["estop"][0])
    words = "Release\ne-stop" if pressed else "Press\ne-stop"
    yield PanelKey(left, words, "estop", pressed, "estop")
    high = (right.h - GAP) // 2
    above, below = right._replace(h=high), right._replace(y=right.y + right.h - high, h=high)
    squeezed = panel.is_set(HAND_SWITCH) and not panel.is_unplugged
    yield PanelKey(above, "Squeeze hand switch", "squeeze", squeezed, on_release="let_go")
    words = "Plug hand switch in" if panel.is_unplugged else "Unplug hand switch"
    yield PanelKey(below, words, "unplug", panel.is_unplugged)


def _channel_keys(pads: ChannelPads, y: int) -> Iterator[PanelKey]:
    for letter in LETTERS:
        row = Box(MARGIN + 36, y, WIDE - 2 * MARGIN - 36, KEY)
        for box, state in zip(row.columns(4), PadState, strict=True):
            action = f"pad:{pads.number}{letter}:{state}"
            lies_so = not pads.load_ohm and pads.pad(letter) is state
            yield PanelKey(box, state.value, action, lies_so)
        y += KEY + GAP
    row = Box(MARGIN, y, WIDE - 2 * MARGIN, KEY)
    cut, short, *loads = row.columns(2 + len(LOADS_OHM))
    number = pads.number
    yield PanelKey(cut, "Cut lead", f"cut:{number}", pads.is_cut)
    yield PanelKey(short, "Pads touch", f"short:{number}", pads.is_short)
    for box, ohm in zip(loads, LOADS_OHM, strict=True):
        words = f"{ohm} Ω load"
        yield PanelKey(box, words, f"load:{number}:{ohm}", pads.load_ohm == ohm)


def _pad_names(pads: ChannelPads, y: int) -> Iterator[PanelText]:
    for letter in LETTERS:
        yield PanelText(Box(MARGIN, y, 34, KEY), f"{pads.number}{letter}", bold=True)
        y += KEY + GAP


def _board_keys(panel: Panel, y: int) -> Iterator[PanelKey]:
    *switches, good = Box(MARGIN, y, WIDE - 2 * MARGIN, KEY).columns(len(BOARD_KEYS) + 1)
    for box, (action, words) in zip(switches, BOARD_KEYS, strict=True):
        yield PanelKey(box, words, action, panel.is_set(SWITCHES[action][0]))
    yield PanelKey(good, "All good (R)", "good")


def _foot(panel: Panel, y: int) -> Iterator[PanelText]:
    inner = WIDE - 2 * MARGIN
    yield PanelText(Box(MARGIN, y, inner, FOOT // 2), panel.said)
    yield PanelText(Box(MARGIN, y + FOOT // 2, inner, FOOT // 2), panel.note, bold=True)
