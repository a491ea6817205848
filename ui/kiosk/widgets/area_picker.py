"""The areas of the back as keys on the figure: left is left in every language."""

from collections.abc import Sequence

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture

from ui.kiosk.art.areas import AREAS, BACK, Point
from ui.kiosk.art.figure import Crop, Look
from ui.kiosk.locale.words import _, choice
from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.typesetting import Setting, set_text
from ui.kiosk.view_models.blocks import AreaPicker, Zone
from ui.kiosk.view_models.parts import KeyLook
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.figure import FigurePicture, chip
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import USUAL, Key
from ui.kiosk.widgets.part import Layer, Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

LEAST = 48
"""Width and height of what takes a touch, where the zone that is drawn is narrower."""
DISC, TICK = 30, 20
LINE = 2
PLAIN, CHOSEN, PRESSED = 0.16, 0.42, 0.6
"""How much of a zone's ink covers the figure."""
NAME_GAP, NAME_INSET = 6, 4
HIGHEST = "suboccipital"


class ZoneKey(Key):
    """A zone: its outline is drawn, and a touch counts in the rectangle round it."""

    def __init__(self, stage: Stage, rect: Rect, view: Zone, outline: Sequence[Point]) -> None:
        Part.__init__(self, stage, rect)
        self.view, self.how = view, USUAL
        self.zone, self.outline = view, outline
        self._outline = [(x - rect.x, y - rect.y) for x, y in outline]
        self._chosen = view.look is KeyLook.CHOSEN
        with self.canvas:
            Color(1, 1, 1, 1)
            fill = CHOSEN if self._chosen else PLAIN
            self._drawn = Rectangle(pos=self.pos, size=self.size, texture=self._texture(fill))
        if self._chosen:
            self._tick(outline)

    def copied(self) -> Key:
        """Return the same zone once more."""
        return ZoneKey(self.stage, self.rect, self.zone, self.outline)

    def press(self) -> None:
        """Show that a finger is on it."""
        self._drawn.texture = self._texture(PRESSED)

    def _texture(self, opacity: float) -> Texture:
        """Return the outline with round corners, filled with so much of the ink."""
        stage = self.stage
        colours = stage.theme.tokens.colours[stage.theme.name]
        scale, (width, height) = stage.theme.profile.scale, map(int, self.size)
        line = (LINE + self._chosen) * scale
        inner = [
            (min(max(x * scale, line), width - line), min(max(y * scale, line), height - line))
            for x, y in self._outline
        ]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in inner) + "Z"
        ink = colours["go" if self._chosen else "text_soft"]
        edge = colours["go" if self._chosen else "edge"]
        body = (
            f'<path d="{path}" fill="{ink}" fill-opacity="{opacity}" stroke="{edge}" '
            f'stroke-width="{line:.1f}" stroke-linejoin="round"/>'
        )
        return stage.textures.svg(body, width, height)

    def _tick(self, outline: Sequence[Point]) -> None:
        x, y = _middle(outline)
        disc = Rect(x - DISC / 2, y - DISC / 2, DISC, DISC)
        self.add_widget(Box(self.stage, disc, "go", radius=DISC / 2))
        self.add_widget(Icon(self.stage, disc, "check", "go_text", TICK))


def draw_area_picker(stage: Stage, rect: Rect, view: AreaPicker, still: Layer) -> None:
    """Draw the back with its zones, and the name of each region beside it."""
    text_stage = stage
    stage, rect = stage.straight(), stage.here(rect)
    crop = BACK.fitted(rect.w, rect.h)
    colours = tuple(sorted(stage.theme.tokens.figure[stage.theme.name].items()))
    still.add_widget(Box(stage, rect, "sunken"))
    still.add_widget(FigurePicture(stage, rect, crop, Look(colours), stage.kept))
    for zone in view.zones:
        outline = _placed(rect, crop, AREAS[zone.region].of(zone.side))
        still.add_widget(ZoneKey(stage, touch_area(outline, zone), zone, outline))
    for region in dict.fromkeys(zone.region for zone in view.zones):
        _name(text_stage, rect, _placed(rect, crop, AREAS[region].of("left")), region, still)
    chip(stage, rect, Rect(rect.x + 8, rect.y + 8, 0, 24), _("LEFT"), still, bold=True)
    right = Rect(rect.right - 8, rect.y + 8, 0, 24)
    chip(stage, rect, right, _("RIGHT"), still, bold=True, anchor=1.0)
    seen = Rect(rect.x + rect.w / 2, rect.bottom - 26, 0, 22)
    chip(stage, rect, seen, _("Seen from behind"), still, anchor=0.5)


def touch_area(outline: Sequence[Point], zone: Zone) -> Rect:
    """Return what takes the touch: wider outwards and higher upwards where the zone is small."""
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    if zone.side == "left":
        left = min(left, right - LEAST)
    else:
        right = max(right, left + LEAST)
    top = min(top, bottom - LEAST)
    return Rect(left, top, right - left, bottom - top)


def _placed(rect: Rect, crop: Crop, outline: Sequence[Point]) -> list[Point]:
    per_mm = rect.w / crop.w
    return [(rect.x + (x - crop.x) * per_mm, rect.y + (y - crop.y) * per_mm) for x, y in outline]


def _name(stage: Stage, rect: Rect, outline: Sequence[Point], region: str, still: Layer) -> None:
    """Draw the name of a region beside its upper end, in as many lines as it needs.

    That of the highest region, which is low, ends where the region does.
    """
    stage = stage.straight()
    top = min(y for _, y in outline)
    beside = min(x for x, y in outline if y == top)
    font = stage.theme.style("caption")
    room = beside - NAME_GAP - rect.x - 2 * NAME_INSET
    scale = stage.theme.profile.scale
    text = choice("region", region)
    done = set_text(text, Setting(stage.px(font.px), font.is_bold, font.line), stage.px(room))
    wide, high = done.width / scale + 2 * NAME_INSET + 2, done.height / scale + 2
    if region == HIGHEST:
        top = max(y for _, y in outline) - high
    place = Rect(rect.x + 4, top, wide, high)
    still.add_widget(Box(stage, place, "ground", radius=5))
    words = place.inset(NAME_INSET, 0)
    still.add_widget(Words(stage, words, text, "caption", align="centre"))


def _middle(outline: Sequence[Point]) -> Point:
    """Return the centre of what an outline encloses."""
    whole, x, y = 0.0, 0.0, 0.0
    for (x_0, y_0), (x_1, y_1) in zip(outline, (*outline[1:], outline[0]), strict=True):
        cross = x_0 * y_1 - x_1 * y_0
        whole += cross / 2
        x, y = x + (x_0 + x_1) * cross / 6, y + (y_0 + y_1) * cross / 6
    return x / whole, y / whole
