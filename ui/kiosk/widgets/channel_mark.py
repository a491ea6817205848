"""The mark of a channel: colour, shape and number together."""

from kivy.graphics import Color, Rectangle

from ui.kiosk.theme.regions import Rect
from ui.kiosk.widgets.part import Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

SHAPES = {
    1: '<circle cx="12" cy="12" r="11.5" fill="{fill}"/>',
    2: '<rect x="1" y="1" width="22" height="22" rx="3.5" fill="{fill}"/>',
    3: '<path d="M6.5 1.5h11L23 12l-5.5 10.5h-11L1 12z" fill="{fill}"/>',
    4: '<path d="M12 0L24 12 12 24 0 12z" fill="{fill}"/>',
}


class ChannelMark(Part):
    """Circle 1, square 2, hexagon 3, diamond 4, in the colour of the channel."""

    def __init__(self, stage: Stage, rect: Rect, channel: int, style: str = "title") -> None:
        super().__init__(stage, rect)
        colours = stage.theme.tokens.colours[stage.theme.name]
        width, height = map(int, self.size)
        body = SHAPES[channel].format(fill=colours[f"channel_{channel}"])
        texture = stage.textures.svg(
            f'<g transform="scale({width / 24} {height / 24})">{body}</g>', width, height
        )
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(pos=self.pos, size=self.size, texture=texture)
        self.add_widget(
            Words(stage, rect, str(channel), style, "channel_text", align="centre", bold=True)
        )
