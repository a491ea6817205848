"""The numbers in the sentences of the instructions: each is taken from the code that acts on it."""

from collections.abc import Mapping
from string import Formatter

from appliance.clinical.closing.close_out import SEATED_S
from appliance.clinical.placement.first_feeling import BACK_FELT_BY_UA, NECK_FELT_BY_UA
from appliance.clinical.placement.pad_sets import PadLimits
from appliance.clinical.placement.paths import CLEAR_MM
from appliance.clinical.pre_use.hand_switch import PROVEN_FOR_US
from appliance.clinical.screening.questions import ScreeningSettings
from appliance.clinical.skin.patch_test import WEAR_US
from appliance.clinical.unit.care import load_intervals
from appliance.core.limits import level_limits, limits, patient_limits
from appliance.core.prescription import sessions_per_patient as sessions
from appliance.drills.schedule import EVERY_DAYS, WARN_DAYS
from appliance.instructions.outputs import LOADS_OHM, bounded_ua
from appliance.messages.pins import LEAST_DIGITS, MOST_DIGITS
from appliance.operators.lock_out import LONGEST_US
from appliance.operators.presence import PRESENT_US
from appliance.safety.contraction_cue_rules import LEAD_US
from appliance.safety.interlocks.limits import RAIL_PERCENT, SCREEN_SILENT_US
from appliance.safety.sound_patterns import SILENT_US
from appliance.texts.catalogue import TEXTS
from appliance.texts.common_phrases import bare_microseconds, hours, seconds
from appliance.texts.text import (
    Quantity,
    Text,
    TextValue,
    Unit,
    microamps,
    millimetres,
    millivolts,
    ohms,
    percent,
    text,
)
from drivers.quantities import US_PER_S

SHORTWAVE_M = 1
"""A shortwave unit makes the output unstable within about 1 m [AS 60601.2.10:2018]."""


def numbers(compliance_mv: int) -> Mapping[str, TextValue]:
    """Return every number by the name that sentences use."""
    return {
        **_levels(),
        **_patients(),
        **_output(compliance_mv),
        **_rests(),
        **_people(),
        **_care(),
    }


def line(key: str, values: Mapping[str, TextValue]) -> Text:
    """Return a sentence with the numbers that its template names."""
    names = [name for _, name, _, _ in Formatter().parse(TEXTS[key]) if name]
    return text(key, **{name: values[name] for name in names})


def _levels() -> dict[str, TextValue]:
    tap_ua, large_ua = level_limits.TAP_STEPS_UA
    return {
        "tap": microamps(tap_ua),
        "tap_large": microamps(large_ua),
        "tap_every": seconds(level_limits.TAP_EVERY_US),
        "climb_after": seconds(level_limits.CLIMB_AFTER_US),
        "climb_neck": microamps(level_limits.CLIMB_NECK_UA_PER_S),
        "climb_back": microamps(level_limits.CLIMB_BACK_UA_PER_S),
        "contraction": seconds(level_limits.CONTRACTION_US),
        "contraction_rest": seconds(level_limits.CONTRACTION_REST_US),
        "on_call_most": seconds(limits.ON_CALL_MAX_US),
        "on_call_rest": seconds(limits.ON_CALL_REST_MIN_US),
        "cue": seconds(LEAD_US),
        "ramp_down": seconds(level_limits.RAMP_DOWN_MAX_US),
        "screen_silent": seconds(SCREEN_SILENT_US),
        "silence": seconds(SILENT_US),
    }


def _patients() -> dict[str, TextValue]:
    return {
        "first_back": microamps(patient_limits.FIRST_BACK_UA),
        "first_neck": microamps(patient_limits.FIRST_NECK_UA),
        "first_minutes": hours(patient_limits.FIRST_SESSION_US),
        "careful_days": patient_limits.CAREFUL_SESSIONS,
        "seated": hours(SEATED_S * US_PER_S),
        "screening_days": ScreeningSettings().valid_days,
        "patch_test": hours(WEAR_US),
        "pad_warn_uses": PadLimits().warn_uses,
        "pad_block_uses": PadLimits().block_uses,
        "pad_block_days": PadLimits().block_days,
        "pad_clear": millimetres(CLEAR_MM),
    }


def _output(compliance_mv: int) -> dict[str, TextValue]:
    high_ohm = max(LOADS_OHM)
    return {
        "density_caution": _density(limits.DENSITY_CAUTION_UA_PER_CM2),
        "density_block": _density(limits.DENSITY_BLOCK_UA_PER_CM2),
        "density_neck": _density(limits.NECK_DENSITY_BLOCK_UA_PER_CM2),
        "rail_percent": percent(RAIL_PERCENT),
        "compliance": millivolts(compliance_mv),
        "load_high": ohms(high_ohm),
        "phase_most": bare_microseconds(limits.PHASE_MAX_US),
        "most_into_high": microamps(bounded_ua(high_ohm, limits.PHASE_MAX_US, compliance_mv)),
        "shortwave_m": SHORTWAVE_M,
    }


def _rests() -> dict[str, TextValue]:
    return {
        "a_day": sessions.SESSIONS_A_DAY,
        "apart": hours(sessions.BETWEEN_SESSIONS_US),
        "in_two_days": sessions.SESSIONS_IN_48_H,
        "two_days": hours(sessions.TWO_DAYS_US),
        "after_first": hours(sessions.AFTER_FIRST_STRENGTHENING_US),
        "after_later": hours(sessions.AFTER_STRENGTHENING_US),
    }


def _people() -> dict[str, TextValue]:
    return {
        "pin_least": LEAST_DIGITS,
        "pin_most": MOST_DIGITS,
        "present": hours(PRESENT_US),
        "lock_out": hours(LONGEST_US),
        "squeeze_good": hours(PROVEN_FOR_US),
        "felt_by_neck": microamps(NECK_FELT_BY_UA),
        "felt_by_back": microamps(BACK_FELT_BY_UA),
    }


def _care() -> dict[str, TextValue]:
    return {
        "lock_days": load_intervals().lock_days,
        "drill_days": EVERY_DAYS,
        "drill_warn_days": WARN_DAYS,
    }


def _density(ua_per_cm2: int) -> Quantity:
    return Quantity(ua_per_cm2, Unit.MICROAMPERE_PER_CM2)
