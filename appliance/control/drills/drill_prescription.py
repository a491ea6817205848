"""What a drill gives to a test load: a catalogue programme under a lower ceiling."""

from dataclasses import replace

from appliance.clinical.catalogue import find, to_prescription
from appliance.clinical.programme import Programme
from appliance.control.commands.prescribe import AcceptedPrescription
from appliance.core.limits.patient_limits import NO_BOUNDS
from appliance.errors import ConfigError
from appliance.messages.wire import DrillKind, Subject

PROGRAMME = "conventional-tens"
"""Continuous, 80 pulses a second: both phases are held many times at each level."""
CEILING_UA = 10_000
"""Ten milliampere through 1 kΩ are 10 V: judged well above the converters' steps. (D)"""
TAP_UA = 1_000
DURATION_US = 120_000_000
"""As long as a drill may take."""


def prescribe_drill(kind: DrillKind, channel: int) -> AcceptedPrescription:
    """Return what a drill gives; its name in the records is that of the drill."""
    programme = find(PROGRAMME)
    if not isinstance(programme, Programme):
        raise ConfigError(f"the catalogue has no {PROGRAMME}, which drills use")
    prescription = to_prescription(
        programme,
        (channel,),
        duration_us=DURATION_US,
        ceiling_ua=CEILING_UA,
        tap_ua=TAP_UA,
        reason=f"{kind} drill on a test load",
    )
    named = replace(prescription, programme=f"{kind}-drill")
    return AcceptedPrescription(named, Subject.TEST_LOAD, None, NO_BOUNDS)
