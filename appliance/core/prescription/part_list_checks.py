"""Check how the parts of a draft fit together: how many, how long, what may follow what."""

from collections.abc import Iterator, Sequence

from appliance.core.limits import limits
from appliance.core.prescription import contracting_current
from appliance.core.prescription.densest import densest_of
from appliance.core.prescription.draft import PrescriptionDraft
from appliance.core.prescription.waveform import ChannelUse, Part, PartKind
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import at_least, at_most, rate, seconds, whole_seconds
from appliance.texts.text import TextValue, microseconds, percent, text


def of_part_count(draft: PrescriptionDraft) -> Iterator[Refusal]:
    """Refuse a list of parts that is empty or too long."""
    count, most = len(draft.parts), limits.PARTS_MAX
    if not 1 <= count <= most:
        nearest = text("parts.count", count=min(max(count, 1), most))
        allowed = text("parts.allowed", most=most)
        yield Refusal("refusal.parts", text("parts.count", count=count), allowed, nearest)


def of_part_list(draft: PrescriptionDraft) -> Iterator[tuple[int, Refusal]]:
    """Yield (part, refusal) for every part that does not fit in its place."""
    for number, part in enumerate(draft.parts):
        for refusal in _of_share(part):
            yield number, refusal
        if part.kind is PartKind.ACTIVE_REST:
            for refusal in _of_active_rest(draft, number):
                yield number, refusal
        elif part.kind is PartKind.ON_CALL:
            for refusal in _of_call(draft, part):
                yield number, refusal
    yield from _of_durations(draft)


def _of_share(part: Part) -> Iterator[Refusal]:
    least, most = limits.SHARE_MIN_PERCENT, limits.SHARE_MAX_PERCENT
    nearest = min(max(part.share_percent, least), most)
    if part.share_percent != nearest:
        allowed = text("share.allowed", least=percent(least), most=percent(most))
        yield Refusal("refusal.share", percent(part.share_percent), allowed, percent(nearest))


def _of_durations(draft: PrescriptionDraft) -> Iterator[tuple[int, Refusal]]:
    """Refuse all but one part that takes what the others leave, and parts without an on-time."""
    own = [n for n, part in enumerate(draft.parts) if part.kind is not PartKind.ACTIVE_REST]
    for number, part in enumerate(draft.parts):
        if part.kind is PartKind.ACTIVE_REST and part.duration_us is not None:
            yield number, _refuse_time(part.duration_us, text("part_time.as_its_rests"))
    open_parts = [n for n in own if draft.parts[n].duration_us is None]
    for number in open_parts[1:]:
        least_us = shortest_part_us(draft.parts[number], is_last=number == own[-1])
        allowed, nearest = text("part_time.one_takes_the_rest"), seconds(whole_seconds(least_us))
        yield number, Refusal("refusal.part_time", text("part_time.rest"), allowed, nearest)
    if own and not open_parts:
        last = draft.parts[own[-1]]
        yield own[-1], _refuse_time(last.duration_us or 0, text("part_time.one_takes_the_rest"))
    if own[1:] == []:
        return  # one part is as long as the session
    lengths = part_durations(draft.parts, draft.duration_us)
    for number in own:
        part = draft.parts[number]
        least_us = shortest_part_us(part, is_last=number == own[-1])
        lacks_us = least_us - lengths[number]
        if lacks_us <= 0:
            continue
        if part.duration_us is None:  # what it lacks, the session lacks
            asked = seconds(draft.duration_us)
            least = seconds(whole_seconds(draft.duration_us + lacks_us))
            yield number, Refusal("refusal.session", asked, at_least(least), least)
        else:
            asked, least = seconds(part.duration_us), seconds(whole_seconds(least_us))
            yield number, Refusal("refusal.part_time", asked, at_least(least), least)


def _refuse_time(duration_us: int, allowed: TextValue) -> Refusal:
    nearest = text("part_time.rest")
    return Refusal("refusal.part_time", seconds(duration_us), allowed, nearest)


def part_durations(parts: Sequence[Part], session_us: int) -> dict[int, int]:
    """Return how long each part is, by its number; an active rest has no time of its own."""
    own = {n: part for n, part in enumerate(parts) if part.kind is not PartKind.ACTIVE_REST}
    left_us = session_us - sum(part.duration_us or 0 for part in own.values())
    return {n: left_us if part.duration_us is None else part.duration_us for n, part in own.items()}


def shortest_part_us(part: Part, *, is_last: bool) -> int:
    """Return the least time of a part among others: one on-time, and its rest before another."""
    if part.on_off is None:
        return limits.PART_MIN_US
    return part.on_off.on_us + (0 if is_last else part.on_off.off_us)


def _of_active_rest(draft: PrescriptionDraft, number: int) -> Iterator[Refusal]:
    """Refuse an active rest that does not lie in the rests of a part, after a second of silence."""
    part, times = draft.parts[number], draft.parts[number].on_off
    before = draft.parts[number - 1] if number else part
    host = before.on_off if before.kind is PartKind.TIMED else None
    if host is None or times is None or draft.use is ChannelUse.ALTERNATING:
        wanted, allowed = text("active_rest.asked"), text("active_rest.allowed")
        yield Refusal("refusal.active_rest", wanted, allowed, text("active_rest.left_out"))
        return
    if not contracting_current.twitches(part):
        nearest, wanted = rate(limits.TWITCH_PERIOD_US), rate(densest_of(part).pulse_period_us)
        yield Refusal("refusal.active_rest", wanted, at_most(nearest), nearest)
    if times.off_us < limits.PART_GAP_US:
        least = microseconds(limits.PART_GAP_US)
        allowed = text("active_rest.silence", least=least)
        yield Refusal("refusal.active_rest", microseconds(times.off_us), allowed, least)
    if part.share_percent > before.share_percent:
        most = percent(before.share_percent)
        yield Refusal("refusal.share", percent(part.share_percent), at_most(most), most)
    needed_us = max(times.off_us, limits.PART_GAP_US) + times.on_us
    if host.silent_us < needed_us:
        least = microseconds(needed_us)
        allowed = text("active_rest.fits", least=least)
        yield Refusal("refusal.off_time", microseconds(host.silent_us), allowed, least)


def _of_call(draft: PrescriptionDraft, part: Part) -> Iterator[Refusal]:
    """Refuse contractions on call that would not end in time, or rests that are too short."""
    times = part.on_off
    if times is None or draft.use is ChannelUse.ALTERNATING or len(draft.parts) > 1:
        wanted, allowed = text("on_call.asked"), text("on_call.allowed")
        yield Refusal("refusal.on_call", wanted, allowed, text("on_call.left_out"))
        return
    begins_to_end_us = times.pulsing_us - times.ramp_down_us
    if begins_to_end_us > limits.ON_CALL_MAX_US:
        most = microseconds(limits.ON_CALL_MAX_US)
        allowed = text("on_call.at_most", most=most)
        yield Refusal("refusal.on_call", microseconds(begins_to_end_us), allowed, most)
    least_us = max(limits.ON_CALL_REST_MIN_US, times.pulsing_us)
    if times.silent_us < least_us:
        least = microseconds(least_us)
        yield Refusal("refusal.off_time", microseconds(times.silent_us), at_least(least), least)
