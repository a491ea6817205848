"""The pads of one patient: labelled sets, how often each was used, what a look at them found."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import msgspec

from appliance.clinical.fact import Fact, FactTime, same_day, within
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.placement.facts import (
    PadSetChecked,
    PadSetDiscarded,
    PadSetLabelled,
    PadSetUsed,
    PadsPlaced,
    PadState,
)
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.core.readable_text import says_something
from appliance.core.refusal import Refusal
from appliance.errors import ConfigError
from appliance.texts.common_phrases import at_most, between, listed
from appliance.texts.text import Text, TextValue, millimetres, text

MOST_USES = 30
"""Guides and makers give 10 to 30 uses and 30 days [biologyinsights.com electrode change, S]."""
MOST_DAYS = 30
SIDE_MM = (10, 200)
"""Shortest and longest side of a pad; another number is a slip of the unit (D)."""
_LABEL = re.compile(r"[A-Z][0-9]{0,3}")
MATERIAL_MOST = 64  # characters, as in patch tests
PADS = (2, 8)
"""Fewest and most pads of a set: one pair, or one for each of four channels."""


class PadLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a set of pads is warned of and refused; 10 uses, 20 uses, 30 days (D)."""

    warn_uses: int = 10
    block_uses: int = 20
    block_days: int = 30

    def __post_init__(self) -> None:
        """Raise `ConfigError` for limits that no source allows."""
        if not 1 <= self.warn_uses <= self.block_uses <= MOST_USES:
            raise ConfigError(f"pads: 1 <= warn_uses <= block_uses <= {MOST_USES}")
        if not 1 <= self.block_days <= MOST_DAYS:
            raise ConfigError(f"pads: block_days 1 to {MOST_DAYS}")


@dataclass(frozen=True, slots=True)
class PadSet:
    """One labelled set; `checked` is the look since its last use, and when."""

    label: PadSetLabelled
    opened: FactTime
    uses: int = 0
    last_session: str | None = None
    checked: tuple[PadSetChecked, FactTime] | None = None
    out_of_use: bool = False


@dataclass(frozen=True, slots=True)
class PadSets:
    """Every set that was labelled for one patient, by its label."""

    sets: Mapping[str, PadSet] = field(default_factory=lambda: MappingProxyType({}))

    def after(self, fact: Fact, at: FactTime) -> "PadSets":
        """Return the sets after a fact; a fact about a set that nobody labelled changes nothing."""
        if isinstance(fact, PadSetLabelled):
            return self._with(fact.pad_set, PadSet(fact, at))
        if not isinstance(fact, PadSetChecked | PadSetUsed | PadSetDiscarded):
            return self
        known = self.sets.get(fact.pad_set)
        return self if known is None else self._with(fact.pad_set, _after(known, fact, at))

    def _with(self, name: str, pads: PadSet) -> "PadSets":
        return PadSets(MappingProxyType({**self.sets, name: pads}))


def _after(
    pads: PadSet, fact: PadSetChecked | PadSetUsed | PadSetDiscarded, at: FactTime
) -> PadSet:
    match fact:
        case PadSetChecked():
            damaged = pads.out_of_use or bool(damages(fact))
            return replace(pads, checked=(fact, at), out_of_use=damaged)
        case PadSetUsed(session=session):
            if session == pads.last_session:
                return pads
            return replace(pads, uses=pads.uses + 1, last_session=session, checked=None)
        case PadSetDiscarded():
            return replace(pads, out_of_use=True)


def damages(fact: PadSetChecked) -> tuple[str, ...]:
    """Return the names of what a look at a set found damaged."""
    looked_at = {"edges": fact.edges, "gel": fact.gel, "whole": fact.whole, "date": fact.date}
    return tuple(name for name, state in looked_at.items() if state is PadState.DAMAGED)


def refuse_label(sets: PadSets, fact: PadSetLabelled) -> Refusal | None:
    """Refuse a label that this patient's pads have had, or a set of impossible size or number."""
    if fact.pad_set in sets.sets or not _LABEL.fullmatch(fact.pad_set):
        asked, allowed = text("pad_set.label_taken"), text("pad_set.new_label")
        return Refusal("refusal.pad_set", asked, allowed, next_label(sets.sets))
    if not says_something(fact.material) or len(fact.material) > MATERIAL_MOST:
        asked, allowed = text("pad_set.no_material"), text("pad_set.material", most=MATERIAL_MOST)
        return Refusal("refusal.pad_set", asked, allowed, text("pad_set.read_material"))
    if not all(SIDE_MM[0] <= side <= SIDE_MM[1] for side in (fact.width_mm, fact.height_mm)):
        asked, allowed = _size(fact.width_mm, fact.height_mm), between(*map(millimetres, SIDE_MM))
        return Refusal("refusal.pad_set", asked, allowed, _size(50, 50))
    if not PADS[0] <= fact.pads <= PADS[1]:
        asked, allowed = text("pad_set.number", count=fact.pads), between(*PADS)
        return Refusal("refusal.pad_set", asked, allowed, PADS[1] // 2)
    return None


def refuse_unknown_set(
    sets: PadSets, fact: PadSetChecked | PadSetUsed | PadSetDiscarded | PadsPlaced
) -> Refusal | None:
    """Refuse a fact about pads that nobody labelled for this patient; the label is not repeated."""
    if fact.pad_set in sets.sets:
        return None
    asked, nearest = text("pad_set.unknown"), text("pad_set.label_new")
    return Refusal("refusal.pad_set", asked, listed(list(sets.sets)), nearest)


def next_label(taken: Collection[str]) -> str:
    """Return the next free label: A, B, ... Z, then A1 and so on."""
    round_of_letters = 0
    while True:
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            label = f"{letter}{round_of_letters or ''}"
            if label not in taken:
                return label
        round_of_letters += 1


def judge_pads(
    sets: PadSets,
    name: str,
    planned: PlannedPlacement,
    limits: PadLimits,
    now: FactTime,
    *,
    lying: bool = False,
) -> tuple[Finding, ...]:
    """Return what stands against a set for a placement; `now` as of `judged_at`.

    A set has to be labelled for this patient, of the planned size, enough for each pad, in use,
    not used or kept too long, and looked at today since its last use. `lying` says that it lies on
    for a session that continues its last one: then the look before that one stands.
    """
    pads = sets.sets.get(name)
    if pads is None:
        found = text("pad_set.unknown")
        return (_stop(name, found, listed(usable_sets(sets)), text("pad_set.label_new")),)
    return (
        *_judge_fit(name, pads.label, planned),
        *_judge_wear(name, pads, limits, now),
        *(() if lying else _judge_look(name, pads, now)),
    )


def _judge_fit(name: str, label: PadSetLabelled, planned: PlannedPlacement) -> tuple[Finding, ...]:
    found = []
    wanted = sorted({(pad.width_mm, pad.height_mm) for pad in planned.pads})
    if wanted != [(label.width_mm, label.height_mm)]:
        sizes = listed([_size(*size) for size in wanted])
        has = _size(label.width_mm, label.height_mm)
        found.append(_stop(name, has, sizes, text("pad_set.label_of_size", size=sizes)))
    if label.pads < len(planned.pads):
        least = text("pad_set.number", count=len(planned.pads))
        found.append(_stop(name, text("pad_set.number", count=label.pads), least, least))
    return tuple(found)


def _judge_wear(name: str, pads: PadSet, limits: PadLimits, now: FactTime) -> tuple[Finding, ...]:
    new = text("pad_set.label_new")
    if pads.out_of_use:
        return (_stop(name, text("pad_set.out_of_use"), text("pad_set.in_use"), new),)
    if pads.uses >= limits.block_uses:
        allowed = at_most(text("pad_set.uses", count=limits.block_uses))
        return (_stop(name, text("pad_set.uses", count=pads.uses), allowed, new),)
    if not within(pads.opened, now, limits.block_days):
        allowed = at_most(text("pad_set.days", count=limits.block_days))
        return (_stop(name, text("pad_set.too_old"), allowed, new, pads.opened),)
    if pads.uses >= limits.warn_uses:
        allowed = at_most(text("pad_set.uses", count=limits.block_uses))
        used = text("pad_set.uses", count=pads.uses)
        return (_finding(Consequence.NOTE, name, used, allowed, text("pad_set.look_closely")),)
    return ()


def _judge_look(name: str, pads: PadSet, now: FactTime) -> tuple[Finding, ...]:
    if pads.out_of_use or (pads.checked is not None and same_day(pads.checked[1], now)):
        return ()
    allowed, nearest = text("pad_set.looked_at"), text("pad_set.look")
    return (_finding(Consequence.ASK, name, text("pad_set.not_looked_at"), allowed, nearest),)


def usable_sets(sets: PadSets) -> list[TextValue]:
    """Return the labels of the sets in use, the oldest first."""
    return [name for name, pads in sets.sets.items() if not pads.out_of_use]


def _stop(
    name: str, found: Text, allowed: TextValue, nearest: TextValue, since: FactTime | None = None
) -> Finding:
    return _finding(Consequence.STOP, name, found, allowed, nearest, since)


def _finding(
    consequence: Consequence,
    name: str,
    found: TextValue,
    allowed: TextValue,
    nearest: TextValue,
    since: FactTime | None = None,
) -> Finding:
    return Finding(
        consequence=consequence,
        rule="refusal.pad_set",
        item=name,
        found=found,
        allowed=allowed,
        nearest=nearest,
        since=since,
    )


def _size(width_mm: int, height_mm: int) -> Text:
    return text("pad_set.size", width=millimetres(width_mm), height=millimetres(height_mm))
