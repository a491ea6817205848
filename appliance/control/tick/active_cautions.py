"""Which cautions stand: each is found with a reading, and stays until readings show it gone."""

from appliance.control.treatment.derating import STANDS_US
from appliance.safety.interlocks.rule import Caution, CautionCode
from drivers.quantities import US_PER_S

RESIDUAL_STANDS_US = 20 * US_PER_S
"""The balance is judged every 16 holds: 16 s at the slowest rate of one pulse a second (D)."""

_Key = tuple[CautionCode, int | None]


class ActiveCautions:
    """The cautions of one stretch of output; used only by the control thread."""

    def __init__(self) -> None:
        self._found: dict[_Key, tuple[Caution, int]] = {}

    def take(
        self, found: tuple[Caution, ...], now_us: int, *, energising: bool
    ) -> tuple[Caution, ...]:
        """Take what a tick found; return what of it did not stand before.

        Without output nothing is found and nothing stands.
        """
        if not energising:
            self._found.clear()
            return ()
        self._found = {
            key: (caution, seen_us)
            for key, (caution, seen_us) in self._found.items()
            if now_us - seen_us < _stands_us(caution.code)
        }
        new = tuple(each for each in found if (each.code, each.channel) not in self._found)
        for each in found:
            self._found[each.code, each.channel] = (each, now_us)
        return new

    @property
    def standing(self) -> tuple[Caution, ...]:
        """Return what stands, the oldest first, in the words of the newest reading."""
        return tuple(caution for caution, _ in self._found.values())


def _stands_us(code: CautionCode) -> int:
    return RESIDUAL_STANDS_US if code is CautionCode.RESIDUAL_RISING else STANDS_US
