"""What a patient was treated with last, as a request like any other: nothing of it is trusted."""

from appliance.core.prescription.prescription import recorded_parts
from appliance.core.prescription.waveform import ChannelUse, PartKind
from appliance.core.refusal import Refusal
from appliance.messages.actions import Prescribe, RepeatLast
from appliance.messages.wire import Subject
from appliance.records.patient_history import PatientRegister, pseudonym
from appliance.texts.text import text

_RULE = "refusal.repeat"


def last_treatment(request: RepeatLast, register: PatientRegister) -> Prescribe | Refusal:
    """Return the last treatment as a request, or why there is none to repeat.

    The ceiling is the one of then: what is allowed now may be more, and is prescribed anew.
    """
    patient = pseudonym(request.patient) or ""
    start = register.last_start(patient)
    if start is None or not start.placement:
        nearest = text("repeat.prescribe")
        return Refusal(_RULE, text("repeat.nothing"), text("repeat.allowed"), nearest)
    tap_ua, parts = start.prescription.get("tap_ua"), recorded_parts(start.prescription)
    return Prescribe(
        programme=start.programme,
        subject=Subject.PATIENT,
        patient=patient,
        side=start.side,
        placement=start.placement,
        depth=start.depth,
        pad_set=request.pad_set or start.pad_set,
        region=start.region,
        duration_us=start.duration_us,
        ceiling_ua=start.ceiling_ua,
        tap_ua=tap_ua if isinstance(tap_ua, int) else 500,
        reason=request.reason,
        alternating=start.prescription.get("use") == ChannelUse.ALTERNATING,
        on_call=any(part.get("kind") == PartKind.ON_CALL for part in parts),
    )
