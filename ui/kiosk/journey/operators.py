"""Operators: who works here, a new one, a one-time PIN for a forgotten one, the own PIN. Pure.

The engine says who may do what; a PIN is kept no longer than until it was sent.
"""

from dataclasses import dataclass, replace

from appliance.messages.actions import EnrolOperator, RetireOperator, SetPin, TryPin
from appliance.messages.pins import MOST_DIGITS
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.lock import LOOK_AGAIN_US, OPERATORS, TRY, row_of
from ui.kiosk.journey.pins import is_weak, weak
from ui.kiosk.journey.place import STAY, Forget, Go, Kiosk, Look, Next, Place, Row, Send
from ui.kiosk.journey.typed import typed

NAME_MOST = 20
ROLES = ("clinician", "lead", "service")
ON_PAGE = 5
ENROL, GIVE, RETIRE, OWN = "enrol", "give_pin", "retire", "own_pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operators(Place):
    """Everybody who can sign in; `first` is the first one shown."""

    first: int = 0

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the operators."""
        return (OPERATORS,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Choose somebody, enrol somebody, turn a page, or go back."""
        name, _, what = action.partition(":")
        match name:
            case "operator":
                return Next(OperatorCard(operator=what))
            case "new":
                return Next(NewOperator())
            case "up":
                return Next(replace(self, first=max(self.first - ON_PAGE, 0)))
            case "down":
                return Next(replace(self, first=self.first + ON_PAGE))
            case "back":
                return Next(effects=(Go("service"),))
            case _:
                return STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorCard(Place):
    """One operator. `giving` a one-time PIN and `retiring` wait for a second key.

    `pin` is the one-time PIN that the unit has just drawn. It is here only: what leaves this or
    comes over it forgets it, and another one is drawn then. `known` is how many PINs the operator
    had with it, 0 while that is not known; `looked_us` is when that was last asked, by the engine's
    clock. `void` says that it was used, or is replaced, elsewhere meanwhile.
    """

    operator: str
    giving: bool = False
    pin: str = ""
    retiring: bool = False
    known: int = 0
    looked_us: int = 0
    void: bool = False

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the operators."""
        return (OPERATORS,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Give a one-time PIN, retire the operator, or go back."""
        match action:
            case "new_pin":
                return Next(OperatorCard(operator=self.operator, giving=True))
            case "give" if self.giving:
                return Next(self, (Send(SetPin(operator=self.operator, one_time=True), GIVE),))
            case "retire":
                return Next(OperatorCard(operator=self.operator, retiring=True))
            case "really_retire" if self.retiring:
                return Next(self, (Send(RetireOperator(operator=self.operator), RETIRE),))
            case "back" if self.giving or self.retiring:
                return Next(OperatorCard(operator=self.operator))
            case "back":
                return Next(Operators())
            case _:
                return STAY

    def by_itself(self, kiosk: Kiosk) -> Next:
        """Look now and then whether the PIN that is shown is still good, and show it no longer."""
        rows, snapshot = kiosk.fresh(OPERATORS), kiosk.snapshot
        if not self.pin or rows is None or snapshot is None or OPERATORS in kiosk.asked:
            return STAY
        row = row_of(kiosk, self.operator)
        known = self.known or int(row.get("pins_set", 0))
        if not row.get("one_time") or row.get("pins_set", 0) != known:
            return Next(OperatorCard(operator=self.operator, void=True))
        if 0 <= snapshot.at_us - self.looked_us < LOOK_AGAIN_US:
            return STAY if known == self.known else Next(replace(self, known=known))
        return Next(replace(self, known=known, looked_us=snapshot.at_us), (Look(OPERATORS),))

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Show the one-time PIN once it is good; go back to the others from a retired one."""
        if not isinstance(answer, Reply):
            return STAY
        if tag == RETIRE:
            return Next(Operators(), (Forget(OPERATORS),))
        if tag == GIVE:
            given = OperatorCard(operator=self.operator, pin=answer.pin)
            return Next(given, (Forget(OPERATORS),))
        return STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOperator(Place):
    """A name, then a role; then the unit draws a one-time PIN."""

    name: str = ""
    named: bool = False
    role: str = ""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Type, choose the role, enrol, or go back a step."""
        kind, _, what = action.partition(":")
        match kind:
            case "letter":
                return Next(replace(self, name=typed(self.name, what, NAME_MOST)))
            case "named" if self.name.strip():
                return Next(replace(self, named=True))
            case "role" if what in ROLES:
                return Next(replace(self, role=what))
            case "enrol" if self.role:
                enrol = EnrolOperator(operator=self.name.strip(), role=self.role, one_time=True)
                return Next(self, (Send(enrol, ENROL),))
            case "back":
                return Next(self._before())
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Show the one-time PIN of the new operator.

        Who was enrolled before, with an answer that got lost, has a PIN that nobody knows: another
        one can be drawn.
        """
        if tag != ENROL or not isinstance(answer, Reply):
            return STAY
        name, pin = self.name.strip(), answer.pin
        return Next(OperatorCard(operator=name, pin=pin, giving=not pin), (Forget(OPERATORS),))

    def _before(self) -> Place:
        if self.role:
            return replace(self, role="")
        return replace(self, named=False) if self.named else Operators()


@dataclass(frozen=True, slots=True, kw_only=True)
class MyPin(Place):
    """The own PIN is changed: the old one, a new one, and that again; `at` counts from 0."""

    at: int = 0
    pin: str = ""
    old_pin: str = ""
    new_pin: str = ""
    differs: bool = False
    changed: bool = False

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Type, enter, or go back."""
        name, _, what = action.partition(":")
        match name:
            case "digit" if not self.changed:
                return Next(replace(self, pin=typed(self.pin, what, MOST_DIGITS), differs=False))
            case "enter" if self.pin:
                return self._enter(kiosk)
            case "back":
                return Next(effects=(Go("service"),))
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Ask for a new PIN once the present one is right; say that it is changed.

        What was refused begins anew, with the new PIN if it was that.
        """
        if tag == TRY and isinstance(answer, Reply):
            return Next(MyPin(at=1, old_pin=self.pin))
        if tag not in (TRY, OWN):
            return STAY
        if is_weak(answer):
            return Next(MyPin(at=1, old_pin=self.old_pin))
        return Next(MyPin(changed=isinstance(answer, Reply)))

    def _enter(self, kiosk: Kiosk) -> Next:
        me = "" if kiosk.me is None else kiosk.me.operator
        if self.at == 0:
            return Next(self, (Send(TryPin(operator=me, pin=self.pin), TRY),))
        if self.at == 1 and (refused := weak(self.pin, self.old_pin)) is not None:
            return Next(replace(self, pin=""), refused=refused)
        if self.at == 1:
            return Next(replace(self, at=2, new_pin=self.pin, pin=""))
        if self.pin != self.new_pin:
            return Next(replace(self, at=1, new_pin="", pin="", differs=True))
        setting = SetPin(operator=me, pin=self.new_pin, old_pin=self.old_pin)
        return Next(self, (Send(setting, OWN),))


def operator_rows(kiosk: Kiosk) -> tuple[Row, ...]:
    """Return everybody who can sign in."""
    return tuple(row for row in kiosk.rows(OPERATORS) or () if row["kind"] == "operator")
