"""Pictures for the graphics card, drawn by resvg at the size they are shown at, and kept.

Antialiasing of the window is off, because it costs half the processor with software rendering: the
edges of every box and icon are smoothed here, once.
"""

from collections import OrderedDict
from collections.abc import Callable
from io import BytesIO

import resvg_py
from kivy.core.image import Image as CoreImage
from kivy.graphics.texture import Texture
from PIL import Image

from ui.kiosk.art.icons import icon_png
from ui.kiosk.theme.typesetting import SetText, Setting, draw_text

MOST_BYTES = 12 * 1024 * 1024
"""Pictures that are kept; the longest unused go first (D)."""


class Textures:
    """Textures by what they show; bounded."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, Texture] = OrderedDict()
        self._bytes = 0

    def icon(self, name: str, px: int) -> Texture:
        """Return an icon in white, `px` wide and high."""
        key = ("icon", name, px)
        return self._kept_or_made(key, lambda: icon_png(name, px))

    def svg(self, body: str, width: int, height: int) -> Texture:
        """Return a drawing of that many px; `body` is SVG within that box."""
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
            f"{body}</svg>"
        )
        return self._kept_or_made(
            svg, lambda: bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))
        )

    def picture(self, png: Callable[[], bytes]) -> Texture:
        """Return a picture that is shown smaller than it is; not kept: it is large."""
        return CoreImage(BytesIO(png()), ext="png", mipmap=True).texture

    def words(self, text: SetText, setting: Setting, align: str) -> Texture:
        """Return a text in white."""
        return self._kept_or_made(
            (text.lines, text.width, setting, align), lambda: draw_text(text, setting, align)
        )

    def _kept_or_made(self, key: object, make: Callable[[], bytes | Image.Image]) -> Texture:
        kept = self._kept.get(key)
        if kept is None:
            made = make()
            kept = texture_of(made if isinstance(made, Image.Image) else _picture(made))
            self._kept[key] = kept
            self._bytes += 4 * kept.width * kept.height
            while self._bytes > MOST_BYTES and len(self._kept) > 1:
                _, old = self._kept.popitem(last=False)
                self._bytes -= 4 * old.width * old.height
        self._kept.move_to_end(key)
        return kept


def texture_of(picture: Image.Image) -> Texture:
    """Return an RGBA picture as a texture, the way up that Kivy draws it."""
    flipped = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    texture = Texture.create(size=flipped.size, colorfmt="rgba")
    texture.blit_buffer(flipped.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    return texture


def _picture(png: bytes) -> Image.Image:
    with Image.open(BytesIO(png)) as picture:
        return picture.convert("RGBA")
