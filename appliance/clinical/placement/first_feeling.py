"""First feeling: each channel alone is felt at its own pads before a treatment goes on. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from appliance.clinical.placement.facts import FeltAt
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import at_most, up_to
from appliance.texts.text import Text, microamps, text

NECK_FELT_BY_UA = 10_000  # (D)
BACK_FELT_BY_UA = 20_000  # (D)
"""Nothing felt at this level means a wrong contact or a sensation that is not normal."""
RIGHT_FOR_DAYS = 30  # (D)


class FeelingStep(StrEnum):
    """What follows a mark of the first feeling."""

    RIGHT = "right"
    RAISE = "raise"
    """Nothing is felt yet and the level is still below where it has to be."""
    PLACE_AGAIN = "place_again"
    CHECK_PADS_AND_SENSATION = "check_pads_and_sensation"

    @property
    def to_zero(self) -> bool:
        """Return whether the level goes to zero at once."""
        return self in {FeelingStep.PLACE_AGAIN, FeelingStep.CHECK_PADS_AND_SENSATION}


class FeelingOutcome(NamedTuple):
    """What follows, and why in words."""

    step: FeelingStep
    text: Text


_WRONG: Mapping[FeltAt, Text] = {
    FeltAt.OTHER_PAIR: Text("first_feeling.other_pair"),
    FeltAt.OTHER_SIDE: Text("first_feeling.other_side"),
    FeltAt.AWAY_FROM_PADS: Text("first_feeling.away_from_pads"),
    FeltAt.SHOOTING: Text("first_feeling.shooting"),
    FeltAt.BURNING: Text("first_feeling.burning"),
}


def felt_by_ua(region: Region) -> int:
    """Return the level at which something has to be felt."""
    return NECK_FELT_BY_UA if region.is_neck else BACK_FELT_BY_UA


def judge_feeling(region: Region, felt: FeltAt, level_ua: int) -> FeelingOutcome:
    """Return what follows a mark at a level."""
    if felt is FeltAt.THIS_PAIR:
        return FeelingOutcome(FeelingStep.RIGHT, Text("first_feeling.right"))
    if felt is not FeltAt.NOTHING:
        return FeelingOutcome(FeelingStep.PLACE_AGAIN, _WRONG[felt])
    if level_ua < felt_by_ua(region):
        return FeelingOutcome(FeelingStep.RAISE, Text("first_feeling.not_yet"))
    return FeelingOutcome(FeelingStep.CHECK_PADS_AND_SENSATION, Text("first_feeling.nothing"))


def refuse_rise(region: Region, to_feel: int, channel: int, level_ua: int) -> Refusal | None:
    """Refuse a rise to `level_ua` of a channel that is not to be felt now, or without a mark."""
    nearest = text("first_feeling.channel", channel=to_feel)
    if channel != to_feel:
        asked = text("first_feeling.channel", channel=channel)
        return Refusal("refusal.first_feeling", asked, text("first_feeling.in_turn"), nearest)
    most_ua = felt_by_ua(region)
    if level_ua <= most_ua:
        return None
    allowed = text("first_feeling.unmarked", most=at_most(microamps(most_ua)))
    mark = text("first_feeling.mark", channel=channel)
    return Refusal("refusal.first_feeling", microamps(level_ua), allowed, mark)


def next_step(channel: int, most_ua: int) -> Text:
    """Return in words what to do with the channel that is to be felt."""
    return text("first_feeling.feel", channel=channel, most=up_to(microamps(most_ua)))


def refuse_other_treatment() -> Refusal:
    """Return the refusal of a mark about another patient than the one who is treated."""
    asked, nearest = text("first_feeling.other_placement"), text("first_feeling.start")
    return Refusal("refusal.first_feeling", asked, text("first_feeling.treated"), nearest)


def refuse_other_level(level_ua: int) -> Refusal:
    """Return the refusal of a mark at another level than the channel has."""
    asked, nearest = text("first_feeling.other_level"), text("first_feeling.leave_out")
    return Refusal("refusal.first_feeling", asked, microamps(level_ua), nearest)
