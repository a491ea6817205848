"""What was done, over days: a patient's sessions, and one session by itself. Pure."""

from dataclasses import dataclass, replace

from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.course import NewCourse, Review
from ui.kiosk.journey.of_patient import OfPatient
from ui.kiosk.journey.outcomes import Outcomes
from ui.kiosk.journey.patient_page import PatientPage
from ui.kiosk.journey.place import STAY, Kiosk, Next, Row
from ui.kiosk.journey.sheet import PatientSheet

ON_PAGE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(OfPatient):
    """One session: what was set and measured, contact, what was reached of the limits."""

    session: str

    @property
    def page(self) -> str:
        """Return the page of the session."""
        return f"series:{self.session}"

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the session, and the history of its patient: pain and skin stand there."""
        return (self.page, self.whose.history) if self.whose.patient else (self.page,)

    def of_history(self, kiosk: Kiosk) -> Row | None:
        """Return the row of this session in the history, None while it is not known."""
        rows = kiosk.rows(self.whose.history) or ()
        return next((row for row in rows if row["session"] == self.session), None)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Look at the patient's other sessions, or make the sheet for the patient."""
        if action == "sheet" and self.whose.patient:
            sheet = PatientSheet(whose=self.whose, session=self.session, came_from=self)
            return Next(sheet)
        if action == "history" and self.whose.patient:
            if isinstance(self.came_from, History):
                return Next(self.came_from)
            return Next(History(whose=self.whose, came_from=self))
        return OfPatient.touched(self, action, kiosk)


@dataclass(frozen=True, slots=True, kw_only=True)
class History(OfPatient):
    """Every session of a patient; `first` is the first one shown."""

    first: int = 0

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the sessions and the courses."""
        return self.whose.history, self.whose.course

    def course(self, kiosk: Kiosk) -> Row | None:
        """Return the present course with the newest session, None without one."""
        courses = [row for row in kiosk.rows(self.whose.course) or () if row["present"]]
        return max(courses, key=lambda row: row["sessions"][-1:], default=None)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Page, or look at one session."""
        name, _, what = action.partition(":")
        match name:
            case "newer":
                return Next(replace(self, first=max(self.first - ON_PAGE, 0)))
            case "older":
                return Next(replace(self, first=self.first + ON_PAGE))
            case "review" | "new_course" | "outcomes" | "patient":
                return self._deeper(name, kiosk)
            case "session":
                return Next(Summary(whose=self.whose, session=what, came_from=self))
            case _:
                return OfPatient.touched(self, action, kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Stay: a refusal is shown here."""
        return STAY

    def _deeper(self, name: str, kiosk: Kiosk) -> Next:
        """Go to what is one step further; it leads back here."""
        if name == "patient":
            return Next(PatientPage(whose=self.whose, came_from=self))
        if name == "outcomes":
            return Next(Outcomes(whose=self.whose, came_from=self))
        course = self.course(kiosk)
        if course is None:
            return STAY
        of = Review if name == "review" else NewCourse
        region, goal = str(course["region"]), str(course["goal"])
        return Next(of(whose=self.whose, came_from=self, region=region, goal=goal))
