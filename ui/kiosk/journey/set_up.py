"""The first set-up: language, clinic, clock, lead clinician, board; saved after each step."""

from dataclasses import dataclass, replace

from appliance.messages.actions import Action, EnrolOperator, SetUpUnit, SignIn
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import STAY, Forget, Kiosk, Next, Place, Send, SignedIn

PIN_MOST, NAME_MOST = 12, 20
STEPS = ("lead", "language", "clinic", "clock", "board")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp(Place):
    """`name` and `pin` of the lead clinician, `clinic` as typed; the step is the first missing."""

    name: str = ""
    named: bool = False
    pin: str = ""
    first_pin: str = ""
    differs: bool = False
    clinic: str = ""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is missing."""
        return ("set_up", "operators")

    def step(self, kiosk: Kiosk) -> str:
        """Return the step that is done now, "" when all are done, "-" while that is not known."""
        rows = kiosk.rows("set_up")
        if rows is None:
            return "-"
        return next((str(row["step"]) for row in rows if not row["done"]), "")

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Type, or finish the step."""
        name, _, what = action.partition(":")
        step = self.step(kiosk)
        match name:
            case "letter":
                return Next(self._typed(step, what))
            case "digit":
                pin = self.pin[:-1] if what == "delete" else (self.pin + what)[:PIN_MOST]
                return Next(replace(self, pin=pin, differs=False))
            case "named" if self.name.strip():
                return Next(replace(self, named=True))
            case "change":
                return Next(replace(self, named=False, pin="", first_pin=""))
            case "enter":
                return self._enter()
            case "done":
                return self._done(step)
            case "finish":
                return Next(Home())
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Look what is missing now; the lead clinician signs in with the PIN just set."""
        forget = (Forget("set_up"), Forget("operators"))
        if not isinstance(answer, Reply):
            return Next(self, forget)
        if tag == "enrol":
            sign_in = SignIn(operator=self.name.strip(), pin=self.first_pin)
            return Next(self, (Send(sign_in, "sign_in"), *forget))
        if tag == "sign_in":
            me = SignedIn(operator=self.name.strip(), role="lead", token=answer.token)
            return Next(replace(self, pin="", first_pin=""), forget, me)
        return Next(self, forget)

    def _typed(self, step: str, letter: str) -> "SetUp":
        text = self.clinic if step == "clinic" else self.name
        text = text[:-1] if letter == "delete" else (text + letter)[:NAME_MOST]
        return replace(self, clinic=text) if step == "clinic" else replace(self, name=text)

    def _enter(self) -> Next:
        if not self.pin:
            return STAY
        if not self.first_pin:
            return Next(replace(self, first_pin=self.pin, pin=""))
        if self.pin != self.first_pin:
            return Next(replace(self, pin="", first_pin="", differs=True))
        lead = EnrolOperator(operator=self.name.strip(), role="lead", pin=self.first_pin)
        return Next(self, (Send(lead, "enrol"),))

    def _done(self, step: str) -> Next:
        action: Action | None = {
            "language": SetUpUnit(language="en"),
            "clinic": SetUpUnit(clinic=self.clinic.strip()) if self.clinic.strip() else None,
            "clock": SetUpUnit(clock_confirmed=True),
            "board": SetUpUnit(board_checked=True),
        }.get(step)
        return STAY if action is None else Next(self, (Send(action, "step"),))
