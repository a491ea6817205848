"""The complaint as a patient is opened: since when, and what a clinician calls it. Pure."""

from dataclasses import dataclass, replace

from ui.kiosk.journey.place import STAY, Kiosk, Next
from ui.kiosk.journey.reasons import Reason

WEEKS = (0, 2, 6, 12, 26, 52, 104, 260)
"""Since how many weeks: the keys."""
DIAGNOSES = (
    "non_specific_pain",
    "muscle_tension",
    "nerve_root",
    "degenerative",
    "after_injury",
    "after_surgery",
    "weakness",
    "other",
    "none_yet",
)
NONE_YET = "none_yet"
"""Without a diagnosis a reason is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint(Reason):
    """Both answers are touches; the second one records them, or asks for the reason."""

    weeks: int | None = None
    diagnosis: str = ""

    @property
    def asks_reason(self) -> bool:
        """Return whether the reason is what is still missing."""
        return self.weeks is not None and self.diagnosis == NONE_YET

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Answer one of the two, or give the reason."""
        name, _, what = action.partition(":")
        match name:
            case "weeks":
                return replace(self, weeks=int(what)).next_answer()
            case "diagnosis":
                return replace(self, diagnosis=what).next_answer()
            case "back" if self.asks_reason and not self.typing:
                return Next(replace(self, diagnosis=""))
            case _:
                return Reason.touched(self, action, kiosk)

    def give(self, reason: str, kiosk: Kiosk) -> Next:
        """Record the complaint with its reason."""
        return self._record(reason) if self.asks_reason else STAY

    def next_answer(self) -> Next:
        """Record both answers once they are there; without a diagnosis the reason comes first."""
        answered = self.weeks is not None and self.diagnosis
        return self._record("") if answered and not self.asks_reason else Next(self)

    def _record(self, reason: str) -> Next:
        values = {
            "region": self.treatment.region,
            "side": self.treatment.side,
            "weeks": self.weeks,
            "diagnosis": self.diagnosis,
            "reason": reason,
        }
        return self.record("complaint_opened", values)
