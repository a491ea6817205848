"""The lock screen: who is treating, a PIN, a new PIN after a one-time one."""

from dataclasses import dataclass, replace

from appliance.messages.actions import SetPin, SignIn, TryPin, Unlock
from appliance.messages.pins import MOST_DIGITS
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.wire import StateName
from ui.kiosk.journey.harm import begin_telling, pauses_without_anybody
from ui.kiosk.journey.kept import where_to_begin
from ui.kiosk.journey.languages import Languages
from ui.kiosk.journey.pins import is_weak, weak
from ui.kiosk.journey.place import (
    STAY,
    Forget,
    Kiosk,
    Look,
    Next,
    Place,
    Row,
    Send,
    SignedIn,
)
from ui.kiosk.journey.set_up import SetUp
from ui.kiosk.journey.typed import typed

NOBODY = "demonstration"
"""Who is in charge of a virtual board that nobody set up."""
DEMONSTRATING = SignedIn(operator=NOBODY, role="", token="")
LOCKED = StateName.LOCKED
PIN_SHOWN = 4
LOOK_US, LOOK_AGAIN_US = 1_000_000, 5_000_000
OPERATORS, SET_UP = "operators", "set_up"
TRY = "try_pin"
WITH_PIN = frozenset({"sign_in", TRY, "set_pin"})
"""Tags of what is answered once a PIN is hashed, about half a second later."""
ANSWERED = WITH_PIN | {"try_it"}
"""Tags of the answers that this screen waits for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock(Place):
    """`operator` is who was chosen; `pin` what was typed; `new_pin` of a one-time PIN's owner.

    `old_pin` is a one-time PIN that the engine has found right.
    `again` says that the new PIN is being typed a second time. `looked_us` is when it was last
    asked who has to wait, by the engine's clock. `first` is the first operator shown.
    """

    operator: str = ""
    pin: str = ""
    old_pin: str = ""
    new_pin: str = ""
    again: bool = False
    differs: bool = False
    looked_us: int = 0
    first: int = 0

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return who can sign in, and what of the first set-up is missing."""
        return OPERATORS, SET_UP

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Choose somebody, type a PIN, enter it.

        While an answer is on its way it is of whoever was chosen, and nothing else is opened.
        """
        name, _, what = action.partition(":")
        if kiosk.waiting & WITH_PIN:
            return STAY
        match name:
            case "operator" | "digit" | "enter":
                return self._entered(name, what, kiosk)
            case "harm" if pauses_without_anybody(kiosk):
                return begin_telling(kiosk)
            case "page":
                return Next(replace(self, first=int(what)))
            case "set_up" | "forgot" | "languages":
                return Next(self._opened(name))
            case "try_it" if kiosk.snapshot is not None and kiosk.snapshot.state != LOCKED:
                return _nobody(kiosk)  # a screen that began anew finds it unlocked
            case "try_it":
                return Next(self, (Send(Unlock(operator=NOBODY), "try_it"),))
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go on where the PIN was right; a wrong one is forgotten.

        A new PIN that the engine does not take is chosen anew, without the one-time PIN again.
        """
        if tag not in ANSWERED:
            return STAY
        if not isinstance(answer, Reply):
            old_pin = self.old_pin if is_weak(answer) else ""
            empty = replace(self, pin="", old_pin=old_pin, new_pin="", again=False)
            return Next(empty, (Forget(OPERATORS),))  # after some wrong PINs there is a wait
        if tag == TRY:
            return Next(replace(self, old_pin=self.pin, pin=""))
        if tag == "set_pin":
            signing = Send(SignIn(operator=self.operator, pin=self.new_pin), "sign_in")
            return Next(replace(self, pin=self.new_pin), (signing,))
        if tag == "try_it":
            return _nobody(kiosk)
        if tag != "sign_in" or not self.operator:
            return STAY
        me = SignedIn(
            operator=self.operator, role=role_of(kiosk, self.operator), token=answer.token
        )
        return Next(where_to_begin(kiosk.kept, self.operator, kiosk), me=me)

    def by_itself(self, kiosk: Kiosk) -> Next:
        """Go on where nobody was set up and the virtual board is in use: there is no PIN.

        While whoever was chosen has to wait after wrong PINs, ask again each second; else now and
        then who can sign in: operators may be enrolled from elsewhere while this screen stands.
        """
        snapshot = kiosk.snapshot
        if snapshot is None:
            return STAY
        alone = snapshot.operator == NOBODY and not snapshot.operator_role
        if alone and kiosk.me is None and snapshot.state is not StateName.LOCKED:
            return _nobody(kiosk)
        if kiosk.rows(OPERATORS) is None or OPERATORS in kiosk.asked:
            return STAY
        waits = row_of(kiosk, self.operator).get("locked_out_us")
        if 0 <= snapshot.at_us - self.looked_us < (LOOK_US if waits else LOOK_AGAIN_US):
            return STAY
        return Next(replace(self, looked_us=snapshot.at_us), (Look(OPERATORS),))

    def _entered(self, name: str, what: str, kiosk: Kiosk) -> Next:
        """Choose somebody or type."""
        match name:
            case "operator":
                return Next(Lock(operator=what, first=self.first))
            case "digit":
                return Next(replace(self, pin=typed(self.pin, what, MOST_DIGITS), differs=False))
            case _:
                return self._enter(kiosk)

    def _opened(self, name: str) -> Place:
        """Return the screen that a key opens before anybody has signed in."""
        match name:
            case "set_up":
                return SetUp()
            case "forgot":
                return ForgottenPin(operator=self.operator)
            case _:
                return Languages(came_from=self)

    @property
    def chooses_new(self) -> bool:
        """Return whether a new PIN is being chosen in place of a one-time one."""
        return bool(self.old_pin)

    def _enter(self, kiosk: Kiosk) -> Next:
        if not self.operator or not self.pin:
            return STAY
        if not self.chooses_new and row_of(kiosk, self.operator).get("one_time"):
            trying = TryPin(operator=self.operator, pin=self.pin)  # it is no sign-in
            return Next(self, (Send(trying, TRY),))
        if not self.chooses_new:
            return Next(self, (Send(SignIn(operator=self.operator, pin=self.pin), "sign_in"),))
        if not self.again and (refused := weak(self.pin, self.old_pin)) is not None:
            return Next(replace(self, pin=""), refused=refused)
        if not self.again:
            return Next(replace(self, new_pin=self.pin, pin="", again=True))
        if self.pin != self.new_pin:
            return Next(replace(self, pin="", new_pin="", again=False, differs=True))
        setting = SetPin(operator=self.operator, pin=self.new_pin, old_pin=self.old_pin)
        return Next(self, (Send(setting, "set_pin"),))


def _nobody(kiosk: Kiosk) -> Next:
    """Return where the virtual board is tried without anybody set up."""
    place = where_to_begin(kiosk.kept, NOBODY, kiosk)
    return Next(place, me=DEMONSTRATING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenPin(Place):
    """What can be done about a PIN that was forgotten; nobody can read one."""

    operator: str

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Go back to the PIN."""
        return Next(Lock(operator=self.operator)) if action == "back" else STAY


def row_of(kiosk: Kiosk, operator: str) -> Row:
    """Return the row of an operator, an empty one if there is none."""
    rows = kiosk.rows(OPERATORS) or ()
    return next((row for row in rows if row.get("operator") == operator), {})


def role_of(kiosk: Kiosk, operator: str) -> str:
    """Return the role of an operator."""
    return str(row_of(kiosk, operator).get("role", ""))
