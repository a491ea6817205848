"""Cautions while output is on: which stand, and how they lower the level of their channel.

A caution is found with a reading, and stands until readings show it gone. While one that
derates stands, the level itself goes down, so nothing comes back by itself; a person raises it
again once the caution is gone, and not before.
"""

from appliance.core.refusal import Refusal
from appliance.safety.interlocks.rule import Caution, CautionCode
from appliance.texts.text import text
from drivers.quantities import US_PER_MS, US_PER_S

DERATE_EVERY_US = 500 * US_PER_MS
DERATE_PERMILLE = 25
"""2.5 % every half second, 5 % a second: a level is halved in 14 s, well before the 30 s in which
the forecast sees contact reach its limit, and no step is felt as a jolt (D)."""
DERATE_LEAST_UA = 100
"""Small levels reach zero too (D: three steps of the DAC)."""
STANDS_US = 2 * US_PER_S + 500 * US_PER_MS
"""A caution is found with each new reading, at the slowest rate one a second: it stands for two
readings more (D)."""

RESIDUAL_STANDS_US = 20 * US_PER_S
"""The balance is judged every 16 holds: 16 s at the slowest rate of one pulse a second (D)."""

_Key = tuple[CautionCode, int | None]


class Derating:
    """Which channels of a treatment are derated, and when each was lowered last."""

    def __init__(self) -> None:
        self._seen_us: dict[int, int] = {}
        self._lowered_us: dict[int, int] = {}

    def caution(self, channel: int, now_us: int) -> None:
        """Note that a caution derates a channel now."""
        if not self.stands(channel, now_us):
            self._lowered_us[channel] = now_us - DERATE_EVERY_US
        self._seen_us[channel] = now_us

    def stands(self, channel: int, now_us: int) -> bool:
        """Say whether a channel's caution still stands."""
        seen_us = self._seen_us.get(channel)
        return seen_us is not None and now_us - seen_us < STANDS_US

    def step_ua(self, channel: int, level_ua: int, now_us: int) -> int:
        """Return by how much to lower a channel now, 0 where it is not yet time."""
        if not self.stands(channel, now_us):
            return 0
        if now_us - self._lowered_us[channel] < DERATE_EVERY_US:
            return 0
        self._lowered_us[channel] = now_us
        return max(level_ua * DERATE_PERMILLE // 1_000, DERATE_LEAST_UA)

    def refusal(self, channel: int, now_us: int) -> Refusal | None:
        """Refuse a rise on a channel while its caution stands."""
        if not self.stands(channel, now_us):
            return None
        asked, allowed = text("contact.asked", channel=channel), text("contact.allowed")
        return Refusal("refusal.contact", asked, allowed, text("contact.nearest"))


class ActiveCautions:
    """The cautions of one stretch of output; used only by the control thread."""

    def __init__(self) -> None:
        self._standing: dict[_Key, tuple[Caution, int]] = {}

    def take(
        self, cautions: tuple[Caution, ...], now_us: int, *, energising: bool
    ) -> tuple[Caution, ...]:
        """Take the cautions of a tick; return those that did not stand before.

        Without output nothing is found and nothing stands.
        """
        if not energising:
            self._standing.clear()
            return ()
        self._standing = {
            key: (caution, seen_us)
            for key, (caution, seen_us) in self._standing.items()
            if now_us - seen_us < _stands_us(caution.code)
        }
        new = tuple(caution for caution in cautions if _key(caution) not in self._standing)
        for caution in cautions:
            self._standing[_key(caution)] = (caution, now_us)
        return new

    @property
    def standing(self) -> tuple[Caution, ...]:
        """Return what stands, the oldest first, in the words of the newest reading."""
        return tuple(caution for caution, _ in self._standing.values())


def _key(caution: Caution) -> _Key:
    return caution.code, caution.channel


def _stands_us(code: CautionCode) -> int:
    return RESIDUAL_STANDS_US if code is CautionCode.RESIDUAL_RISING else STANDS_US
