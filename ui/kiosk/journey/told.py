"""The card that tells the patient about a programme: read it together, then confirm. Pure."""

from dataclasses import dataclass, replace

from appliance.texts.languages import OFFERED
from ui.kiosk.journey.place import Kiosk, Next, Row
from ui.kiosk.journey.treatment import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class TellPatient(Step):
    """`turned`: the card stands on its head, for somebody who sits across.

    `choosing`: the patient's language is being chosen.
    """

    turned: bool = False
    choosing: bool = False

    @property
    def page(self) -> str:
        """Return the page of the sentences."""
        return f"told:{self.treatment.programme}"

    def sentences(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return what the patient is told, none while it is not known."""
        return kiosk.rows(self.page) or ()

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is missing, and the sentences."""
        return self.treatment.page, self.page

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Turn the card, or record that the patient has understood what stands on it."""
        name, _, code = action.partition(":")
        if name == "tell_in" and code in OFFERED:
            treatment = replace(self.treatment, language=code)
            return Next(replace(self, treatment=treatment, choosing=False))
        match action:
            case "patient_language":
                return Next(replace(self, choosing=True))
            case "back" if self.choosing:
                return Next(replace(self, choosing=False))
            case "turn_round":
                return Next(replace(self, turned=not self.turned))
            case "understood" if self.sentences(kiosk):
                return self.record("patient_told", {"programme": self.treatment.programme})
            case _:
                return Step.touched(self, action, kiosk)
