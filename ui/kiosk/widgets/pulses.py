"""Draws pulses as they were set and measured; reconstructed, never a recording."""

from kivy.graphics import Color, Rectangle

from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.unit_blocks import Pulse, Pulses
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.channel_mark import ChannelMark
from ui.kiosk.widgets.part import Layer, Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

MARK, LINE, MARGIN = 34, 26, 12
BEFORE = 0.5
"""Rest before and after the pulse, in widths of a phase."""
LEAST_UA = 1_000
NARROW = 560


def draw_pulses(stage: Stage, rect: Rect, block: Pulses, still: Layer) -> None:
    """Draw each pulse in a panel, all to the same scale."""
    most = max(LEAST_UA, *(max(pulse.set_ua, pulse.measured_ua or 0) for pulse in block.pulses))
    count = len(block.pulses)
    places = rect.columns(count) if rect.w >= NARROW else rect.rows(count)
    for place, pulse in zip(places, block.pulses, strict=True):
        still.add_widget(Box(stage, place, "panel"))
        inner = place.inset(14, 10)
        still.add_widget(ChannelMark(stage, Rect(inner.x, inner.y, MARK, MARK), pulse.channel))
        head = inner.top(MARK).after(MARK, 10)
        still.add_widget(Words(stage, head, pulse.title, "body_bold"))
        well = inner.below(MARK, 8).above(2 * LINE + 6)
        still.add_widget(Box(stage, well, "sunken"))
        still.add_widget(PulseDrawing(stage, well.inset(4), pulse, most))
        foot = inner.foot(2 * LINE)
        both = f"{pulse.set_text} · {pulse.measured_text}"
        still.add_widget(Words(stage, foot.top(LINE), both, "caption", "text"))
        still.add_widget(Words(stage, foot.below(LINE), pulse.width, "caption", "text_soft"))


class PulseDrawing(Part):
    """The two phases; as set dashed, as measured full."""

    role = "figure"

    def __init__(self, stage: Stage, rect: Rect, pulse: Pulse, most_ua: int) -> None:
        super().__init__(stage, rect)
        width, height = int(self.width), int(self.height)
        colours = stage.theme.tokens.colours[stage.theme.name]
        middle, scale = height / 2, (height / 2 - MARGIN) / most_ua
        across = width / (2 * pulse.phase_us * (1 + BEFORE) + pulse.between_us)
        line = f'<path d="M0 {middle}H{width}" stroke="{colours["line"]}" stroke-width="1"/>'
        thick = max(stage.px(3), 2)
        edge, own = colours["text_soft"], colours[f"channel_{pulse.channel}"]
        body = line + _path(pulse, pulse.set_ua, across, middle, scale, edge, thick / 2, "6 5")
        if pulse.measured_ua is not None:
            body += _path(pulse, pulse.measured_ua, across, middle, scale, own, thick, "")
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(pos=self.pos, size=self.size, texture=stage.textures.svg(body, width, height))


def _path(
    pulse: Pulse,
    peak_ua: int,
    across: float,
    middle: float,
    scale: float,
    colour: str,
    thick: float,
    dash: str,
) -> str:
    """Return the line of a pulse with that peak in both phases."""
    wide, between = pulse.phase_us * across, pulse.between_us * across
    high, start = peak_ua * scale, wide * BEFORE
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="M0 {middle}H{start:.1f}V{middle - high:.1f}h{wide:.1f}V{middle}'
        f'h{between:.1f}V{middle + high:.1f}h{wide:.1f}V{middle}h{start:.1f}" fill="none" '
        f'stroke="{colour}" stroke-width="{thick}" stroke-linejoin="round"{dashes}/>'
    )
