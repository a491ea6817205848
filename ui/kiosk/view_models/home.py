"""Lock and home."""

from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _
from ui.kiosk.view_models.blocks import Card, Column, FormView, Heading, Keys
from ui.kiosk.view_models.parts import KeyLook, KeyView


def home_view(place: Home, kiosk: Kiosk) -> FormView:
    """Return home: begin a treatment, look things up, what is due."""
    name = kiosk.me.operator if kiosk.me is not None else ""
    greeting = _("Good day, {name}").format(name=name) if name else _("Good day")
    new = KeyView(
        action="new_treatment",
        text=_("New treatment"),
        note=_("Patient, then programme and pads"),
        icon="play",
        look=KeyLook.LEAD,
    )
    hint = Card(
        height=48, icon="flash", text=_("TENS is felt as tingling. EMS makes muscles contract.")
    )
    left = Column(
        share=428,
        blocks=(
            Heading(text=greeting),
            Keys(height=116, how="tile", keys=(new,)),
            Keys(columns=2, how="tile", keys=_places()),
            hint,
        ),
    )
    right = Column(share=220, blocks=(Heading(text=""), *_due(kiosk)))
    return FormView(columns=(left, right))


def _places() -> tuple[KeyView, ...]:
    return (
        KeyView(action="patients", text=_("Patients"), note=_("files"), icon="people"),
        KeyView(action="programmes", text=_("Programmes"), note=_("evidence"), icon="book"),
        KeyView(action="sessions", text=_("Sessions"), note=_("records"), icon="history"),
        KeyView(action="service", text=_("Service"), note=_("PIN needed"), icon="gear"),
    )


def _due(kiosk: Kiosk) -> tuple[Card, ...]:
    return tuple(
        Card(
            height=76,
            title=_("To complete"),
            text=str(row.get("patient", "")),
            icon="todo",
            look="advice",
        )
        for row in (kiosk.rows("to_complete") or ())[:4]
    )
