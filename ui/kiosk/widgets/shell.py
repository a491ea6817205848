"""What stands on every screen: state block, who and where, clock, rail, pause, STOP, live frame."""

from collections.abc import Iterator
from dataclasses import replace

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.tokens import LayoutName
from ui.kiosk.view_models.parts import (
    Frame,
    Ground,
    HeadView,
    KeyLook,
    KeyView,
    OutputView,
    ShellView,
)
from ui.kiosk.widgets.box import Box, Hatch
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import Key, KeyArrangement
from ui.kiosk.widgets.part import Layer, Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

FRAME = 6
TALL_TIME_Y, TALL_TIME_WIDE = 54, 112
WIDER = 124
RAIL_KEY, RAIL_KEY_TALL, RAIL_GAP = 56, 76, 8
STOP = "stop"
PAUSE = "pause"


def shell_parts(stage: Stage, view: ShellView) -> Iterator[Part]:
    """Yield every part of the shell but STOP and the frame, which are drawn last."""
    yield from _output(stage, view)
    yield from _head(stage, view.head, wide=view.output.wide)
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
            yield Box(stage, screen, "", radius=0, edge=role, edge_width=FRAME)


def _output(stage: Stage, view: ShellView) -> Iterator[Part]:
    output = view.output
    place = state_place(stage, wide=output.wide)
    fill, words = _GROUNDS[output.ground][0], _ink(output)
    # Two corners lie outside of the screen: only the lower right one is round.
    yield Box(stage, Rect(place.x - 12, place.y - 12, place.w + 12, place.h + 12), fill, radius=12)
    inner = _inside_frame(place, output)
    yield Icon(stage, Rect(inner.x + 8, inner.y, 40, inner.h), output.icon, words, 30)
    yield Words(stage, _lines(place).top(34).below(6), output.word, "state", words)


def _inside_frame(place: Rect, output: OutputView) -> Rect:
    framed = 0 if output.frame is Frame.NONE else FRAME
    return Rect(place.x + framed, place.y, place.w - framed, place.h)


def _lines(place: Rect) -> Rect:
    """Return where the two lines of the state block stand."""
    return place.after(56)


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
    """What of the shell changes by itself: the second line of the state block, clock, time left."""

    def __init__(self, stage: Stage, view: ShellView, live: Layer) -> None:
        place = state_place(stage, wide=view.output.wide)
        line = _lines(place).below(30).above(4)
        clock = stage.regions.clock.top(34).below(6)
        self._so_what = Words(stage, line, "", "caption", _ink(view.output))
        self._clock = Words(stage, clock, "", "body_bold", "text", align="right")
        self._left = Words(
            stage, _time_box(stage).below(30), "", "value_m", "value", align="centre"
        )
        for words in (self._so_what, self._clock, self._left):
            live.add_widget(words)
        self.show(view)

    def show(self, view: ShellView) -> None:
        """Show the present words."""
        self._so_what.show(view.output.so_what)
        self._clock.show(view.head.clock)
        self._left.show(view.time_left)


def still_of(view: ShellView) -> ShellView:
    """Return the shell without what changes by itself."""
    return replace(
        view,
        output=replace(view.output, so_what=""),
        head=replace(view.head, clock=""),
        time_left="-" if view.time_left else "",
    )


def _time_box(stage: Stage) -> Rect:
    if stage.theme.profile.layout is LayoutName.TALL:
        return Rect(stage.regions.screen.w - 108, TALL_TIME_Y, 100, 50)
    place = stage.regions.rail
    return Rect(place.x, place.y, place.w, RAIL_KEY_TALL)


def state_place(stage: Stage, *, wide: bool) -> Rect:
    """Return where the state block is; a wide one takes room of who and where."""
    place = stage.regions.state
    if not wide or stage.theme.profile.layout is LayoutName.TALL:
        return place
    return Rect(place.x, place.y, place.w + WIDER, place.h)


def _head(stage: Stage, head: HeadView, *, wide: bool) -> Iterator[Part]:
    who, clock = stage.regions.who, stage.regions.clock
    if wide and stage.theme.profile.layout is not LayoutName.TALL:
        who = who.after(WIDER)
    first, second = who.top(34).below(6), who.below(30).above(4)
    yield Words(stage, first, head.title, "body_bold", "text")
    chip = head.chip
    if chip is None:
        yield Words(stage, second, head.line, "caption", "text_soft")
    else:
        if stage.theme.profile.layout is LayoutName.TALL:
            second = second.before(TALL_TIME_WIDE)
        yield Box(stage, second, chip.role, radius=6)
        ink = "advice_text" if chip.role == "advice" else "on_text"
        yield Icon(stage, second.left(30), chip.icon, ink, 18)
        yield Words(stage, second.after(30, 2), chip.text, "caption", ink, bold=True)
    if head.virtual:
        mark = clock.below(30).above(3)
        yield Box(stage, mark, "", radius=6, edge="edge", dashed=True)
        yield Icon(stage, mark.left(24), "screen", "text_soft", 16)
        yield Words(
            stage, mark.after(24, 0).before(4), "VIRTUAL", "caption", "text_soft", bold=True
        )


def _rail(stage: Stage, view: ShellView) -> Iterator[Part]:
    place = stage.regions.rail
    if stage.theme.profile.layout is LayoutName.TALL:
        if view.time_left:
            yield Words(
                stage,
                _time_box(stage).top(24),
                view.time_word,
                "caption",
                "text_soft",
                align="centre",
            )
        columns = place.columns(max(len(view.rail), 2), 8)
        for column, key in zip(columns, view.rail, strict=False):
            yield Key(stage, column, key, KeyArrangement(stacked=True, style="caption"))
        return
    top = place.y
    if view.time_left:
        box = Rect(place.x, top, place.w, RAIL_KEY_TALL)
        yield Box(stage, box, "panel")
        yield Words(
            stage, box.top(34).below(8), "Time left", "caption", "text_soft", align="centre"
        )
        yield Words(stage, box.below(30), view.time_left, "value_m", "value", align="centre")
        top = box.bottom + RAIL_GAP
    for key in view.rail:
        stacked = "\n" in key.text or len(key.text) > len("Language")
        high = RAIL_KEY_TALL + 8 if stacked else RAIL_KEY
        style = "caption" if "\n" in key.text else "body_bold"
        how = KeyArrangement(stacked=stacked, style=style, icon_size=28 if stacked else 22)
        yield Key(stage, Rect(place.x, top, place.w, high), key, how)
        top += high + RAIL_GAP
