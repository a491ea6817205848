"""Where one patient's pads lay and were felt: a fold over the facts of placement. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from appliance.clinical.fact import Fact, FactTime, same_day, within
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.placement.facts import FeltAt, FirstFeelingMarked, PadsPlaced, PadsRemoved
from appliance.clinical.placement.first_feeling import (
    RIGHT_FOR_DAYS,
    FeelingStep,
    judge_feeling,
)
from appliance.clinical.placement.placement import PlacementKey, PlannedPlacement
from appliance.core.refusal import Refusal
from appliance.texts.text import Text, text


@dataclass(frozen=True, slots=True)
class PlacementHistory:
    """The present placement of a patient, and since when each earlier one was felt right.

    `felt` holds what followed the marks since the pads were placed, by channel; `right` when each
    placement was last felt right, by placement and channel.
    """

    placed: PadsPlaced | None = None
    placed_at: FactTime | None = None
    felt: Mapping[int, FeelingStep] = field(default_factory=lambda: MappingProxyType({}))
    right: Mapping[tuple[PlacementKey, int], FactTime] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def after(self, fact: Fact, at: FactTime) -> "PlacementHistory":
        """Return the history after a fact; facts of other rooms change nothing."""
        match fact:
            case PadsPlaced():
                return replace(self, placed=fact, placed_at=at, felt=MappingProxyType({}))
            case PadsRemoved():
                return replace(self, placed=None, placed_at=None, felt=self._wrong())
            case FirstFeelingMarked():
                return self._after_mark(fact, at)
            case _:
                return self

    def _wrong(self) -> Mapping[int, FeelingStep]:
        """Return what was felt wrong: it forbids current until pads are placed again."""
        return MappingProxyType({n: step for n, step in self.felt.items() if step.to_zero})

    def _after_mark(self, fact: FirstFeelingMarked, at: FactTime) -> "PlacementHistory":
        step = judge_feeling(fact.key.region, fact.felt, fact.level_ua).step
        of_present = self.placed is not None and self.placed.key == fact.key
        felt = {**self.felt, fact.channel: step} if of_present else self.felt
        right = dict(self.right)
        if step is FeelingStep.RIGHT:
            right[fact.key, fact.channel] = at
        elif step.to_zero:
            # Pads and leads are placed again, those of the other channel too: all is felt again.
            right = {known: since for known, since in right.items() if known[0] != fact.key}
        return replace(self, felt=MappingProxyType(dict(felt)), right=MappingProxyType(right))


def refuse_placed(fact: PadsPlaced, planned: PlannedPlacement) -> Refusal | None:
    """Refuse to record pads elsewhere than planned."""
    if fact.key == planned.key and fact.pads == planned.pads:
        return None
    asked, allowed = text("placed.other"), text("placed.as_planned")
    return Refusal("refusal.placement", asked, allowed, text("placed.place"))


def judge_placed(
    history: PlacementHistory, planned: PlannedPlacement, pad_set: str, now: FactTime
) -> tuple[Finding, ...]:
    """Return what is missing: the pads of this set placed today as planned; `now` as judged."""
    placed, at = history.placed, history.placed_at
    as_planned = placed is not None and (placed.key, placed.pads) == (planned.key, planned.pads)
    of_set = placed is not None and placed.pad_set == pad_set
    if as_planned and of_set and at is not None and same_day(at, now):
        return ()
    finding = Finding(
        consequence=Consequence.ASK,
        rule="refusal.placement",
        item=planned.key.placement,
        found=_found_placed(placed, as_planned=as_planned, of_set=of_set),
        allowed=text("placed.as_planned"),
        nearest=text("placed.place"),
        since=at,
    )
    return (finding,)


def _found_placed(placed: PadsPlaced | None, *, as_planned: bool, of_set: bool) -> Text:
    if placed is None:
        return text("placed.not_yet")
    if as_planned and not of_set:
        return text("placed.other_set")
    return text("placed.not_today") if as_planned else text("placed.other")


def channel_to_feel(
    history: PlacementHistory,
    planned: PlannedPlacement,
    now: FactTime,
    *,
    asked: bool = False,
) -> int | None:
    """Return the channel that plays alone next; None once each is right, or was within 30 days.

    `now` as of `judged_at`. `asked` wants the first feeling even where it may be skipped. Channel 1
    comes first; a channel that was felt wrong comes again.
    """
    for channel in planned.channels:
        step = history.felt.get(channel)
        if step is FeelingStep.RIGHT:
            continue
        since = history.right.get((planned.key, channel))
        was_right = since is not None and within(since, now, RIGHT_FOR_DAYS)
        if step is None and was_right and not asked:
            continue
        return channel
    return None


def refuse_feeling(
    history: PlacementHistory, planned: PlannedPlacement, fact: FirstFeelingMarked, now: FactTime
) -> Refusal | None:
    """Refuse a mark for another placement than the present, out of turn, or without current.

    What is felt at a wrong place is taken of every channel, whose turn it may be.
    """
    if history.placed is None or fact.key != history.placed.key or fact.key != planned.key:
        asked, nearest = text("first_feeling.other_placement"), text("first_feeling.place_first")
        return Refusal("refusal.first_feeling", asked, text("first_feeling.placed"), nearest)
    if fact.level_ua <= 0:
        asked, nearest = text("first_feeling.without_current"), text("first_feeling.raise_first")
        return Refusal("refusal.first_feeling", asked, text("first_feeling.with_current"), nearest)
    turns = (
        channel_to_feel(history, planned, now),
        channel_to_feel(history, planned, now, asked=True),
    )
    in_turn = tuple(channel for channel in turns if channel is not None) or planned.channels
    wrong = fact.felt not in {FeltAt.THIS_PAIR, FeltAt.NOTHING}
    if fact.channel in in_turn or (wrong and fact.channel in planned.channels):
        return None
    asked = text("first_feeling.channel", channel=fact.channel)
    nearest = text("first_feeling.channel", channel=in_turn[0])
    return Refusal("refusal.first_feeling", asked, text("first_feeling.in_turn"), nearest)


def refuse_playing_on(history: PlacementHistory) -> Refusal | None:
    """Refuse current after a wrong first feeling until the pads are placed again."""
    return refuse_wrong() if any(step.to_zero for step in history.felt.values()) else None


def refuse_wrong() -> Refusal:
    """Return the refusal of current where the first feeling was wrong."""
    return Refusal(
        "refusal.first_feeling",
        text("first_feeling.wrong"),
        text("first_feeling.placed_again"),
        text("first_feeling.place_again"),
    )
