"""The language of the screen: that of the unit until somebody chooses another. Pure."""

from dataclasses import dataclass

from appliance.texts.languages import ENGLISH, OFFERED
from ui.kiosk.journey.place import STAY, Kiosk, Next, Place, Speak

SET_UP = "set_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages(Place):
    """Every language that the screen has; one touch changes it. Back leads to `came_from`."""

    came_from: Place

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the first set-up, which has the language of the unit."""
        return (SET_UP,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Choose a language, or go back."""
        name, _, code = action.partition(":")
        if name == "speak" and code in OFFERED:
            return Next(effects=(Speak(code),))
        return Next(self.came_from) if action == "back" else STAY


def screen_language(kiosk: Kiosk) -> str:
    """Return the language of the screen: the one chosen here, else that of the unit."""
    return kiosk.language or unit_language(kiosk) or ENGLISH.code


def unit_language(kiosk: Kiosk) -> str:
    """Return the language that the first set-up recorded, "" without one."""
    rows = kiosk.rows(SET_UP) or ()
    return next((str(row["language"]) for row in rows if row.get("language")), "")
