"""A patient's last treatment once more: everything is asked anew, levels begin at zero. Pure."""

from dataclasses import dataclass, field

from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.choose import Choose
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import STAY, Kiosk, Next, Place, Row
from ui.kiosk.journey.treatment import Treat, Treatment

US_PER_MIN = 60_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat(Place):
    """Looks what a patient was treated with last; `treatment` names the patient alone."""

    treatment: Treatment
    came_from: Place = field(default_factory=Home)

    @property
    def page(self) -> str:
        """Return the page of the sessions before."""
        return f"history:{self.treatment.patient}"

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the sessions before."""
        return (self.page,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Go back."""
        return Next(self.came_from) if action == "back" else STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go back where nothing may be read: the refusal stands there."""
        return Next(self.came_from) if tag == self.page and isinstance(answer, Refused) else STAY

    def by_itself(self, kiosk: Kiosk) -> Next:
        """Go to what is missing before the last treatment; choose one where there is none."""
        rows = kiosk.fresh(self.page)
        if rows is None:
            return STAY
        last = next(iter(rows), None)
        if last is None or not last["placement"]:
            return Next(Choose(treatment=self.treatment))
        return Next(Treat(treatment=self._of(last), behind=self.came_from))

    def _of(self, last: Row) -> Treatment:
        known = self.treatment
        return Treatment(
            patient=known.patient,
            first_step=known.first_step,
            alias=known.alias,
            born=known.born,
            programme=str(last["programme"]),
            region=str(last["region"]),
            side=str(last["side"]),
            placement=str(last["placement"]),
            depth=str(last["depth"]),
            pad_set=str(last["pad_set"]),
            minutes=round(last["planned_us"] / US_PER_MIN),
            came_from=self.came_from,
            repeats=True,
        )
