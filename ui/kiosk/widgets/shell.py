"""What stands on every screen: state block, who and where, clock, rail, pause, STOP, live frame."""

from collections.abc import Iterator
from dataclasses import replace

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.tokens import LayoutName, ThemeName
from ui.kiosk.view_models.parts import (
    Frame,
    Ground,
    KeyLook,
    KeyView,
    OutputView,
    ShellView,
)
from ui.kiosk.widgets.box import Box, Edge, Hatch
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import Key, KeyArrangement
from ui.kiosk.widgets.part import Layer, Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

FRAME, KEYLINE = 6, 2
TALL_TIME_Y, TALL_TIME_WIDE, TALL_WORD = 54, 112, 22
WIDER, TALL_LINES = 124, 48
RAIL_KEY, RAIL_KEY_TALL, RAIL_GAP = 56, 76, 8
HELP_KEY = 48
STOP = "stop"
PAUSE = "pause"


def shell_parts(stage: Stage, view: ShellView) -> Iterator[Part]:
    """Yield every part of the shell but STOP and the frame, which are drawn last."""
    if view.output.frame is Frame.PULSES and stage.theme.name is ThemeName.LIGHT:
        # Yellow on white has no edge of its own.
        inner = stage.regions.screen.inset(FRAME)
        yield Edge(stage, inner, KEYLINE, "on_text")
    yield from _output(stage, view)
    yield from _head(stage, view)
    yield from _rail(stage, view)
    if view.pause is not None:
        yield Key(
            stage, stage.regions.pause, view.pause, KeyArrangement(stacked=True, icon_size=30)
        )


def stop_part(stage: Stage, view: ShellView) -> Key:
    """Return STOP: same place and size on every screen, never disabled."""
    key = KeyView(action=STOP, text="STOP", note=view.stop_word, icon="stop", look=KeyLook.STOP)
    return Key(
        stage,
        stage.regions.stop,
        key,
        KeyArrangement(stacked=True, style="stop", icon_size=50),
    )


def frame_parts(stage: Stage, frame: Frame) -> Iterator[Part]:
    """Yield the live frame."""
    screen = stage.regions.screen
    match frame:
        case Frame.NONE:
            return
        case Frame.HATCHED:
            yield Hatch(stage, screen, FRAME)
        case Frame.PULSES | Frame.STOPPED:
            role = "on" if frame is Frame.PULSES else "stop"
            yield Edge(stage, screen, FRAME, role)


def _output(stage: Stage, view: ShellView) -> Iterator[Part]:
    output = view.output
    place = state_place(stage, wide=output.wide)
    fill, words = _GROUNDS[output.ground][0], _ink(output)
    # Two corners lie outside of the screen: only the lower right one is round.
    yield Box(stage, Rect(place.x - 12, place.y - 12, place.w + 12, place.h + 12), fill, radius=12)
    inner = _inside_frame(place, output)
    icon = Rect(inner.x + 8, inner.y, 40, inner.h)
    if output.wide and stage.theme.profile.layout is LayoutName.TALL:
        icon = Rect(inner.x, inner.y, TALL_LINES - FRAME, inner.h)
    line, stage = _lines(stage, view).top(34).below(6), stage.mirrored(place)
    yield Icon(stage, icon, output.icon, words, 30)
    yield Words(stage, line, output.word, "state", words)


def _inside_frame(place: Rect, output: OutputView) -> Rect:
    framed = 0 if output.frame is Frame.NONE else FRAME
    return Rect(place.x + framed, place.y, place.w - framed, place.h)


def _lines(stage: Stage, view: ShellView) -> Rect:
    """Return where the two lines of the state block stand; long ones begin earlier where tall."""
    place = state_place(stage, wide=view.output.wide)
    tall = stage.theme.profile.layout is LayoutName.TALL
    return place.after(TALL_LINES if view.output.wide and tall else 56)


def _ink(output: OutputView) -> str:
    if output.ready:
        return "good"
    if output.warns:
        return "warn"
    return _GROUNDS[output.ground][1]


_GROUNDS = {
    Ground.PANEL: ("panel", "text"),
    Ground.YELLOW: ("on", "on_text"),
    Ground.RED: ("stop", "stop_text"),
}
"""Ground of the state block, and the ink on it."""


class LiveShell:
    """What of the shell changes by itself: the second lines, clock, time left."""

    def __init__(self, stage: Stage, view: ShellView, live: Layer) -> None:
        line = _lines(stage, view).below(30).above(4)
        clock = stage.regions.clock.top(34).below(6)
        inside = stage.mirrored(state_place(stage, wide=view.output.wide))
        self._so_what = Words(inside, line, "", "caption", _ink(view.output))
        self._clock = Words(stage, clock, "", "body_bold", "text", align="right")
        self._left = Words(stage, _time_place(stage), "", "value_m", "value", align="centre")
        _, second, mirrored = _head_lines(stage, view)
        self._line = Words(mirrored, second, "", "caption", "text_soft")
        for words in (self._so_what, self._line, self._clock, self._left):
            live.add_widget(words)
        self.show(view)

    def show(self, view: ShellView) -> None:
        """Show the present words."""
        self._so_what.show(view.output.so_what)
        self._line.show("" if view.head.chip is not None else view.head.line)
        self._clock.show(view.head.clock)
        self._left.show(view.time_left)


def still_of(view: ShellView) -> ShellView:
    """Return the shell without what changes by itself."""
    return replace(
        view,
        output=replace(view.output, so_what=""),
        head=replace(view.head, line="", clock="-" if view.head.clock else ""),
        time_left="-" if view.time_left else "",
    )


def _time_key(stage: Stage, view: ShellView) -> Key:
    key = KeyView(action=view.time_action, look=KeyLook.OUTLINED)
    return Key(stage, time_box(stage), key)


def time_box(stage: Stage) -> Rect:
    """Return where the time left stands."""
    if stage.theme.profile.layout is LayoutName.TALL:
        return Rect(stage.regions.screen.w - 108, TALL_TIME_Y, 100, 56)
    place = stage.regions.rail
    return Rect(place.x, place.y, place.w, RAIL_KEY_TALL)


def _time_place(stage: Stage) -> Rect:
    """Return where the time left stands, below its word."""
    is_tall = stage.theme.profile.layout is LayoutName.TALL
    return time_box(stage).below(TALL_WORD if is_tall else 30)


def state_place(stage: Stage, *, wide: bool) -> Rect:
    """Return where the state block is; a wide one takes room of who and where."""
    place = stage.regions.state
    if not wide or stage.theme.profile.layout is LayoutName.TALL:
        return place
    return Rect(place.x, place.y, place.w + WIDER, place.h)


def _head_lines(stage: Stage, view: ShellView) -> tuple[Rect, Rect, Stage]:
    """Return where the two lines of who and where stand, and the stage that mirrors them."""
    head, wide = view.head, view.output.wide
    who = stage.regions.who
    tall = stage.theme.profile.layout is LayoutName.TALL
    if wide and not tall:
        who = who.after(WIDER)
    if head.help is not None and not tall:
        who = who.before(HELP_KEY, 8)
    if stage.right_to_left and tall and view.time_left:
        who = who.before(TALL_TIME_WIDE)  # the time left stands at its right end
    first, second = who.top(34).below(6), who.below(30).above(4)
    if head.chip is not None:  # its box must not touch the line above it
        first, second = who.top(30).below(4), who.below(31).above(2)
    return first, second, stage.mirrored(who)


def _head(stage: Stage, view: ShellView) -> Iterator[Part]:
    head, clock = view.head, stage.regions.clock
    tall = stage.theme.profile.layout is LayoutName.TALL
    if head.help is not None and not tall:
        key = Rect(stage.regions.who.right - HELP_KEY, 7, HELP_KEY, HELP_KEY)
        yield Key(stage, key, head.help, KeyArrangement(stacked=True, icon_size=26))
    straight, chip = stage, head.chip
    first, second, stage = _head_lines(stage, view)
    yield Words(stage, first, head.title, "body_bold", "text")
    if chip is not None:
        if tall and not stage.right_to_left:
            second = second.before(TALL_TIME_WIDE)
        yield Box(stage, second, chip.role, radius=6)
        ink = "advice_text" if chip.role == "advice" else "on_text"
        yield Icon(stage, second.left(30), chip.icon, ink, 18)
        yield Words(stage, second.after(30, 2), chip.text, "caption", ink, bold=True)
    if head.mark:
        mark = clock.below(30 if head.clock else 8).above(3)
        stage = straight.mirrored(mark)
        yield Box(stage, mark, "", radius=6, edge="edge", dashed=True)
        yield Icon(stage, mark.left(24), "screen", "text_soft", 16)
        words = mark.after(24, 0).before(4)
        yield Words(stage, words, head.mark, "caption", "text_soft", bold=bool(head.clock))


def _rail_tall(stage: Stage, view: ShellView) -> Iterator[Part]:
    """Yield the keys in one row, more of them in two rows; without pause its place is theirs."""
    keys = view.rail if view.head.help is None else (*view.rail, view.head.help)
    place, in_row = stage.regions.rail, 2
    if view.pause is None:
        place, in_row = Rect(*place[:2], stage.regions.pause.right - place.x, place.h), 3
    rows = 1 if len(keys) <= in_row else 2
    places = [column for row in place.rows(rows, 8) for column in row.columns(in_row, 8)]
    how = KeyArrangement(stacked=True, style="caption", icon_size=26 if rows == 1 else 20)
    for column, key in zip(places, keys, strict=False):
        yield Key(stage, column, key, how)


def _rail(stage: Stage, view: ShellView) -> Iterator[Part]:
    place = stage.regions.rail
    if stage.theme.profile.layout is LayoutName.TALL:
        if view.time_left:
            if view.time_action:
                yield _time_key(stage, view)
            yield Words(
                stage,
                time_box(stage).top(TALL_WORD),
                view.time_word,
                "caption",
                "text_soft",
                align="centre",
            )
        yield from _rail_tall(stage, view)
        return
    top = place.y
    if view.time_left:
        box = Rect(place.x, top, place.w, RAIL_KEY_TALL)
        yield _time_key(stage, view) if view.time_action else Box(stage, box, "panel")
        word = box.top(34).below(8)
        yield Words(stage, word, view.time_word, "caption", "text_soft", align="centre")
        top = box.bottom + RAIL_GAP
    for key in view.rail:
        stacked = "\n" in key.text or len(key.text) >= len("Language")
        high = RAIL_KEY_TALL + 8 if stacked else RAIL_KEY
        style = "caption" if "\n" in key.text else "body_bold"
        how = KeyArrangement(stacked=stacked, style=style, icon_size=28 if stacked else 22)
        yield Key(stage, Rect(place.x, top, place.w, high), key, how)
        top += high + RAIL_GAP
