"""Ids of patients, made by the device: prefix, number, check digit, as in P-0015.

The check digit is Damm's: a single wrong digit or a swap of two neighbours never gives another id
of the device. Pseudonyms that the records knew before stay usable as they are; a new id keeps clear
of them by the same measure. Which person an id belongs to is in the clinic's own file, outside the
device.
"""

import re
from collections.abc import Collection

from appliance.core.refusal import Refusal
from appliance.texts.text import text

PREFIX = "P"
LONGEST = 32
"""Characters of a pseudonym at most, as the records keep it."""
SHORTEST_NUMBER = 3
"""Digits of a number at least; shorter ones begin with zeros."""
_PSEUDONYM = re.compile(rf"[A-Z0-9-]{{1,{LONGEST}}}")
_PREFIX = re.compile(r"[A-Z]")
"""One letter: with two, a swap of both would be an id of another unit."""
_MADE = re.compile(rf"(?P<prefix>[A-Z])-(?P<digits>[0-9]{{{SHORTEST_NUMBER + 1},16}})")
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
"""Damm's quasigroup of order 10 [Damm 2004, Marburg] (M); tests prove what it does."""


def make_id(number: int, prefix: str = PREFIX) -> str:
    """Return the id of a number from 1 on; raises ValueError for another prefix or number."""
    if number < 1 or not _PREFIX.fullmatch(prefix):
        raise ValueError(f"no id can be made of {prefix!r} and {number}")
    digits = f"{number:0{SHORTEST_NUMBER}d}"
    return f"{prefix}-{digits}{_check_digit(digits)}"


def is_made(patient: str) -> bool:
    """Return whether a text is an id as the device makes them, its check digit right."""
    match = _MADE.fullmatch(patient)
    return match is not None and _check_digit(match["digits"]) == 0


def next_id(known: Collection[str], prefix: str = PREFIX, *, above: int = 0) -> str:
    """Return the id of a new patient.

    Its number is above every number with that prefix in `known`, which are all pseudonyms that the
    records have, and above the number `above` of those that were erased: no id is given twice. It
    is no slip away from any of them.
    """
    number = max(highest_number(known, prefix), above) + 1
    while any(is_one_slip_away(make_id(number, prefix), other) for other in known):
        number += 1
    return make_id(number, prefix)


def highest_number(known: Collection[str], prefix: str = PREFIX) -> int:
    """Return the highest number among ids that the device made, 0 without any."""
    return max((_number_of(patient, prefix) for patient in known), default=0)


def is_one_slip_away(first: str, second: str) -> bool:
    """Return whether one wrong digit, or a swap of two neighbours, makes `second` of `first`."""
    if len(first) != len(second):
        return False
    wrong = [place for place, char in enumerate(first) if char != second[place]]
    match wrong:
        case [_]:
            return True
        case [left, right] if right == left + 1:
            return first[left : right + 1] == second[right] + second[left]
    return False


def refuse_id(entered: str, known: Collection[str]) -> Refusal | None:
    """Refuse what is neither a pseudonym of the records nor an id of the device.

    A slip of the fingers is answered with the ids it may have meant. What cannot be a pseudonym is
    not repeated: it may be somebody's name.
    """
    patient = entered.strip().upper()
    if patient in known or is_made(patient):
        return None
    allowed = text("patient_id.allowed", example=make_id(15))
    if not _PSEUDONYM.fullmatch(patient):
        asked = text("patient.asked", count=len(entered))
        return Refusal("refusal.patient", asked, allowed, text("patient_id.register"))
    meant = sorted(other for other in known if is_one_slip_away(patient, other))
    nearest = text("patient_id.meant", patient=meant[0]) if meant else text("patient_id.register")
    return Refusal("refusal.patient", patient, allowed, nearest)


def _number_of(patient: str, prefix: str) -> int:
    """Return the number of an id with that prefix, 0 for every other pseudonym."""
    match = _MADE.fullmatch(patient)
    if match is None or match["prefix"] != prefix or not is_made(patient):
        return 0
    return int(match["digits"][:-1])


def _check_digit(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim
