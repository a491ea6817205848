"""Where the contraction and the part of a treatment stand, from a snapshot."""

from dataclasses import replace

from appliance.messages.snapshot import ContractionView, OnCallView, PartView, Snapshot
from appliance.messages.wire import CallWaits, PartRole
from ui.kiosk.locale.words import _
from ui.kiosk.view_models.channels import PhaseView, clock_text

S_US = 1_000_000


def contraction_of(snapshot: Snapshot) -> ContractionView | None:
    """Return the contraction that plays or comes, None in a part that has none."""
    part = snapshot.part
    return None if part is not None and not part.contracts else snapshot.contraction


def phase_view(snapshot: Snapshot | None) -> PhaseView:
    """Return the contraction and its rest, or how much of continuous pulses was given."""
    if snapshot is None:
        return PhaseView(title="–")
    contraction = contraction_of(snapshot)
    if snapshot.on_call is not None:
        return _on_call(snapshot.on_call, contraction)
    shown = _even(snapshot) if contraction is None else _contraction(contraction)
    part = snapshot.part
    return shown if part is None else replace(shown, part=_part_line(part), then=_then(part))


def part_name(role: PartRole) -> str:
    """Return what a part is called."""
    match role:
        case PartRole.BEFORE:
            return _("Warm-up")
        case PartRole.MAIN:
            return _("Work")
        case PartRole.AFTER:
            return _("Cool-down")


def _part_line(part: PartView) -> str:
    """Return which part plays, and what is left of it."""
    return f"{part_name(part.role)} {part.number}/{part.of} · {clock_text(part.left_us)}"


def _then(part: PartView) -> str:
    """Return what follows a part; a part that may be stronger begins at zero."""
    if part.then is None:
        return _("then: end")
    if part.then_from_zero:
        return _("then: {part}, from 0").format(part=part_name(part.then))
    return _("then: {part}").format(part=part_name(part.then))


def _even(snapshot: Snapshot) -> PhaseView:
    whole = snapshot.elapsed_us + snapshot.remaining_us
    done = snapshot.elapsed_us / whole if whole else 0.0
    given = _("{given} of {whole} given").format(
        given=clock_text(snapshot.elapsed_us), whole=clock_text(whole)
    )
    return PhaseView(title=_("Continuous pulses"), line=given, done=done)


def _on_call(on_call: OnCallView, contraction: ContractionView | None) -> PhaseView:
    """Return the contraction that plays, or that the next one is called."""
    given = _("Contractions: {given}").format(given=on_call.given)
    if contraction is not None:
        return replace(_contraction(contraction), line=given)
    done = on_call.given / on_call.of if on_call.of else 0.0
    return PhaseView(title=_resting(on_call), line=given, done=done, flows=False)


def _resting(on_call: OnCallView) -> str:
    match on_call.waits_for:
        case CallWaits.NOTHING:
            return _("Hold to contract")
        case CallWaits.REST:
            return _("Rest · {seconds} s left").format(seconds=_seconds(on_call.rest_us))
        case _:
            return _("No contraction now")


def _contraction(contraction: ContractionView) -> PhaseView:
    line = _("Contraction {number} of {of}").format(number=contraction.number, of=contraction.of)
    period_us, on_us = max(contraction.period_us, 1), contraction.on_us
    falls_us = on_us - contraction.ramp_down_us
    cursor = _cursor(contraction, period_us)
    return PhaseView(
        title=_part(contraction, falls_us),
        line=line,
        side_text=_("rest {seconds} s").format(seconds=_seconds(period_us - on_us)),
        ramp=(contraction.ramp_up_us / period_us, falls_us / period_us, on_us / period_us),
        cursor=cursor,
        cursor_per_s=0.0 if cursor is None else S_US / period_us,
    )


def _cursor(contraction: ContractionView, period_us: int) -> float | None:
    """Return where a contraction and its rest stand, 0 to 1; None while that is not known."""
    if contraction.playing:
        return min(contraction.into_us / period_us, 1.0)
    if contraction.next_on_in_us is None:
        return None
    return max(1 - contraction.next_on_in_us / period_us, contraction.on_us / period_us)


def _part(contraction: ContractionView, falls_us: int) -> str:
    into_us = contraction.into_us
    if not contraction.playing:
        if contraction.next_on_in_us is None:
            return _("Next in – s")
        return _("Next in {seconds} s").format(seconds=_seconds(contraction.next_on_in_us))
    if into_us < contraction.ramp_up_us:
        return _("Contraction rises")
    if into_us >= falls_us:
        return _("Contraction falls")
    return _("Holding · {seconds} s left").format(seconds=_seconds(falls_us - into_us))


def _seconds(us: int) -> int:
    """Return whole seconds, rounded up."""
    return -(-us // S_US)
