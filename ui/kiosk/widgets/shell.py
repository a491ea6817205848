"""What stands on every screen: state block, who and where, clock, rail, pause, STOP, live frame."""

from collections.abc import Iterator

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.tokens import LayoutName
from ui.kiosk.view_models.parts import Frame, Ground, HeadView, KeyLook, KeyView, ShellView
from ui.kiosk.widgets.box import Box, Hatch
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import Key, KeyArrangement
from ui.kiosk.widgets.part import Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

FRAME = 6
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
    fill, words, soft = {
        Ground.PANEL: ("panel", "text", "text"),
        Ground.YELLOW: ("on", "on_text", "on_text"),
        Ground.RED: ("stop", "stop_text", "stop_text"),
    }[output.ground]
    if output.ready:
        words = soft = "good"
    if output.warns:
        words = soft = "warn"
    # Two corners lie outside of the screen: only the lower right one is round.
    yield Box(stage, Rect(place.x - 12, place.y - 12, place.w + 12, place.h + 12), fill, radius=12)
    framed = 0 if output.frame is Frame.NONE else FRAME
    inner = Rect(place.x + framed, place.y, place.w - framed, place.h)
    yield Icon(stage, Rect(inner.x + 8, inner.y, 40, inner.h), output.icon, words, 30)
    lines = inner.after(56 - framed if framed else 56, 0)
    yield Words(stage, lines.top(34).below(6), output.word, "state", words)
    yield Words(stage, lines.below(30).above(4), output.so_what, "caption", soft)


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
        yield Box(stage, second, chip.role, radius=6)
        ink = "advice_text" if chip.role == "advice" else "on_text"
        yield Icon(stage, second.left(30), chip.icon, ink, 18)
        yield Words(stage, second.after(30, 2), chip.text, "caption", ink, bold=True)
    yield Words(stage, clock.top(34).below(6), head.clock, "body_bold", "text", align="right")
    if head.virtual:
        mark = clock.below(30).above(3)
        yield Box(stage, mark, "", radius=6, edge="edge", dashed=True)
        yield Icon(stage, mark.left(24), "screen", "text_soft", 16)
        yield Words(
            stage, mark.after(24, 0).before(4), "VIRTUAL", "caption", "text_soft", bold=True
        )


def _rail(stage: Stage, view: ShellView) -> Iterator[Part]:
    place = stage.regions.rail
    tall = stage.theme.profile.layout is LayoutName.TALL
    if tall:
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
        how = KeyArrangement(stacked=stacked, icon_size=28 if stacked else 22)
        yield Key(stage, Rect(place.x, top, place.w, high), key, how)
        top += high + RAIL_GAP
