"""The part of a treatment that plays, and contractions on call, for the snapshot."""

from appliance.control.treatment import calls
from appliance.control.treatment.treatment import Treatment
from appliance.core.plan import on_call
from appliance.core.plan.pulse_timeline import OnTimeKind, Section
from appliance.core.prescription.part_list_checks import part_durations
from appliance.messages.snapshot import OnCallView, PartView
from appliance.messages.wire import CallWaits, PartRole


def part_view(treatment: Treatment) -> PartView | None:
    """Return the part that plays and what comes after it, None in a treatment of one part."""
    plan, at_us = treatment.plan, treatment.elapsed_us
    sections = plan.sections
    if len(sections) == 1:
        return None
    begun = [number for number, each in enumerate(sections) if each.begins_us <= at_us]
    here = max(begun, default=0)
    section = sections[here]
    behind = sections[here + 1] if here + 1 < len(sections) else None
    return PartView(
        number=here + 1,
        of=len(sections),
        role=_role(treatment, section),
        contracts=section.cycle[0].kind is not OnTimeKind.UNBROKEN,
        left_us=max(section.ends_us - at_us, 0),
        then=None if behind is None else _role(treatment, behind),
        then_from_zero=behind is not None and _begins_at_zero(treatment, section, behind),
    )


def on_call_view(treatment: Treatment, now_us: int, *, plays: bool) -> OnCallView | None:
    """Return what a call would do now, None where contractions are not on call."""
    plan, cursor = treatment.plan, treatment.cursor
    if not on_call.is_on_call(plan):
        return None
    called = plays and on_call.is_called(plan, cursor)
    waits = calls.waits_for(treatment, now_us) if plays and not called else calls.Wait()
    return OnCallView(
        by_cycle=on_call.comes_by_cycle(plan, cursor),
        called=called,
        holds_us=_holds_us(treatment) if called else 0,
        waits_for=waits.reason if plays else CallWaits.TREATMENT,
        rest_us=waits.rest_us,
        given=on_call.begun(plan, cursor.start_us),
        of=plan.sections[0].most,
    )


def _holds_us(treatment: Treatment) -> int:
    """Return for how long the contraction that is called holds yet, 0 once it ramps down."""
    plan, number = treatment.plan, treatment.cursor.on_time
    falls_us = plan.on_start_us(number) + plan.on_time(number).falls_us
    return max(falls_us - treatment.elapsed_us, 0)


def _begins_at_zero(treatment: Treatment, before: Section, after: Section) -> bool:
    """Return whether the level of a part is not that of the part before it."""
    groups = treatment.plan.groups
    return groups[after.cycle[0].part] != groups[before.cycle[0].part]


def _role(treatment: Treatment, section: Section) -> PartRole:
    """Return what a part is to the programme: its own train, or before or after that."""
    parts = treatment.prescription.parts
    lengths = part_durations(parts, 0)
    own = next((number for number in lengths if parts[number].duration_us is None), None)
    number = section.cycle[0].part
    if own is None or number == own:
        return PartRole.MAIN
    return PartRole.BEFORE if number < own else PartRole.AFTER
