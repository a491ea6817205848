"""Who and when of clinical facts in tests."""

from typing import Final, TypedDict

from appliance.clinical.fact import FactTime

DAY_US = 24 * 3_600 * 1_000_000


class Who(TypedDict):
    """The fields that every fact about a patient has."""

    patient: str
    operator: str
    simulated: bool


WHO: Final[Who] = {"patient": "P-0015", "operator": "op-1", "simulated": False}


def day(number: float, *, trusted: bool = True, boot: int = 1) -> FactTime:
    """Return a time so many days after the beginning of a test, on the same monotonic clock."""
    utc_us = int((20_000 + number) * DAY_US)
    return FactTime(utc_us, 20_000 + int(number), trusted, boot, int(number * DAY_US))
