"""A test load left on a channel: a patient's contact that measures like one is asked about. Pure.

Pads on skin measure so only rarely: the second phase of a pulse reads lower there. Whoever has
looked says so, and it counts for that one contact check.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.pre_use.facts import LoadRuledOut
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, ohms, text

RULE = "refusal.test_load_left"


@dataclass(frozen=True, slots=True)
class LoadLook:
    """On which channels no test load was found by looking, and when; None for never."""

    channels: tuple[int, ...] = ()
    at: FactTime | None = None

    def after(self, fact: Fact, at: FactTime) -> "LoadLook":
        """Return it after a fact; facts of other kinds change nothing."""
        return LoadLook(fact.channels, at) if isinstance(fact, LoadRuledOut) else self


def like_a_load(channel: int, ohm: int) -> Text:
    """Return what is asked about: the contact of a channel, in ohms."""
    return text("note.like_test_load", channel=channel, ohm=ohms(ohm))


def refuse_left_load(measured: Mapping[int, int]) -> Refusal | None:
    """Refuse a start while somebody still has to look; `measured` in ohms by channel."""
    if not measured:
        return None
    asked = listed([like_a_load(channel, ohm) for channel, ohm in measured.items()])
    allowed, nearest = text("left_load.allowed"), text("left_load.nearest")
    return Refusal(RULE, asked, allowed, nearest)


def refuse_ruled_out(fact: LoadRuledOut, asked: Collection[int]) -> Refusal | None:
    """Refuse an answer about other channels than those that are asked about now."""
    if fact.channels and set(fact.channels) == set(asked):
        return None
    named = listed([str(channel) for channel in fact.channels])
    about = listed([str(channel) for channel in sorted(asked)])
    allowed = (
        text("left_load.asked_about", channels=about) if asked else text("left_load.not_asked")
    )
    return Refusal(RULE, text("left_load.named", channels=named), allowed, text("left_load.check"))
