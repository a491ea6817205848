"""PINs: which ones are accepted, and their hashes.

Argon2id with the smaller of the settings that the OWASP Password Storage Cheat Sheet lists for it:
19 MiB, 2 passes, 1 lane (M). A Zero 2 W has 512 MiB, so one check at a time.
"""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.core.refusal import Refusal
from appliance.messages.pins import LEAST_DIGITS, MOST_DIGITS, PinFault, pin_fault
from appliance.texts.text import text

MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
ONE_TIME_DIGITS = 6
"""Digits of a PIN that the unit draws: a million of them, and short enough to be told (D)."""

_HASHER = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def refuse_pin(pin: str) -> Refusal | None:
    """Refuse a PIN that is no number of 4 to 12 digits, or one that is guessed first.

    The PIN is repeated in no text.
    """
    match pin_fault(pin):
        case PinFault.LENGTH:
            allowed = text("pin.allowed", least=LEAST_DIGITS, most=MOST_DIGITS)
            return Refusal("refusal.pin", text("pin.characters", count=len(pin)), allowed, allowed)
        case PinFault.EASY:
            asked, allowed = text("pin.easy"), text("pin.not_easy")
            return Refusal("refusal.pin", asked, allowed, text("pin.another"))
        case None:
            return None


def refuse_new_pin(pin: str, *, one_time: bool) -> Refusal | None:
    """Refuse a new PIN; a one-time one is drawn by the unit, and one that was chosen is refused."""
    if not one_time:
        return refuse_pin(pin)
    if not pin:
        return None
    drawn = text("pin.drawn")
    return Refusal("refusal.pin", text("pin.chosen"), drawn, drawn)


def draw_pin() -> str:
    """Return a PIN that nobody can guess, by the same rule as one that somebody chooses."""
    while True:
        pin = f"{secrets.randbelow(10**ONE_TIME_DIGITS):0{ONE_TIME_DIGITS}}"
        if pin_fault(pin) is None:
            return pin


def hash_pin(pin: str) -> str:
    """Return the hash of a PIN with its own salt; takes some 20 ms on a laptop, more on a Pi."""
    return _HASHER.hash(pin)


def is_pin(hashed: str, pin: str) -> bool:
    """Return whether a PIN is the hashed one; a hash that cannot be read fits no PIN."""
    try:
        return _HASHER.verify(hashed, pin)
    except (VerificationError, InvalidHashError):
        return False
