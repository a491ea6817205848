"""A limit on events a second, as a token bucket."""

_ONE = 1_000_000
"""A token, in millionths."""


class RateLimit:
    """A token bucket: `rate_per_s` on average, up to `burst` at once; times in µs."""

    def __init__(self, rate_per_s: int, burst: int, now_us: int) -> None:
        self._rate_per_s = rate_per_s
        self._burst_micro = burst * _ONE
        self._left_micro = self._burst_micro
        self._at_us = now_us

    def spend(self, now_us: int) -> bool:
        """Take one token; False if there is none."""
        gained = (now_us - self._at_us) * self._rate_per_s
        self._at_us = now_us
        self._left_micro = min(self._burst_micro, self._left_micro + max(gained, 0))
        if self._left_micro < _ONE:
            return False
        self._left_micro -= _ONE
        return True
