"""The name of the clinic and its telephone number, once the unit is set up. Pure."""

from dataclasses import dataclass, replace

from appliance.messages.actions import SetUpUnit
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.place import STAY, Forget, Go, Kiosk, Next, Place, Row, Send
from ui.kiosk.journey.set_up import NAME_MOST, TELEPHONE_MOST
from ui.kiosk.journey.typed import typed

SET_UP, NAME, TELEPHONE, CHANGED = "set_up", "clinic", "telephone", "clinic"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicCard(Place):
    """`changes` is what is typed anew, "clinic" or "telephone"; `text` is it as far as typed."""

    changes: str = ""
    text: str = ""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what the set-up recorded."""
        return (SET_UP,)

    def row(self, kiosk: Kiosk) -> Row:
        """Return the step of the set-up with the clinic, an empty one while it is not known."""
        rows = kiosk.rows(SET_UP) or ()
        return next((row for row in rows if row["step"] == "clinic"), {})

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Type a name or a number anew, record it, or go back."""
        name, _, what = action.partition(":")
        match name:
            case "change" if what in {NAME, TELEPHONE}:
                return Next(ClinicCard(changes=what))
            case "letter" if self.changes == NAME:
                return Next(replace(self, text=typed(self.text, what, NAME_MOST)))
            case "digit" if self.changes == TELEPHONE:
                return Next(replace(self, text=typed(self.text, what, TELEPHONE_MOST)))
            case "done" if self.changes == TELEPHONE:
                return self._send(SetUpUnit(telephone=self.text))
            case "done" if self.changes == NAME and self.text.strip():
                return self._send(SetUpUnit(clinic=self.text.strip()))
            case "back":
                return Next(ClinicCard()) if self.changes else Next(effects=(Go("service"),))
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Show what is recorded now; what was refused stays as it was typed."""
        if tag != CHANGED or not isinstance(answer, Reply):
            return STAY
        return Next(ClinicCard(), (Forget(SET_UP),))

    def _send(self, step: SetUpUnit) -> Next:
        return Next(self, (Send(step, CHANGED),))
