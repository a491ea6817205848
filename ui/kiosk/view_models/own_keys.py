"""Keys beside STOP that lead to own programmes."""

from ui.kiosk.journey.own_list import VERSION
from ui.kiosk.locale.words import _
from ui.kiosk.view_models.parts import KeyView


def own_programmes_key() -> KeyView:
    """Return the key to the list of own programmes, where a new one is made too."""
    return KeyView(action="own", text=_("Own pro-\ngrammes"), icon="edit")


def own_key(programme: str) -> KeyView:
    """Return the key that copies a programme of the catalogue, or shows the versions of an own."""
    if VERSION in programme:
        return KeyView(action="own", text=_("Versions,\nchange"), icon="edit")
    return KeyView(action="own", text=_("Copy and\nchange"), icon="edit")


def own_rail(programme: str, *, chosen: bool) -> tuple[KeyView, ...]:
    """Return the key of the chooser to own programmes, nothing before a region is `chosen`."""
    if not chosen:
        return ()
    return (own_key(programme) if programme else own_programmes_key(),)
