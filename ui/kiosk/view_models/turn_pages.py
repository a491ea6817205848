"""Keys that turn the pages of a list, with the number of the page between them."""

from ui.kiosk.locale.words import _
from ui.kiosk.view_models.blocks import Beside, Keys, Say
from ui.kiosk.view_models.parts import KeyLook, KeyView


def turn_pages(first: int, count: int, on_page: int) -> Beside:
    """Return the keys for `count` lines of which `on_page` from `first` on are shown."""
    up, down = first > 0, first + on_page < count
    keys = (
        KeyView(action="up", text=_("Up"), icon="up", look=KeyLook.PLAIN if up else KeyLook.OFF),
        KeyView(
            action="down",
            text=_("Down"),
            icon="down",
            look=KeyLook.PLAIN if down else KeyLook.OFF,
        ),
    )
    where = f"{first // on_page + 1} / {-(-count // on_page)}"
    shown = Say(text=where, style="body_bold", align="centre", valign="middle")
    parts = (Keys(keys=keys[:1]), shown, Keys(keys=keys[1:]))
    return Beside(height=48, shares=(5, 2, 5), parts=parts)
