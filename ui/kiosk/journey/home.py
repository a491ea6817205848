"""Home."""

from dataclasses import dataclass

from ui.kiosk.journey.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Home(Place):
    """Where work begins."""
