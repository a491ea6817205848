"""Parts of the instructions made from data: questions, programmes, care, trips, sounds."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.finding import Consequence
from appliance.clinical.programme import CallUse, PartFields, Programme
from appliance.clinical.screening.questions import Question, load_questions
from appliance.clinical.unit.care import care_text, load_intervals
from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.instructions.outputs import LOADS_OHM, DeclaredOutput, declared_output
from appliance.instructions.topics import Generated
from appliance.messages.wire import SoundName
from appliance.safety.contraction_cue_rules import LEAD_US
from appliance.safety.interlocks.rule import CautionCode
from appliance.safety.sound_patterns import PATTERNS, Group, Pattern
from appliance.safety.trips.codes import (
    LatchRule,
    TripCode,
    TripKind,
    TripSeverity,
    instruction,
    title,
)
from appliance.safety.trips.table import TRIP_KINDS
from appliance.texts.common_phrases import hours, listed, seconds
from appliance.texts.text import (
    Quantity,
    Text,
    TextValue,
    Unit,
    microamps,
    microseconds,
    millimetres,
    millivolts,
    ohms,
    percent,
    text,
)
from drivers.quantities import US_PER_MS, US_PER_S


class Block(NamedTuple):
    """A heading, or None, and the lines under it."""

    heading: Text | None
    lines: tuple[Text, ...]


def generated(what: Generated, compliance_mv: int) -> tuple[Block, ...]:
    """Return what follows the sentences of a topic."""
    match what:
        case Generated.CONTRAINDICATIONS:
            return tuple(_contraindications())
        case Generated.PROGRAMMES:
            return tuple(_programme(each, compliance_mv) for each in load_catalogue().values())
        case Generated.CARE:
            return (Block(None, tuple(_care())),)
        case Generated.TRIPS:
            trips = tuple(_trip(code, kind) for code, kind in TRIP_KINDS.items())
            cautions = tuple(map(_caution, CautionCode))
            return (Block(None, trips), Block(text("help.faults.cautions"), cautions))
        case Generated.SOUNDS:
            return (Block(None, tuple(_sound(name, PATTERNS[name]) for name in PATTERNS)),)


# --- contraindications -----------------------------------------------------------------------

_EVERY = frozenset((region, purpose) for region in Region for purpose in Purpose)
_Where = frozenset[tuple[Region, Purpose]]


def _contraindications() -> Iterator[Block]:
    questions = tuple(load_questions().values())
    never = [each for each in questions if _stops(each) == _EVERY]
    some = [each for each in questions if each not in never and (_stops(each) or _kinds(each))]
    confirm = [each for each in questions if _where(each, Consequence.CONFIRM)]
    yield Block(text("help.contraindications.never"), tuple(map(_asked, never)))
    yield Block(
        text("help.contraindications.some"),
        tuple(_asked_for(each, _stops(each), _kinds(each)) for each in some),
    )
    yield Block(
        text("help.contraindications.confirm"),
        tuple(_asked_for(each, _where(each, Consequence.CONFIRM)) for each in confirm),
    )


def _where(question: Question, consequence: Consequence) -> _Where:
    """Return the regions and purposes in which a flagged answer has a consequence."""
    return frozenset(
        (region, purpose)
        for region, purpose in _EVERY
        if question.consequence(region, purpose) is consequence
    )


def _stops(question: Question) -> _Where:
    return _where(question, Consequence.STOP)


def _kinds(question: Question) -> tuple[ProgrammeKind, ...]:
    """Return the kinds of programme that a flagged answer stops wherever others may go on."""
    rules = (rule for rule in question.rules if rule.consequence is Consequence.STOP)
    return tuple(dict.fromkeys(kind for rule in rules for kind in rule.kinds))


def _asked(question: Question) -> Text:
    return text("help.contraindication", **_words(question))


def _asked_for(question: Question, where: _Where, kinds: tuple[ProgrammeKind, ...] = ()) -> Text:
    if where == _EVERY:
        return _asked(question)
    what: list[TextValue] = list(_places(where))
    what += [Text(f"choice.programme_kind.{kind}") for kind in kinds]
    return text("help.contraindication.for", **_words(question), what=listed(what))


def _words(question: Question) -> dict[str, TextValue]:
    return {
        "question": Text(f"screening.{question.id}.question"),
        "more": Text(f"screening.{question.id}.help"),
        "answer": Text(f"choice.answer.{question.flagged}"),
    }


def _places(where: _Where) -> Iterator[Text]:
    """Yield regions that are whole in it, then purposes that are, then the rest."""
    regions = [r for r in Region if all((r, purpose) in where for purpose in Purpose)]
    purposes = [p for p in Purpose if all((region, p) in where for region in Region)]
    yield from (Text(f"choice.region.{region}") for region in regions)
    yield from (Text(f"help.purpose.{purpose}") for purpose in purposes)
    for region in Region:
        for purpose in Purpose:
            if (region, purpose) in where and region not in regions and purpose not in purposes:
                yield text(
                    "help.contraindication.what",
                    region=Text(f"choice.region.{region}"),
                    purpose=Text(f"help.purpose.{purpose}"),
                )


# --- programmes ------------------------------------------------------------------------------


def _programme(programme: Programme, compliance_mv: int) -> Block:
    lines = [Text(programme.summary), *_wave(programme), _course(programme)]
    for region in programme.regions:
        usual, reasoned = (
            declared_output(programme, region, compliance_mv, reason_given=given)
            for given in (False, True)
        )
        lines.append(_most("help.output.most", usual, pads=_sizes(usual)))
        if reasoned.into_ua != usual.into_ua:
            lines.append(_most("help.output.most_with_reason", reasoned))
    return Block(Text(programme.title), tuple(lines))


def _wave(programme: Programme) -> Iterator[Text]:
    rate: TextValue = programme.rate_hz
    if programme.carrier is not None:
        carrier = programme.carrier
        phase, gap = microseconds(carrier.phase_us), microseconds(carrier.gap_us)
        yield text("help.output.carrier", cycles=carrier.cycles, phase=phase, gap=gap)
        yield text("help.output.carrier_bursts", rate=rate)
    if programme.pulse is not None:
        pulse = programme.pulse
        phase, gap = microseconds(pulse.phase_us), microseconds(pulse.interphase_us)
        yield text("help.output.pulse", phase=phase, gap=gap)
        burst = programme.burst
        if burst is None:
            yield text("help.output.rate", rate=rate)
        else:
            within: TextValue = burst.rate_hz
            yield text("help.output.bursts", rate=rate, pulses=burst.pulses, within=within)
    yield from _sweep(programme)
    times = programme.on_off
    if times is not None:
        yield text(
            "help.output.on_off",
            on=microseconds(times.whole_ms * US_PER_MS),
            up=microseconds(times.ramp_up_ms * US_PER_MS),
            down=microseconds(times.ramp_down_ms * US_PER_MS),
            off=microseconds(times.off_ms * US_PER_MS),
        )
    yield from _parts(programme)


def _parts(programme: Programme) -> Iterator[Text]:
    """Yield the parts beside the programme's own train, and whether contractions are called."""
    yield from (_timed("help.output.before", part) for part in programme.before)
    rest = programme.active_rest
    if rest is not None and rest.on_off is not None:
        yield text(
            "help.output.active_rest",
            silence=microseconds(rest.after_ms * US_PER_MS),
            on=microseconds(rest.on_off.whole_ms * US_PER_MS),
            rate=rest.rate_hz,
            share=percent(rest.share_percent),
        )
    yield from (_timed("help.output.after", part) for part in programme.after)
    if programme.on_call is not CallUse.NO:
        yield Text("help.output.on_call")


def _timed(key: str, part: PartFields) -> Text:
    time, share = hours(part.duration_s * US_PER_S), percent(part.share_percent)
    return text(key, time=time, rate=part.rate_hz, share=share)


def _sweep(programme: Programme) -> Iterator[Text]:
    sweep = programme.sweep
    if sweep is None:
        return
    cycle = microseconds(sweep.cycle_s * US_PER_S)
    if sweep.rate_hz is not None:
        first, second = sweep.rate_hz
        yield text("help.output.swept_rate", first=first, second=second, cycle=cycle)
    if sweep.phase_us is not None:
        low, high = map(microseconds, sweep.phase_us)
        yield text("help.output.swept_phase", first=low, second=high, cycle=cycle)


def _course(programme: Programme) -> Text:
    course, time = programme.course, hours(programme.duration_us)
    if programme.kind.finds:
        return text("help.output.no_session", time=time)
    numbers = {"per_week": course.per_week, "sessions": course.sessions}
    return text("help.output.course", time=time, **numbers)


def _most(key: str, output: DeclaredOutput, **more: TextValue) -> Text:
    (low_ohm, high_ohm), (low_ua, high_ua) = LOADS_OHM, output.into_ua
    return text(
        key,
        region=Text(f"choice.region.{output.region}"),
        low=microamps(low_ua),
        low_load=ohms(low_ohm),
        low_voltage=millivolts(low_ua * low_ohm // 1_000),
        high=microamps(high_ua),
        high_load=ohms(high_ohm),
        high_voltage=millivolts(high_ua * high_ohm // 1_000),
        charge=Quantity(output.charge_pc, Unit.PICOCOULOMB),
        rms=microamps(output.rms_ua),
        **more,
    )


def _sizes(output: DeclaredOutput) -> TextValue:
    sizes: Sequence[Text] = [
        text("help.output.pad", width=millimetres(width), height=millimetres(height))
        for width, height in output.sizes_mm
    ]
    return listed(sizes)


# --- care and trips --------------------------------------------------------------------------


def _care() -> Iterator[Text]:
    for item, interval in load_intervals().items.items():
        by = Text(f"help.care.{interval.by}")
        yield text("help.care.item", item=care_text(item), days=interval.every_days, by=by)


def _caution(code: CautionCode) -> Text:
    meaning = Text(f"help.faults.{code.value}")
    return text("help.faults.caution", code=code.value, meaning=meaning)


def _trip(code: TripCode, kind: TripKind) -> Text:
    cut = kind.severity is TripSeverity.CUT
    tested = kind.latch is LatchRule.SELF_TEST
    return text(
        "help.faults.trip_self_test" if tested else "help.faults.trip",
        code=code.value,
        title=title(code),
        instruction=instruction(code),
        how=Text("help.faults.cut" if cut else "help.faults.ramp"),
    )


# --- sounds ----------------------------------------------------------------------------------


def _sound(name: SoundName, pattern: Pattern) -> Text:
    """Return what a sound is, its pattern, what it means and whether it can be silenced."""
    quiet = "help.sounds.silenced" if pattern.may_be_silenced else "help.sounds.never_silenced"
    words: dict[str, TextValue] = {
        "sound": Text(f"choice.sound_name.{name}"),
        "beeps": listed(tuple(map(_group, pattern.groups))),
        "meaning": _meaning(name),
        "silence": Text(quiet),
    }
    if pattern.every_us is None:
        return text("help.sounds.once", **words)
    return text("help.sounds.again", every=seconds(pattern.every_us), **words)


def _meaning(name: SoundName) -> Text:
    if name is SoundName.CUE:
        return text("help.sounds.cue", cue=seconds(LEAD_US))
    return Text("help.faults.W01" if name is SoundName.SKIN else f"help.sounds.{name}")


def _group(group: Group) -> Text:
    return text("help.sounds.long" if group.is_long else "help.sounds.short", count=group.beeps)
