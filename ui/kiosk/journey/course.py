"""The review of a course at its end, and a new course after it. Pure."""

from dataclasses import dataclass, replace
from typing import Any

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.of_patient import OfPatient, Whose
from ui.kiosk.journey.place import STAY, Effect, Forget, Kiosk, Next, Place, Row, Send
from ui.kiosk.journey.reasons import reasoned
from ui.kiosk.journey.treatment import Step, Treat, Treatment

FACT = "fact"
CHANGED = ("course:", "missing:", "patient:", "outcomes:", "due_outcomes:", "history:", "visit:")
"""Pages that a fact about a course or an outcome may change."""
SCORES = ("pain_first", "pain_last", "function_first", "function_last")
STOPPED = "stop"
DECISIONS = ("continue", "change", STOPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCourse(OfPatient):
    """A screen about the course of a region and goal; `then` follows once its fact is recorded."""

    region: str
    goal: str
    then: Place | None = None

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the courses."""
        return (self.whose.course,)

    def course(self, kiosk: Kiosk) -> Row | None:
        """Return the present course of this region and goal."""
        key = (self.region, self.goal)
        return next(
            (
                row
                for row in kiosk.rows(self.whose.course) or ()
                if row["present"] and (row["region"], row["goal"]) == key
            ),
            None,
        )

    def record(self, kind: str, **values: Any) -> Next:
        """Record a fact about this course."""
        about = {"patient": self.whose.patient, "region": self.region, "goal": self.goal}
        return Next(self, (Send(RecordFact(kind=kind, values={**about, **values}), FACT),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(OfCourse):
    """What the course was, and what is decided; the skin is looked at first."""

    skin: bool = False
    decided: str = ""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Note that the skin was looked at; decide."""
        name, _, what = action.partition(":")
        course = self.course(kiosk)
        match name:
            case "skin":
                return Next(replace(self, skin=not self.skin))
            case "decide" if self.skin and course is not None and what in DECISIONS:
                known = {score: course[score] for score in SCORES}
                values = {"decision": what, "skin_looked_at": True, **known}
                return replace(self, decided=what).record("course_reviewed", **values)
            case _:
                return OfPatient.touched(self, action, kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go on to a new course; back where nothing more is given.

        A refusal may be of scores that have changed since: they are asked for again.
        """
        if tag != FACT or answer is None:
            return STAY
        if not isinstance(answer, Reply):
            return Next(effects=forget())
        if self.decided == STOPPED:
            after = self.back()
            return after._replace(effects=(*forget(), *after.effects))
        return Next(
            NewCourse(
                whose=self.whose,
                region=self.region,
                goal=self.goal,
                came_from=self.came_from,
                then=self.then,
            ),
            forget(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCourse(OfCourse):
    """Why a new course is opened: a reason on a key, or own words while `typing`."""

    typing: bool = False
    words: str = ""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Give the reason, or leave the course closed."""
        given = reasoned(self, action, lambda reason: self.record("course_opened", reason=reason))
        return given or OfPatient.touched(self, action, kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go on with what the course was for, else back."""
        if tag != FACT or not isinstance(answer, Reply):
            return STAY
        after = self.back() if self.then is None else Next(self.then)
        return after._replace(effects=(*forget(), *after.effects))


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseStep(Step):
    """The course stands against a treatment: goes to its review, or to a new one."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is missing, and the courses."""
        return self.treatment.page, _whose(self.treatment).course

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Look again, or go back."""
        return self.on() if action == "look_again" else Step.touched(self, action, kiosk)

    def by_itself(self, kiosk: Kiosk) -> Next:
        """Go to the screen of the course once it is known."""
        treatment = self.treatment
        for row in kiosk.fresh(_whose(treatment).course) or ():
            named = [programme["programme"] for programme in row["programmes"]]
            if (
                row["present"]
                and row["region"] == treatment.region
                and treatment.programme in named
            ):
                of = Review if row["decision"] is None else NewCourse
                return Next(
                    of(
                        whose=_whose(treatment),
                        region=str(row["region"]),
                        goal=str(row["goal"]),
                        came_from=treatment.came_from,
                        then=Treat(treatment=treatment, behind=self),
                    )
                )
        return STAY


def _whose(treatment: Treatment) -> Whose:
    return Whose(patient=treatment.patient, alias=treatment.alias, born=treatment.born)


def forget() -> tuple[Effect, ...]:
    """Return that pages about courses and outcomes may be out of date."""
    return tuple(Forget(prefix) for prefix in CHANGED)
