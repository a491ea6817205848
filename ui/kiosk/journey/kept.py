"""Work that was not finished when the screen or the engine went: taken up by who began it. Pure.

Facts are kept by the engine. Kept here is only what was entered and not sent yet, and where.
"""

from ui.kiosk.journey.close_out import CloseOut
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.new_patient import NewPatient
from ui.kiosk.journey.own import EditOwn
from ui.kiosk.journey.place import KeptWork, Kiosk, Place
from ui.kiosk.journey.repeat import Repeat
from ui.kiosk.journey.treatment import Step, Treat

UNFINISHED = (Step, Treat, Repeat, NewPatient, CloseOut, EditOwn)
"""Places where something may have been entered that the engine does not know."""


def where_to_begin(kept: KeptWork | None, operator: str, kiosk: Kiosk) -> Place:
    """Return where somebody who has just signed in goes on, `Home` where nothing is kept for them.

    A step goes on only where what it answers is still open. A close-out comes before all else: no
    treatment begins without it.
    """
    if kept is None or kept.operator != operator:
        return Home()
    place = kept.place
    held = None if kiosk.snapshot is None else kiosk.snapshot.close_out
    if held is not None:
        same = isinstance(place, CloseOut) and place.session in {"", held.session}
        return place if same else CloseOut()
    if isinstance(place, CloseOut):
        return place if place.session else Home()
    if isinstance(place, Treat):
        return Treat(treatment=place.treatment, behind=place.behind)
    if isinstance(place, Step) and place.treatment.programme and place.treatment.side:
        return Treat(treatment=place.treatment, behind=place, kept=place)
    return place
