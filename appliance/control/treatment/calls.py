"""Contractions on call: when a clinician may call one, and what ends it.

The plan itself ends a contraction that nobody releases; here it is only begun, shortened and
refused. While somebody sets a level there is none.
"""

from typing import NamedTuple

from appliance.control.treatment.treatment import Treatment
from appliance.core.plan import on_call
from appliance.core.plan.compiler import opens_on_time
from appliance.core.prescription.contraction_counts import refuse_another
from appliance.core.refusal import Refusal
from appliance.messages.wire import CallWaits
from appliance.texts.text import TextValue, microseconds, text

_REFUSED = {
    CallWaits.LEVEL: ("on_call.above_zero", "on_call.set_level"),
    CallWaits.CONTRACTION: ("on_call.between", "on_call.in_the_rest"),
    CallWaits.END: ("on_call.before_the_end", "minutes.new_session"),
}
"""What would be accepted, and what to do."""


class Wait(NamedTuple):
    """What a call waits for, with what is left of the rest."""

    reason: CallWaits = CallWaits.NOTHING
    rest_us: int = 0


def refuse_rise(treatment: Treatment) -> Refusal | None:
    """Refuse a rise in a contraction that is called: nobody sets a level in one."""
    if not on_call.is_called(treatment.plan, treatment.cursor):
        return None
    allowed, nearest = text("on_call.no_rise"), text("set_level.nearest")
    return Refusal("refusal.set_level", text("on_call.rise"), allowed, nearest)


def call(treatment: Treatment, now_us: int) -> Refusal | None:
    """Begin a contraction with the next slice, or say why not; one that is held goes on."""
    plan, cursor = treatment.plan, treatment.cursor
    if on_call.is_on_call(plan) and on_call.is_called(plan, cursor):
        return None
    refusal = _refuse_call(treatment, now_us)
    if refusal is None:
        treatment.go_on(*on_call.call(plan, cursor))
    return refusal


def release(treatment: Treatment) -> None:
    """Let the contraction that is called ramp down, if there is one."""
    treatment.go_on(on_call.release(treatment.plan, treatment.cursor), treatment.cursor)


def by_cycle(treatment: Treatment) -> Refusal | None:
    """Let contractions come by cycle again; a called one ramps down first."""
    if not on_call.is_on_call(treatment.plan):
        return _refuse(text("on_call.not_prescribed"), text("on_call.prescribe"))
    release(treatment)
    if not on_call.has_another(treatment.plan, treatment.cursor):
        return _refuse_another(treatment)
    treatment.go_on(on_call.by_cycle(treatment.plan, treatment.cursor), treatment.cursor)
    return None


def waits_for(treatment: Treatment, now_us: int) -> Wait:
    """Return what a call on a plan on call would wait for now."""
    plan, cursor = treatment.plan, treatment.cursor
    if not any(state.level_ua for state in treatment.levels.values()):
        return Wait(CallWaits.LEVEL)
    if treatment.has_begun_on_time and opens_on_time(plan, cursor):
        return Wait(CallWaits.CONTRACTION)
    if not on_call.has_another(plan, cursor):
        return Wait(CallWaits.COUNT)
    left_us = max(
        on_call.rests_until_us(plan, cursor) - cursor.start_us,
        treatment.rest_owed_until_us() - now_us,
    )
    if left_us > 0:
        return Wait(CallWaits.REST, left_us)
    return Wait() if on_call.fits(plan, cursor) else Wait(CallWaits.END)


def _refuse_call(treatment: Treatment, now_us: int) -> Refusal | None:
    if not on_call.is_on_call(treatment.plan):
        return _refuse(text("on_call.not_prescribed"), text("on_call.prescribe"))
    wait = waits_for(treatment, now_us)
    match wait.reason:
        case CallWaits.COUNT:
            return _refuse_another(treatment)
        case CallWaits.REST:
            nearest = text("rise_interval.nearest", time=microseconds(wait.rest_us))
            return _refuse(text("on_call.after_the_rest"), nearest)
        case reason if reason in _REFUSED:
            allowed, otherwise = _REFUSED[reason]
            return _refuse(text(allowed), text(otherwise))
        case _:
            return None


def _refuse_another(treatment: Treatment) -> Refusal:
    first = treatment.bounds.first_given_us is not None
    return refuse_another(treatment.prescription, first=first)


def _refuse(allowed: TextValue, nearest: TextValue) -> Refusal:
    return Refusal("refusal.on_call", text("on_call.a_contraction"), allowed, nearest)
