"""How long an operator is locked out after wrong PINs. Pure.

The count comes from the records, so a restart does not clear it. The wait is measured by the
monotonic clock alone, so a step of the calendar does not shorten it; after a restart it begins
again, and it is never longer than `LONGEST_US`.
"""

from dataclasses import dataclass

from appliance.clinical.fact import FactTime
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import seconds, whole_seconds
from appliance.texts.text import text
from drivers.quantities import US_PER_S

FREE_TRIES = 4
"""Wrong PINs without a wait (D); the next one is the first that waits."""
FIRST_US = 30 * US_PER_S
"""The first wait (D); each further wrong PIN doubles it."""
LONGEST_US = 300 * US_PER_S
"""No operator waits longer than 5 min: a patient may be waiting."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """Wrong PINs since the last right one, and when the last of them was."""

    failures: int = 0
    last: FactTime | None = None

    def failed(self, at: FactTime) -> "Attempts":
        """Return the attempts after one more wrong PIN."""
        return Attempts(self.failures + 1, at)

    def wait_us(self, now: FactTime, since_start_us: int) -> int:
        """Return how long to wait for the next try, in µs; 0 if it may be now.

        `since_start_us` is the time since this engine started: what counts after a restart.
        """
        if self.last is None or self.failures <= FREE_TRIES:
            return 0
        doublings = min(self.failures - FREE_TRIES - 1, 10)
        whole_us = min(FIRST_US << doublings, LONGEST_US)
        if self.last.boot == now.boot:
            passed_us = max(now.monotonic_us - self.last.monotonic_us, 0)
        else:
            passed_us = since_start_us
        return max(whole_us - passed_us, 0)


def refuse_try(attempts: Attempts, now: FactTime, since_start_us: int) -> Refusal | None:
    """Refuse a sign-in during a lock-out, and say how long it lasts."""
    wait_us = attempts.wait_us(now, since_start_us)
    if wait_us == 0:
        return None
    asked = text("sign_in.after_failures", count=attempts.failures)
    nearest = text("sign_in.again_in", time=seconds(whole_seconds(wait_us)))
    return Refusal("refusal.sign_in", asked, text("sign_in.wait"), nearest)
