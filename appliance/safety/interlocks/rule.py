"""The findings of a rule (a caution or a trip), and the entry of a rule in the list."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from appliance.safety.interlocks.held_value import HeldValue
from appliance.safety.interlocks.readings import Readings
from appliance.safety.trips.trip import Trip
from appliance.texts.text import Text, text
from drivers.quantities import Channel

M = TypeVar("M")


class CautionCode(StrEnum):
    """The stable code of each caution."""

    RESIDUAL_RISING = "W01"
    CONTACT_FORECAST = "W02"
    CONTACT_HIGH = "W03"
    CONTACT_POOR = "W04"
    CONTACT_FELL = "W05"
    PAD_LIFTED = "W06"


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a person should look at before it becomes a trip; `detail` says what was seen.

    `derates` asks the engine to lower the level of the channel until the caution is gone, `zeroes`
    to set it to zero at once, from where only a person raises it.
    """

    code: CautionCode
    channel: Channel | None
    detail: Text
    derates: bool = False
    zeroes: bool = False

    @property
    def note(self) -> Text:
        """Return code and detail, as screens show an active caution."""
        return text("caution.note", code=self.code.value, detail=self.detail)


Finding = Trip | Caution


@dataclass(frozen=True, slots=True)
class Rule(Generic[M]):
    """A rule over the whole board: what it remembers at first, and how it judges a tick."""

    name: str
    fresh: M
    judge: Callable[[M, Readings], tuple[M, Finding | None]]


@dataclass(frozen=True, slots=True)
class ChannelRule(Generic[M]):
    """A rule over one channel.

    What it remembers is forgotten with every new stream; with `of_pads`, with every new contact
    check instead (pads do not change because pulses paused).
    """

    name: str
    fresh: M
    judge: Callable[[M, HeldValue, Readings], tuple[M, Finding | None]]
    of_pads: bool = False


AnyRule = Rule[Any]
AnyChannelRule = ChannelRule[Any]
