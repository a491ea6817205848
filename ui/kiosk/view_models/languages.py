"""The languages of the screen to choose from, each in its own words."""

from appliance.texts.languages import KNOWN, OFFERED, Language
from ui.kiosk.journey.languages import Languages, screen_language
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _, language
from ui.kiosk.view_models.blocks import Block, Card, Column, FormView, Gap, Heading, Keys
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK

COLUMNS, KEY_HIGH = 3, 72


def languages_view(place: Languages, kiosk: Kiosk) -> FormView:
    """Return a key for each language; what nobody has reviewed says so."""
    keys = language_keys("speak", screen_language(kiosk))
    blocks: tuple[Block, ...] = (
        Heading(text=_("Language of the screen")),
        Keys(height=keys_height(keys), columns=COLUMNS, keys=keys),
        *reviewed_cards(),
        Gap(),
    )
    return FormView(title=_("Language"), rail=(BACK,), columns=(Column(blocks=blocks),))


def language_keys(action: str, chosen: str) -> tuple[KeyView, ...]:
    """Return a key for each language that is offered, in its own words."""
    return tuple(
        KeyView(
            action=f"{action}:{code}",
            text=KNOWN[code].name,
            look=KeyLook.CHOSEN if code == chosen else KeyLook.OUTLINED,
        )
        for code in OFFERED
    )


def keys_height(keys: tuple[KeyView, ...]) -> float:
    """Return how high the keys of the languages are."""
    lines = -(-len(keys) // COLUMNS)
    return lines * KEY_HIGH + (lines - 1) * 8


def reviewed_cards(of: Language | None = None) -> tuple[Card, ...]:
    """Return what is said of a translation that nobody has reviewed; None: of the screen's."""
    if (of or language()).reviewed:
        return ()
    text = _("No clinician who grew up with this language has reviewed its words.")
    title = _("Translation not reviewed")
    return (Card(height=92, icon="warn", look="advice", title=title, text=text),)
