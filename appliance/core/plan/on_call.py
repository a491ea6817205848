"""Contractions that a clinician calls: when one may begin, and the plan with one more or less.

A section on call is laid out by cycle, so that a level can be set in announced contractions. The
first call removes those that have not begun; from then on each on-time begins where it is called.
Times are treatment time, at the cursor: the end of what was handed out, at most three slices ahead
of what plays.
"""

from dataclasses import replace

from appliance.core.limits.limits import ON_CALL_REST_MIN_US
from appliance.core.plan.compiler import FIRST_POSITION, Cursor, opens_on_time
from appliance.core.plan.pulse_timeline import OnTimeKind, Placed, PulseTrainPlan, Section
from appliance.core.prescription.waveform import SETTLE_US


def is_on_call(plan: PulseTrainPlan) -> bool:
    """Return whether the contractions of a plan may be called."""
    return plan.sections[0].placed is not None


def is_called(plan: PulseTrainPlan, cursor: Cursor) -> bool:
    """Return whether pulses of a called contraction are still to come at the cursor."""
    if not is_on_call(plan) or not opens_on_time(plan, cursor):
        return False
    return plan.on_time(cursor.on_time).kind is OnTimeKind.CALLED


def comes_by_cycle(plan: PulseTrainPlan, cursor: Cursor) -> bool:
    """Return whether contractions that nobody called are still to begin."""
    placed = plan.sections[0].placed or ()
    coming = placed[len(_begun(plan.sections[0], cursor)) :]
    return any(each.on_time.kind is not OnTimeKind.CALLED for each in coming)


def rests_until_us(plan: PulseTrainPlan, cursor: Cursor) -> int:
    """Return when the rest after the contraction before is over, 0 where there was none.

    It is as long as that contraction, and as prescribed for short ones, at least 5 s.
    """
    before = _begun(plan.sections[0], cursor)
    if not before:
        return 0
    start_us, on_time = before[-1]
    rest_us = max(on_time.settled_us, ON_CALL_REST_MIN_US)
    return start_us + on_time.settled_us + rest_us


def at_most(plan: PulseTrainPlan, most: int | None) -> PulseTrainPlan:
    """Return a plan on call in which no more contractions begin, called or by cycle."""
    if most is None or not is_on_call(plan):
        return plan
    section = replace(plan.sections[0], most=most)
    placed = section.placed or ()
    return _with(replace(plan, sections=(section,)), placed[:most])


def begun(plan: PulseTrainPlan, plan_us: int) -> int:
    """Return how many contractions of a plan on call began before a moment."""
    return sum(each.start_us < plan_us for each in plan.sections[0].placed or ())


def counted(plan: PulseTrainPlan, plan_us: int) -> int | None:
    """Return how many contractions of a plan on call began; None where the minutes tell."""
    return begun(plan, plan_us) if is_on_call(plan) else None


def has_another(plan: PulseTrainPlan, cursor: Cursor) -> bool:
    """Return whether one more contraction may begin in the session."""
    most = plan.sections[0].most
    return most is None or begun(plan, cursor.start_us) < most


def fits(plan: PulseTrainPlan, cursor: Cursor) -> bool:
    """Return whether a whole contraction fits before the treatment ends."""
    section = plan.sections[0]
    return cursor.start_us + section.cycle[0].on_us <= section.ends_us


def call(plan: PulseTrainPlan, cursor: Cursor) -> tuple[PulseTrainPlan, Cursor]:
    """Return the plan with a contraction that begins at the cursor, and the cursor there."""
    section = plan.sections[0]
    before = _begun(section, cursor)
    called = section.cycle[0]._replace(kind=OnTimeKind.CALLED)
    placed = (*before, Placed(cursor.start_us, called))
    return _with(plan, placed), Cursor(cursor.start_us, len(before), FIRST_POSITION)


def release(plan: PulseTrainPlan, cursor: Cursor) -> PulseTrainPlan:
    """Return the plan in which the contraction at the cursor ramps down from there."""
    return _change(plan, cursor, at_once=False)


def end(plan: PulseTrainPlan, cursor: Cursor) -> PulseTrainPlan:
    """Return the plan in which the contraction at the cursor has no more pulses."""
    return _change(plan, cursor, at_once=True)


def by_cycle(plan: PulseTrainPlan, cursor: Cursor) -> PulseTrainPlan:
    """Return the plan with contractions by cycle again, from the rest after the last one on."""
    section = plan.sections[0]
    placed = list(_begun(section, cursor))
    usual = section.cycle[0]
    at_us = cursor.start_us
    if placed:
        at_us = max(at_us + SETTLE_US, rests_until_us(plan, cursor))
    while at_us + usual.on_us <= section.ends_us:
        placed.append(Placed(at_us, usual))
        at_us += section.cycle_us
    return _with(plan, tuple(placed[: section.most]))


def ends_at(plan: PulseTrainPlan, cursor: Cursor, ends_us: int) -> PulseTrainPlan:
    """Return the plan with another end, behind the contraction that plays and its rest."""
    section = plan.sections[0]
    waits_for_call = len(_begun(section, cursor)) == len(section.placed or ())
    section = replace(section, ends_us=ends_us)
    plan = replace(plan, duration_us=ends_us, sections=(section,))
    return plan if waits_for_call else by_cycle(plan, cursor)


def _begun(section: Section, cursor: Cursor) -> tuple[Placed, ...]:
    """Return the on-times that have begun to be handed out."""
    return tuple(each for each in section.placed or () if each.start_us < cursor.start_us)


def _change(plan: PulseTrainPlan, cursor: Cursor, *, at_once: bool) -> PulseTrainPlan:
    if not is_called(plan, cursor):
        return plan
    placed = list(plan.sections[0].placed or ())
    start_us, on_time = placed[cursor.on_time]
    since_us = cursor.start_us - start_us
    shorter = on_time.ended(since_us) if at_once else on_time.released(since_us)
    placed[cursor.on_time] = Placed(start_us, shorter)
    return _with(plan, tuple(placed))


def _with(plan: PulseTrainPlan, placed: tuple[Placed, ...]) -> PulseTrainPlan:
    section = replace(plan.sections[0], placed=placed, on_times=len(placed))
    return PulseTrainPlan.of(plan.duration_us, plan.channels, (section,), plan.groups)
