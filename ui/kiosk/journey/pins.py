"""Which new PIN is refused, told before it is typed a second time; the engine judges it again."""

from appliance.messages.pins import LEAST_DIGITS, MOST_DIGITS, PinFault, pin_fault
from appliance.messages.replies import Refused
from appliance.messages.wire import TextView

WEAK_PIN = "refusal.pin"
"""The rule of a PIN that the engine does not take as a new one."""


def weak(pin: str, before: str = "") -> Refused | None:
    """Return what is refused about a new PIN, as the engine would; `before` is the one it replaces.

    The PIN is repeated in no text.
    """
    another = TextView(key="pin.another")
    match pin_fault(pin):
        case PinFault.LENGTH:
            allowed = TextView(
                key="pin.allowed", values={"least": LEAST_DIGITS, "most": MOST_DIGITS}
            )
            count = TextView(key="pin.characters", values={"count": len(pin)})
            return _refused(count, allowed, allowed)
        case PinFault.EASY:
            return _refused(TextView(key="pin.easy"), TextView(key="pin.not_easy"), another)
        case None if pin == before:
            return _refused(TextView(key="pin.same"), TextView(key="pin.other"), another)
        case None:
            return None


def is_weak(answer: object) -> bool:
    """Return whether the engine refused a new PIN, and nothing else of what was sent."""
    return isinstance(answer, Refused) and answer.rule == WEAK_PIN


def _refused(asked: TextView, allowed: TextView, nearest: TextView) -> Refused:
    return Refused(request=0, rule=WEAK_PIN, asked=asked, allowed=allowed, nearest=nearest)
