"""Exact text of quantities, as in refusals: all digits, without rounding."""

from appliance.texts.common_phrases import seconds
from appliance.texts.english import english
from appliance.texts.text import microamps, picocoulombs, square_millimetres


def in_ma(amplitude_ua: int) -> str:
    """Return an amplitude as text in mA."""
    return english(microamps(amplitude_ua))


def in_uc(charge_pc: int) -> str:
    """Return a charge as text in µC."""
    return english(picocoulombs(charge_pc))


def in_cm2(area_mm2: int) -> str:
    """Return an area as text in cm²."""
    return english(square_millimetres(area_mm2))


def in_seconds(duration_us: int) -> str:
    """Return a duration as text in seconds."""
    return english(seconds(duration_us))
