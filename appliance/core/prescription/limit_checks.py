"""Check a draft against every limit in one pass, and return all refusals."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from appliance.core.limits import joint_limits, limits
from appliance.core.limits.level_limits import TAP_STEPS_UA
from appliance.core.limits.limits import Purpose
from appliance.core.prescription import contracting_current, contraction_counts, find_checks
from appliance.core.prescription.densest import densest_of, highest_ua, on_us_of
from appliance.core.prescription.draft import PrescriptionDraft
from appliance.core.prescription.part_checks import of_part
from appliance.core.prescription.part_list_checks import of_part_count, of_part_list
from appliance.core.prescription.waveform import Biphasic, ProgrammeKind
from appliance.core.readable_text import says_something
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import NONE, either
from appliance.texts.text import TextValue, microamps, square_millimetres, text

OF_AMPLITUDE = {
    "refusal.peak_current",
    "refusal.charge_per_phase",
    "refusal.rms_current",
    "refusal.current_density",
    "refusal.power_density",
}
"""Limits that one amplitude has to keep together."""
FUSED = "refusal.tetanic_train"
"""One more, where contractions are not meant."""
OF_PADS = {"refusal.pad_area", "refusal.carrier_pads"}


def refusals(draft: PrescriptionDraft) -> tuple[Refusal, ...]:
    """Return every limit that the draft breaks; empty means it may become a prescription."""
    counted = tuple(of_part_count(draft))
    if counted:
        return counted  # nothing can be said of no parts, and of endless ones too much
    broken = [*_of_use(draft), *_of_place(draft), *_of_session(draft)]
    broken += find_checks.of_train(draft)
    of_parts = [*of_part_list(draft)]
    for number in range(len(draft.parts)):
        of_parts += [(number, refusal) for refusal in of_part(draft, number)]
    broken += [_named(draft, number, refusal) for number, refusal in of_parts]
    return tuple(dict.fromkeys(_together(draft, broken)))


def _named(draft: PrescriptionDraft, number: int, refusal: Refusal) -> Refusal:
    """Say which part a refusal is of, where there are several."""
    if len(draft.parts) == 1:
        return refusal
    return replace(refusal, asked=text("of_part", asked=refusal.asked, number=number + 1))


def _together(draft: PrescriptionDraft, broken: list[Refusal]) -> Iterator[Refusal]:
    """Offer values that all limits of one quantity accept, not only the one that refused."""
    if not broken:
        return
    allowed_ua = max(min(highest_level_ua(draft, draft.pad_area_mm2), _peak_ua(draft)), 0)
    fused = draft.purpose is Purpose.SENSORY and any(refusal.rule == FUSED for refusal in broken)
    if fused:
        most_pc = limits.UNBROKEN_SENSORY_MAX_PC
        unbroken = [part for part in draft.parts if part.on_off is None]
        by_charge_ua = [
            part.level_ua(most_pc // max(densest_of(part).phase_us, 1))
            for part in unbroken
            if not contracting_current.twitches(part)
        ]
        allowed_ua = min(allowed_ua, *by_charge_ua)
    for refusal in broken:
        if refusal.rule in OF_AMPLITUDE and draft.ceiling_ua > allowed_ua:
            yield replace(refusal, nearest=microamps(allowed_ua))
        elif fused and refusal.rule == FUSED:
            yield replace(refusal, nearest=text("a_ceiling", ceiling=microamps(allowed_ua)))
        elif refusal.rule in OF_PADS:
            yield replace(refusal, nearest=square_millimetres(_pads_mm2(draft)))
        else:
            yield refusal


def _peak_ua(draft: PrescriptionDraft) -> int:
    return limits.ceiling_ua(
        draft.region,
        draft.purpose,
        reason_given=says_something(draft.reason),
        patient_ceiling_ua=draft.patient_ceiling_ua,
        finds=draft.kind.finds,
    )


def highest_ceiling_ua(draft: PrescriptionDraft) -> int:
    """Return the highest ceiling, at most its own, that region, patient and pads allow together."""
    by_pads_ua = highest_level_ua(draft, draft.pad_area_mm2)
    return min(draft.ceiling_ua, _peak_ua(draft), by_pads_ua)


def highest_level_ua(draft: PrescriptionDraft, area_mm2: int) -> int:
    """Return the highest level that charge, heat and density allow in every part on such pads."""
    given = says_something(draft.reason)
    return min(
        part.level_ua(
            highest_ua(
                densest_of(part),
                draft.region,
                area_mm2,
                acknowledged=given,
                on_us=on_us_of(draft, number),
            )
        )
        for number, part in enumerate(draft.parts)
    )


def _pads_mm2(draft: PrescriptionDraft) -> int:
    """Return the smallest pads that are allowed and take the ceiling; else the smallest allowed."""
    least = limits.smallest_pad_mm2(draft.region, draft.purpose, finds=draft.kind.finds)
    if any(not isinstance(part.waveform, Biphasic) for part in draft.parts):
        least = max(least, limits.CARRIER_PAD_MIN_MM2)
    if draft.pad_area_mm2 > limits.PAD_MAX_MM2:
        return limits.PAD_MAX_MM2
    sizes = range(least, limits.PAD_MAX_MM2 + 1)
    place = bisect_left(
        sizes,
        draft.ceiling_ua,
        key=lambda area_mm2: highest_level_ua(draft, area_mm2),
    )
    return sizes[place] if place < len(sizes) else least


def _of_use(draft: PrescriptionDraft) -> Iterator[Refusal]:
    good = range(1, limits.MAX_CHANNELS + 1)
    kept = tuple(dict.fromkeys(channel for channel in draft.channels if channel in good))
    if not kept or kept != draft.channels:
        wanted = ", ".join(map(str, draft.channels)) or NONE
        nearest = ", ".join(map(str, kept)) or 1
        allowed = text("channels.allowed", most=limits.MAX_CHANNELS)
        yield Refusal("refusal.channels", wanted, allowed, nearest)
    steps_ua = (limits.FIND_TAP_UA,) if draft.kind.finds else TAP_STEPS_UA
    if draft.tap_ua not in steps_ua:
        nearest_ua = min(steps_ua, key=lambda tap_ua: abs(tap_ua - draft.tap_ua))
        least, most = microamps(steps_ua[0]), microamps(steps_ua[-1])
        taps: TextValue = least if draft.kind.finds else either(least, most)
        yield Refusal("refusal.tap", microamps(draft.tap_ua), taps, microamps(nearest_ua))
    if draft.kind.contracts and draft.purpose is Purpose.SENSORY:
        wanted, allowed = text("purpose.asked", kind=draft.kind), text("purpose.allowed")
        yield Refusal("refusal.purpose", wanted, allowed, Purpose.MOTOR)
    yield from _given(limits.check_amplitude(draft.ceiling_ua, max(_peak_ua(draft), 0)))


def _of_place(draft: PrescriptionDraft) -> Iterator[Refusal]:
    region, area_mm2 = draft.region, draft.pad_area_mm2
    brief = draft.kind is ProgrammeKind.BRIEF_INTENSE
    yield from _given(
        joint_limits.check_place(region, draft.purpose, draft.layout),
        joint_limits.check_brief_intense(region, brief_intense=brief),
        limits.check_pad_area(area_mm2, region, draft.purpose, finds=draft.kind.finds),
    )


def _of_session(draft: PrescriptionDraft) -> Iterator[Refusal]:
    brief = draft.kind is ProgrammeKind.BRIEF_INTENSE
    if any(min(densest_of(part)) < 1 for part in draft.parts):  # nothing can be said of its rate
        kinds = {"brief_intense": brief, "finds": draft.kind.finds}
        yield from _given(limits.check_session(draft.duration_us, draft.purpose, **kinds))
    else:
        yield from contraction_counts.check_session(draft, brief_intense=brief)


def _given(*checked: Refusal | None) -> Iterator[Refusal]:
    return (refusal for refusal in checked if refusal is not None)
