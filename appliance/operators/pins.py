"""PINs: which ones are accepted, and their hashes.

Argon2id with the smaller of the settings that the OWASP Password Storage Cheat Sheet lists for it:
19 MiB, 2 passes, 1 lane (M). A Zero 2 W has 512 MiB, so one check at a time.
"""

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.core.refusal import Refusal
from appliance.texts.text import text

LEAST_DIGITS, MOST_DIGITS = 4, 12
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
_DIGITS = re.compile(rf"[0-9]{{{LEAST_DIGITS},{MOST_DIGITS}}}")
_RUN = "01234567890123456789"

_HASHER = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def refuse_pin(pin: str) -> Refusal | None:
    """Refuse a PIN that is no number of 4 to 12 digits, or one that is guessed first.

    The PIN is repeated in no text.
    """
    allowed = text("pin.allowed", least=LEAST_DIGITS, most=MOST_DIGITS)
    if not _DIGITS.fullmatch(pin):
        return Refusal("refusal.pin", text("pin.characters", count=len(pin)), allowed, allowed)
    if len(set(pin)) == 1 or pin in _RUN or pin in _RUN[::-1]:
        return Refusal("refusal.pin", text("pin.easy"), text("pin.not_easy"), text("pin.another"))
    return None


def hash_pin(pin: str) -> str:
    """Return the hash of a PIN with its own salt; takes some 20 ms on a laptop, more on a Pi."""
    return _HASHER.hash(pin)


def is_pin(hashed: str, pin: str) -> bool:
    """Return whether a PIN is the hashed one; a hash that cannot be read fits no PIN."""
    try:
        return _HASHER.verify(hashed, pin)
    except (VerificationError, InvalidHashError):
        return False
