"""The session that a harmless trip ended: what is left of it, and what screens show of that."""

from appliance.control.engine_state import EngineState
from appliance.control.treatment.raise_back import InterruptedSession, SessionPart, interrupted
from appliance.core.limits.level_limits import RAISE_BACK_WITHIN_US
from appliance.core.limits.limits import SESSION_MIN_US
from appliance.messages.snapshot import InterruptedView
from appliance.safety.state_machine.states import State, Tripped


def left_by(engine: EngineState, before: State, entered_us: int) -> InterruptedSession | None:
    """Return what the treatment leaves for the next one if the state `before` is left now."""
    treatment, had = engine.setup.treatment, engine.session
    part = None
    if treatment is not None and had.treatment is treatment and had.last is not None:
        part = SessionPart(had.last.session, had.continues)
    return interrupted(treatment, before, entered_us, part, engine.setup.interrupted)


def interrupted_view(engine: EngineState) -> InterruptedView | None:
    """Describe the session that may be continued, None where there is none."""
    machine, now_us = engine.machine, engine.tick.now_us
    left = engine.setup.interrupted
    if isinstance(machine.state, Tripped):
        left = left_by(engine, machine.state, machine.entered_at_us)
    if left is None or not left.sessions or left.left_us < SESSION_MIN_US:
        return None
    for_us = RAISE_BACK_WITHIN_US - (now_us - left.ended_us)
    if for_us < 0:
        return None
    return InterruptedView(
        patient=left.patient,
        programme=left.prescription.programme,
        left_us=left.left_us,
        for_us=for_us,
    )
