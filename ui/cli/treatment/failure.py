"""Why a run of the autopilot gives up, and what is known of that before its start."""

from dataclasses import dataclass

from appliance.core.limits.patient_limits import FIRST_MOTOR
from appliance.core.refusal import Refusal
from appliance.messages.snapshot import Snapshot
from appliance.texts.common_phrases import seconds
from appliance.texts.english import english
from appliance.texts.text import TextValue, microamps, text
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.snapshot_text import trip_text
from ui.cli.treatment.request import TreatmentRequest


@dataclass(frozen=True, slots=True)
class AutopilotFailure:
    """Why nothing was treated, and the exit code that says so."""

    text: str
    code: ExitCode = ExitCode.REFUSED


def beyond_patient(request: TreatmentRequest, snapshot: Snapshot) -> AutopilotFailure | None:
    """Return why a request exceeds the patient's limits, in the form of an engine's refusal."""
    if not snapshot.ceiling_by:
        return None
    ceiling_ua = min((view.ceiling_ua for view in snapshot.channels), default=request.level_ua)
    by = snapshot.ceiling_by
    asked: TextValue
    allowed: TextValue
    if request.level_ua > ceiling_ua:
        asked, allowed = microamps(request.level_ua), microamps(ceiling_ua)
    elif request.plateau_us is not None and request.plateau_us > snapshot.remaining_us:
        by = FIRST_MOTOR  # no other limit of a patient bounds the time
        asked, allowed = seconds(request.plateau_us), seconds(snapshot.remaining_us)
    else:
        return None
    who = snapshot.patient or text("beyond_patient.nobody_named")
    bound = text("beyond_patient.allowed", most=allowed, who=who)
    return AutopilotFailure(english(Refusal(by, asked, bound, allowed).text()))


def tripped_before(snapshot: Snapshot) -> str:
    """Return why nothing can be started on an engine that is tripped."""
    trip = snapshot.trip
    why = f"{trip.code} {trip_text(trip)}" if trip is not None else "no reason given"
    return f"not started, for the engine is tripped: {why}"
