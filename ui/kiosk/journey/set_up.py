"""The first set-up: language, clinic, clock, lead clinician, board; saved after each step."""

from dataclasses import dataclass, replace

from appliance.messages.actions import Action, EnrolOperator, SetUpUnit, SignIn
from appliance.messages.pins import MOST_DIGITS
from appliance.messages.replies import Page, Refused, Reply
from appliance.texts.languages import OFFERED
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.pins import weak
from ui.kiosk.journey.place import STAY, Forget, Go, Kiosk, Next, Place, Send, SignedIn, Speak
from ui.kiosk.journey.typed import typed

NAME_MOST, TELEPHONE_MOST = 20, 20
SELF_TEST = "self_test"
STEPS = ("lead", "language", "clinic", "clock", "board", "drill")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp(Place):
    """`name` and `pin` of the lead clinician, `clinic` as typed; the step is the first missing.

    The clinic is asked for its name, then for a telephone number, which may stay empty.
    """

    name: str = ""
    named: bool = False
    pin: str = ""
    first_pin: str = ""
    differs: bool = False
    clinic: str = ""
    clinic_named: bool = False
    telephone: str = ""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is missing."""
        return ("set_up", "operators", SELF_TEST)

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
                return Next(self._dialled(step, what))
            case "named" if self.name.strip():
                return Next(replace(self, named=True))
            case "change":
                return Next(replace(self, named=False, pin="", first_pin=""))
            case "enter":
                return self._enter()
            case "done" | "speak":
                return self._done(step, what)
            case "finish" | "back":
                return Next(Home()) if name == "finish" else self._back(kiosk)
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Look what is missing now; the lead clinician signs in with the PIN just set."""
        if tag not in {"enrol", "sign_in", "step"}:
            return STAY
        forget = (Forget("set_up"), Forget("operators"))
        if not isinstance(answer, Reply):
            return Next(replace(self, pin="", first_pin=""), forget)
        if tag == "enrol":
            sign_in = SignIn(operator=self.name.strip(), pin=self.first_pin)
            return Next(self, (Send(sign_in, "sign_in"), *forget))
        if tag == "sign_in":
            me = SignedIn(operator=self.name.strip(), role="lead", token=answer.token)
            return Next(replace(self, pin="", first_pin=""), forget, me)
        return Next(self, forget)

    def _back(self, kiosk: Kiosk) -> Next:
        """Go back to the name, or leave: what is done is kept, and what is missing is on Home."""
        if self.named and self.step(kiosk) == "lead":
            return Next(replace(self, named=False, pin="", first_pin=""))
        if self.clinic_named and self.step(kiosk) == "clinic":
            return Next(replace(self, clinic_named=False))
        signed_in = kiosk.me is not None and bool(kiosk.me.token)
        return Next(Home()) if signed_in else Next(effects=(Go("lock"),))

    def _typed(self, step: str, letter: str) -> "SetUp":
        text = self.clinic if step == "clinic" else self.name
        text = typed(text, letter, NAME_MOST)
        return replace(self, clinic=text) if step == "clinic" else replace(self, name=text)

    def _dialled(self, step: str, digit: str) -> "SetUp":
        if step == "clinic":
            return replace(self, telephone=typed(self.telephone, digit, TELEPHONE_MOST))
        return replace(self, pin=typed(self.pin, digit, MOST_DIGITS), differs=False)

    def _enter(self) -> Next:
        if not self.pin:
            return STAY
        if not self.first_pin and (refused := weak(self.pin)) is not None:
            return Next(replace(self, pin=""), refused=refused)
        if not self.first_pin:
            return Next(replace(self, first_pin=self.pin, pin=""))
        if self.pin != self.first_pin:
            return Next(replace(self, pin="", first_pin="", differs=True))
        lead = EnrolOperator(operator=self.name.strip(), role="lead", pin=self.first_pin)
        return Next(self, (Send(lead, "enrol"),))

    def _done(self, step: str, language: str) -> Next:
        if step == "language" and language in OFFERED:
            return Next(self, (Send(SetUpUnit(language=language), "step"), Speak(language)))
        if step == "clinic" and not self.clinic_named:
            return Next(replace(self, clinic_named=bool(self.clinic.strip())))
        action: Action | None = {
            "clinic": SetUpUnit(clinic=self.clinic.strip(), telephone=self.telephone or None),
            "clock": SetUpUnit(clock_confirmed=True),
            "board": SetUpUnit(board_checked=True),
        }.get(step)
        return STAY if action is None else Next(self, (Send(action, "step"),))
