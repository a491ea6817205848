"""The parts of the unit: looked at each day, and out of use once damaged until released. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from types import MappingProxyType

from appliance.clinical.fact import FactTime, same_day
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.unit.facts import (
    LeadsInspected,
    PartReleased,
    PartState,
    UnitChecked,
    UnitFact,
    UnitPart,
)
from appliance.clinical.unit.noted import Noted, noted
from appliance.core.readable_text import refuse_reason
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, TextValue, text

RULE = "refusal.unit_check"
OF_THE_UNIT = (
    UnitPart.CASE,
    UnitPart.DISPLAY,
    UnitPart.PLUGS,
    UnitPart.HAND_SWITCH,
    UnitPart.EMERGENCY_STOP,
)
_LEADS: Mapping[int, UnitPart] = MappingProxyType(
    {1: UnitPart.LEAD_1, 2: UnitPart.LEAD_2, 3: UnitPart.LEAD_3, 4: UnitPart.LEAD_4}
)
_WITHIN_REACH = frozenset({UnitPart.HAND_SWITCH, UnitPart.EMERGENCY_STOP})


def parts_of(channels: Iterable[int]) -> tuple[UnitPart, ...]:
    """Return the parts that channels need, 1 to 4; their leads last."""
    return (*OF_THE_UNIT, *(_LEADS[channel] for channel in channels))


def inspected_parts(channels: Iterable[int]) -> tuple[UnitPart, ...]:
    """Return the parts of the weekly inspection: the hand switch and the leads of channels."""
    return (UnitPart.HAND_SWITCH, *(_LEADS[channel] for channel in channels))


def part_text(part: UnitPart) -> Text:
    """Return what to look at on a part."""
    return Text(f"unit_part.{part}")


@dataclass(frozen=True, slots=True)
class PartRecord:
    """The last answer about a part, and since when it is out of use; None if it is in use."""

    state: PartState | None = None
    looked: Noted | None = None
    damaged_since: FactTime | None = None


@dataclass(frozen=True, slots=True)
class UnitChecks:
    """What is known of each part of the unit."""

    parts: Mapping[UnitPart, PartRecord] = field(default_factory=lambda: MappingProxyType({}))

    def after(self, fact: UnitFact, at: FactTime) -> "UnitChecks":
        """Return the checks after a fact; one of a part that is not known changes nothing."""
        parts = dict(self.parts)
        match fact:
            case UnitChecked():
                for part, state in _known(fact.answers).items():
                    parts[part] = _looked_at(parts.get(part, PartRecord()), state, at)
            case LeadsInspected():
                for part, state in _known(fact.answers).items():
                    if state is PartState.DAMAGED:  # an inspection is not the look of the day
                        parts[part] = _found_damaged(parts.get(part, PartRecord()), at)
            case PartReleased():
                parts[fact.part] = PartRecord()
            case _:
                return self
        return UnitChecks(MappingProxyType(parts))

    def seen(self, time: FactTime) -> "UnitChecks":
        """Return the checks after a time that the clock has shown."""
        parts = {part: _seen(record, time) for part, record in self.parts.items()}
        return UnitChecks(MappingProxyType(parts))


def _seen(record: PartRecord, time: FactTime) -> PartRecord:
    return record if record.looked is None else replace(record, looked=record.looked.seen(time))


def _looked_at(record: PartRecord, state: PartState, at: FactTime) -> PartRecord:
    """Return a part after a look; a good look does not bring a damaged part back into use."""
    if state is PartState.DAMAGED:
        record = _found_damaged(record, at)
    return replace(record, state=state, looked=noted(at))


def _found_damaged(record: PartRecord, at: FactTime) -> PartRecord:
    return replace(record, damaged_since=record.damaged_since or at)


def _known(answers: Mapping[str, PartState]) -> dict[UnitPart, PartState]:
    return {part: answers[part] for part in UnitPart if part in answers}


def refuse_unit_check(
    fact: UnitChecked | LeadsInspected, channels: Collection[int]
) -> Refusal | None:
    """Refuse a look at the unit with an unknown part, a gap, or an answer that does not fit.

    `channels` are all those of the unit, 1 to 4.
    """
    inspects = isinstance(fact, LeadsInspected)
    wanted = inspected_parts(channels) if inspects else parts_of(channels)
    unknown = [name for name in fact.answers if name not in set(wanted)]
    if unknown:
        near = get_close_matches(unknown[0], wanted, n=1) or [wanted[0]]
        asked = text("unit_check.unknown", count=len(unknown))
        return Refusal(RULE, asked, _names(wanted), near[0])
    missing = [part for part in wanted if part not in fact.answers]
    if missing:
        asked = text("unit_check.without", parts=_names(missing))
        return Refusal(RULE, asked, _names(wanted), text("unit_check.answer_each"))
    misplaced = [
        part
        for part in wanted
        if fact.answers[part] is PartState.OUT_OF_REACH and (inspects or part not in _WITHIN_REACH)
    ]
    if misplaced:
        asked = text("unit_check.reach", parts=_names(misplaced))
        allowed = text("unit_check.good_or_damaged")
        return Refusal(RULE, asked, allowed, PartState.DAMAGED)
    return None


def refuse_release(fact: PartReleased, checks: UnitChecks) -> Refusal | None:
    """Refuse to release a part that is in use, or without a reason."""
    record = checks.parts.get(fact.part, PartRecord())
    if record.damaged_since is None:
        damaged = [part for part, other in checks.parts.items() if other.damaged_since is not None]
        asked = text("unit_check.in_use", part=fact.part)
        return Refusal(RULE, asked, _names(damaged), text("unit_check.nothing_to_release"))
    return refuse_reason(fact.reason)


def damage_notes(checks: UnitChecks) -> tuple[Text, ...]:
    """Return a line for each part that is out of use."""
    return tuple(
        text("unit_check.damaged", part=part_text(part))
        for part, record in checks.parts.items()
        if record.damaged_since is not None
    )


def judge_unit(checks: UnitChecks, channels: Iterable[int], now: FactTime) -> tuple[Finding, ...]:
    """Return what speaks against treating with the channels, 1 to 4; `now` as shown."""
    found = [
        _judge_part(part, checks.parts.get(part, PartRecord()), now) for part in parts_of(channels)
    ]
    return tuple(finding for finding in found if finding is not None)


def _judge_part(part: UnitPart, record: PartRecord, now: FactTime) -> Finding | None:
    if record.damaged_since is not None:
        found, nearest = text("unit_check.damaged", part=part_text(part)), "unit_check.released"
        damaged = record.damaged_since
        return _finding(Consequence.STOP, part, found, nearest, damaged, "part_released")
    looked = record.looked
    since = None if looked is None else looked.at
    if looked is None or not same_day(looked.at, looked.judged_at(now)):
        found, nearest = text("unit_check.not_looked_at", part=part_text(part)), "unit_check.look"
        return _finding(Consequence.ASK, part, found, nearest, since, "unit_checked")
    if record.state is PartState.OUT_OF_REACH:
        found = text("unit_check.out_of_reach", part=part_text(part))
        nearest = "unit_check.put_within_reach"
        return _finding(Consequence.STOP, part, found, nearest, since, "unit_checked")
    return None


def _finding(
    consequence: Consequence,
    part: UnitPart,
    found: Text,
    nearest: str,
    since: FactTime | None,
    answered_by: str,
) -> Finding:
    return Finding(
        consequence=consequence,
        rule=RULE,
        item=part,
        found=found,
        allowed=text("unit_check.good_today"),
        nearest=text(nearest),
        since=since,
        answered_by=answered_by,
    )


def _names(parts: Iterable[UnitPart]) -> TextValue:
    return listed([part.value for part in parts])
