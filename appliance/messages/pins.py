"""Which PINs may be chosen: one rule for the engine, which judges, and for the screens that ask."""

import re
from enum import StrEnum

LEAST_DIGITS, MOST_DIGITS = 4, 12
_DIGITS = re.compile(rf"[0-9]{{{LEAST_DIGITS},{MOST_DIGITS}}}")
_RUN = "01234567890123456789"


class PinFault(StrEnum):
    """What is wrong with a PIN."""

    LENGTH = "length"
    EASY = "easy"


def pin_fault(pin: str) -> PinFault | None:
    """Return whether a PIN is no number of 4 to 12 digits, or one that is guessed first."""
    if not _DIGITS.fullmatch(pin):
        return PinFault.LENGTH
    if len(set(pin)) == 1 or pin in _RUN or pin in _RUN[::-1]:
        return PinFault.EASY
    return None
