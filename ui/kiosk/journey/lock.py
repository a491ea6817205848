"""The lock screen: who is treating, a PIN, a new PIN after a one-time one."""

from dataclasses import dataclass, replace

from appliance.messages.actions import SetPin, SignIn, Unlock
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import STAY, Kiosk, Next, Place, Row, Send, SignedIn
from ui.kiosk.journey.set_up import SetUp

PIN_MOST = 12
NOBODY = "demonstration"
"""Who is in charge of a virtual board that nobody set up."""
PIN_SHOWN = 4
OPERATORS, SET_UP = "operators", "set_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock(Place):
    """`operator` is who was chosen; `pin` what was typed; `new_pin` of a one-time PIN's owner.

    `again` says that the new PIN is being typed a second time.
    """

    operator: str = ""
    pin: str = ""
    old_pin: str = ""
    new_pin: str = ""
    again: bool = False
    differs: bool = False

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return who can sign in, and what of the first set-up is missing."""
        return OPERATORS, SET_UP

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Choose somebody, type a PIN, enter it."""
        name, _, what = action.partition(":")
        match name:
            case "operator":
                return Next(Lock(operator=what))
            case "digit":
                return Next(replace(self, pin=typed(self.pin, what), differs=False))
            case "enter":
                return self._enter(kiosk)
            case "set_up":
                return Next(SetUp())
            case "try_it":
                return Next(self, (Send(Unlock(operator=NOBODY), "try_it"),))
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go on where the PIN was right; a wrong one is forgotten."""
        if not isinstance(answer, Reply):
            return Next(replace(self, pin="", old_pin="", new_pin="", again=False))
        if tag == "set_pin":
            signing = Send(SignIn(operator=self.operator, pin=self.new_pin), "sign_in")
            return Next(replace(self, pin=self.new_pin), (signing,))
        if tag == "try_it":
            return Next(Home(), me=SignedIn(operator=NOBODY, role="", token=""))
        if tag != "sign_in":
            return STAY
        if row_of(kiosk, self.operator).get("one_time"):
            return Next(replace(self, old_pin=self.pin, pin=""))
        me = SignedIn(
            operator=self.operator, role=role_of(kiosk, self.operator), token=answer.token
        )
        return Next(Home(), me=me)

    @property
    def chooses_new(self) -> bool:
        """Return whether a new PIN is being chosen in place of a one-time one."""
        return bool(self.old_pin)

    def _enter(self, kiosk: Kiosk) -> Next:
        if not self.operator or not self.pin:
            return STAY
        if not self.chooses_new:
            return Next(self, (Send(SignIn(operator=self.operator, pin=self.pin), "sign_in"),))
        if not self.again:
            return Next(replace(self, new_pin=self.pin, pin="", again=True))
        if self.pin != self.new_pin:
            return Next(replace(self, pin="", new_pin="", again=False, differs=True))
        setting = SetPin(operator=self.operator, pin=self.new_pin, old_pin=self.old_pin)
        return Next(self, (Send(setting, "set_pin"),))


def typed(text: str, digit: str) -> str:
    """Return what was typed after one more digit, or without the last."""
    return text[:-1] if digit == "delete" else (text + digit)[:PIN_MOST]


def row_of(kiosk: Kiosk, operator: str) -> Row:
    """Return the row of an operator, an empty one if there is none."""
    rows = kiosk.rows(OPERATORS) or ()
    return next((row for row in rows if row.get("operator") == operator), {})


def role_of(kiosk: Kiosk, operator: str) -> str:
    """Return the role of an operator."""
    return str(row_of(kiosk, operator).get("role", ""))
