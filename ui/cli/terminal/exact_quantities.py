"""Quantities written exactly, as refusals write them: no digit is rounded away."""

from appliance.texts.common_phrases import seconds
from appliance.texts.english import english
from appliance.texts.text import microamps, picocoulombs, square_millimetres


def in_ma(amplitude_ua: int) -> str:
    """Write an amplitude in mA."""
    return english(microamps(amplitude_ua))


def in_uc(charge_pc: int) -> str:
    """Write a charge in µC."""
    return english(picocoulombs(charge_pc))


def in_cm2(area_mm2: int) -> str:
    """Write an area in cm²."""
    return english(square_millimetres(area_mm2))


def in_seconds(duration_us: int) -> str:
    """Write a duration in seconds."""
    return english(seconds(duration_us))
