"""What is known of one patient, and the exercises and advice for at home. Pure."""

from dataclasses import dataclass, replace

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.course import FACT, forget
from ui.kiosk.journey.of_patient import OfPatient
from ui.kiosk.journey.place import STAY, Go, Kiosk, Next, Row, Send

ON_PAGE = 4
EXERCISES, ADVICE = "exercises", "advice"
AREAS = {"suboccipital": "neck"}
"""Regions whose exercises are those of another area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientPage(OfPatient):
    """Who it is, what is noted, at which levels each channel was felt, what was given for home."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the file, and the sessions: what is given is given with the last one."""
        return self.whose.file, self.whose.history

    def rows(self, kiosk: Kiosk, kind: str) -> tuple[Row, ...]:
        """Return the rows of the file of a kind."""
        return tuple(row for row in kiosk.rows(self.whose.file) or () if row["kind"] == kind)

    def last(self, kiosk: Kiosk) -> Row | None:
        """Return the last session with a close-out, None without one."""
        closed = [row["session"] for row in self.rows(kiosk, "close_out")]
        rows = kiosk.rows(self.whose.history) or ()
        return next((row for row in rows if row["session"] in closed), None)

    def open_session(self, kiosk: Kiosk) -> str:
        """Return the newest session whose close-out is open, "" without one."""
        rows = kiosk.rows(self.whose.history) or ()
        return next((str(row["session"]) for row in rows if row["close_out_open"]), "")

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Pick exercises and advice, or close out what is open."""
        if action == "close_out":
            session = self.open_session(kiosk)
            return Next(effects=(Go(action, session),)) if session else STAY
        last = self.last(kiosk)
        if action != "at_home" or last is None:
            return OfPatient.touched(self, action, kiosk)
        area = AREAS.get(last["region"], str(last["region"]))
        session = str(last["session"])
        return Next(AtHome(whose=self.whose, came_from=self, session=session, area=area))


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHome(OfPatient):
    """Exercises and advice to take home; `picked` is None until it is changed here.

    `tab` is the list shown, `first` the first of it that is.
    """

    session: str
    area: str
    tab: str = EXERCISES
    first: int = 0
    picked: tuple[str, ...] | None = None
    advice: tuple[str, ...] = ()

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return both lists, and the file: what was given before."""
        return f"exercises:{self.area}", "advice", self.whose.file

    def given(self, kiosk: Kiosk, kind: str) -> tuple[Row, ...]:
        """Return the rows of the file of a kind."""
        return tuple(row for row in kiosk.rows(self.whose.file) or () if row["kind"] == kind)

    def exercises(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the exercises picked: those given before until one is changed."""
        if self.picked is not None:
            return self.picked
        return tuple(str(row["given"]["exercise"]) for row in self.given(kiosk, "exercise"))

    def changes_exercises(self, kiosk: Kiosk) -> bool:
        """Return whether exercises are given, or all of those before are taken back."""
        return bool(self.picked) or (self.picked == () and bool(self.given(kiosk, "exercise")))

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Change the list, page, pick or leave one, and record."""
        name, _, what = action.partition(":")
        match name:
            case "tab":
                return Next(replace(self, tab=what, first=0))
            case "newer":
                return Next(replace(self, first=max(self.first - ON_PAGE, 0)))
            case "older":
                return Next(replace(self, first=self.first + ON_PAGE))
            case "pick" if kiosk.fresh(self.whose.file) is not None:
                return Next(replace(self, picked=_toggled(self.exercises(kiosk), what)))
            case "advise":
                return Next(replace(self, advice=_toggled(self.advice, what)))
            case "give":
                return self._give(kiosk)
            case _:
                return OfPatient.touched(self, action, kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Record the advice after the exercises, then go back; a refusal is shown here."""
        if tag != FACT or not isinstance(answer, Reply):
            return STAY
        if self.picked is not None and self.advice:
            return replace(self, picked=None).give_advice()
        after = self.back()
        return after._replace(effects=(*forget(), *after.effects))

    def give_advice(self) -> Next:
        """Record the advice."""
        return self._record("advice_given", advice=list(self.advice))

    def _give(self, kiosk: Kiosk) -> Next:
        """Record the exercises where they were changed, else the advice."""
        if not self.changes_exercises(kiosk):
            return replace(self, picked=None).give_advice() if self.advice else STAY
        rows = {row["name"]: row for row in kiosk.rows(f"exercises:{self.area}") or ()}
        before = {row["given"]["exercise"]: row["given"] for row in self.given(kiosk, "exercise")}
        exercises = [
            dict(before[name]) if name in before else _dose(rows[name])
            for name in self.exercises(kiosk)
            if name in before or name in rows
        ]
        return self._record("exercises_given", exercises=exercises)

    def _record(self, kind: str, **values: object) -> Next:
        fact = {"patient": self.whose.patient, "session": self.session, **values}
        return Next(self, (Send(RecordFact(kind=kind, values=fact), FACT),))


def _dose(row: Row) -> dict[str, object]:
    names = ("sets", "repetitions", "days_a_week")
    return {"exercise": row["name"], **{name: row[name] for name in names}}


def _toggled(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    if name in names:
        return tuple(each for each in names if each != name)
    return (*names, name)
