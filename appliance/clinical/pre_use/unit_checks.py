"""The daily look at the unit; a damaged part is out of use until service releases it. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType

from appliance.clinical.fact import FactTime, same_day
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.pre_use.facts import (
    PartReleased,
    PartState,
    UnitChecked,
    UnitFact,
    UnitPart,
)
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


def part_text(part: UnitPart) -> Text:
    """Return what to look at on a part."""
    return Text(f"unit_part.{part}")


@dataclass(frozen=True, slots=True)
class PartRecord:
    """The last answer about a part, and since when it is out of use; None if it is in use."""

    state: PartState | None = None
    at: FactTime | None = None
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
                known = {part: fact.answers[part] for part in UnitPart if part in fact.answers}
                for part, state in known.items():
                    parts[part] = _looked_at(parts.get(part, PartRecord()), state, at)
            case PartReleased():
                parts[fact.part] = PartRecord()
            case _:
                return self
        return UnitChecks(MappingProxyType(parts))


def _looked_at(record: PartRecord, state: PartState, at: FactTime) -> PartRecord:
    """Return a part after a look; a good look does not bring a damaged part back into use."""
    damaged_since = record.damaged_since
    if state is PartState.DAMAGED and damaged_since is None:
        damaged_since = at
    return PartRecord(state, at, damaged_since)


def refuse_unit_check(fact: UnitChecked, channels: Collection[int]) -> Refusal | None:
    """Refuse a look at the unit with an unknown part, a gap, or an answer that does not fit."""
    wanted = parts_of(channels)
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
        if fact.answers[part] is PartState.OUT_OF_REACH and part not in _WITHIN_REACH
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


def judge_unit(checks: UnitChecks, channels: Iterable[int], now: FactTime) -> tuple[Finding, ...]:
    """Return what stands against treating with the channels, 1 to 4; `now` as of `judged_at`."""
    found = [
        _judge_part(part, checks.parts.get(part, PartRecord()), now) for part in parts_of(channels)
    ]
    return tuple(finding for finding in found if finding is not None)


def _judge_part(part: UnitPart, record: PartRecord, now: FactTime) -> Finding | None:
    if record.damaged_since is not None:
        return _finding(
            Consequence.STOP,
            part,
            text("unit_check.damaged", part=part_text(part)),
            text("unit_check.released"),
            record.damaged_since,
        )
    if record.at is None or not same_day(record.at, now):
        return _finding(
            Consequence.ASK,
            part,
            text("unit_check.not_looked_at", part=part_text(part)),
            text("unit_check.look"),
            record.at,
        )
    if record.state is PartState.OUT_OF_REACH:
        return _finding(
            Consequence.STOP,
            part,
            text("unit_check.out_of_reach", part=part_text(part)),
            text("unit_check.put_within_reach"),
            record.at,
        )
    return None


def _finding(
    consequence: Consequence, part: UnitPart, found: Text, nearest: Text, since: FactTime | None
) -> Finding:
    return Finding(
        consequence=consequence,
        rule=RULE,
        item=part,
        found=found,
        allowed=text("unit_check.good_today"),
        nearest=nearest,
        since=since,
    )


def _names(parts: Iterable[UnitPart]) -> TextValue:
    return listed([part.value for part in parts])
