"""The engine's list of drills: the last of each kind, the same as in the records.

Read once at the start and kept in memory: nothing is read from a disk while a person waits.
"""

from collections.abc import Callable, Mapping

from appliance.core.refusal import Refusal
from appliance.drills.schedule import (
    DrillDone,
    DrillStanding,
    Today,
    note_of,
    notes,
    standings,
)
from appliance.messages.wire import DrillKind
from appliance.safety.arming_policy import ArmingPolicy
from appliance.texts.text import Text, text

LOOK_AGAIN_US = 10_000_000
"""The notes are made again this often: a due date does not pass in a tick."""


class DrillLedger:
    """The drills of a rig under its arming policy; `today` returns the time of day."""

    def __init__(
        self,
        last: Mapping[DrillKind, DrillDone],
        policy: ArmingPolicy,
        today: Callable[[], Today],
    ) -> None:
        self._last = dict(last)
        self._policy = policy
        self._today = today
        self._notes: tuple[Text, ...] = ()
        self._noted_at_us: int | None = None

    def take(self, kind: DrillKind, *, passed: bool, operator: str, channel: int | None) -> None:
        """Note a drill that has ended."""
        today = self._today()
        self._last[kind] = DrillDone(
            kind, passed, today.utc_us, today.trusted, operator, channel=channel
        )
        self._noted_at_us = None

    def standings(self) -> tuple[DrillStanding, ...]:
        """Return where every kind stands now."""
        today = self._today()
        if today.trusted:
            for kind, last in self._last.items():
                seen_utc_us = max(last.seen_utc_us, today.utc_us)
                self._last[kind] = last._replace(seen_utc_us=seen_utc_us)
        return standings(self._last, today, self._policy)

    def is_begun(self) -> bool:
        """Return whether every drill was done once on a rig of this kind."""
        return all(kind in self._last for kind in DrillKind)

    def notes(self, now_us: int) -> tuple[Text, ...]:
        """Return what screens say about the drills; `now_us` is engine time."""
        if self._noted_at_us is None or now_us - self._noted_at_us >= LOOK_AGAIN_US:
            self._notes, self._noted_at_us = notes(self.standings(), self._policy), now_us
        return self._notes

    def refuse(self) -> Refusal | None:
        """Refuse to lead towards output while a drill is overdue, where drills lock arming."""
        if not self._policy.drills_lock:
            return None
        locking = next((standing for standing in self.standings() if standing.locks), None)
        if locking is None:
            return None
        return Refusal(
            "refusal.arming_is_locked",
            note_of(locking),
            text("drill.in_date"),
            text("drill.run", kind=locking.kind),
        )
