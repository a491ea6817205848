"""A new patient: an alias that is no name, a year of birth, the id that the unit makes. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from appliance.messages.actions import RecordFact
from appliance.messages.aliases import MOST_SIGNS, AliasFault, alias_fault
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.wire import TextValueView, TextView
from ui.kiosk.journey.choose import Choose
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import STAY, Forget, Kiosk, Next, Place, Send
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Treatment
from ui.kiosk.journey.typed import typed

REGISTER = "register"
YEAR_DIGITS = 4
SIMILAR, YEAR, ALIAS = "refusal.similar_patient", "refusal.year_of_birth", "refusal.alias"
BIRTHDAY = "born.eighteen"
"""The engine's question whether somebody born 18 years ago has had that birthday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPatient(Place):
    """What was typed; `question` is the engine's refusal or question, beside the field it is about.

    `fault` is what is wrong with the alias, told before the year is asked for. `other_than` are
    those looked at who are somebody else. `patient` is the id once registered.
    """

    came_from: Place = field(default_factory=Home)
    alias: str = ""
    year: str = ""
    at_year: bool = False
    fault: AliasFault | None = None
    question: Refused | None = None
    other_than: tuple[str, ...] = ()
    eighteen: bool = False
    patient: str = ""

    @property
    def similar(self) -> tuple[str, ...]:
        """Return the ids of those who may be the same person."""
        if self.question is None or self.question.rule != SIMILAR:
            return ()
        asked = self.question.asked
        named = asked.values.get("patients", "") if isinstance(asked, TextView) else ""
        return tuple(_names(named))

    @property
    def asks_birthday(self) -> bool:
        """Return whether the engine asks for the 18th birthday."""
        asked = None if self.question is None else self.question.asked
        return isinstance(asked, TextView) and asked.key == BIRTHDAY

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return who is registered, once somebody looks the same."""
        return ("patients:",) if self.question is not None else ()

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Type, answer the engine's question, register."""
        name, _, what = action.partition(":")
        match name:
            case "letter":
                return Next(self._lettered(what))
            case "digit":
                year = typed(self.year, what, YEAR_DIGITS)
                return Next(replace(self, year=year, question=None, eighteen=False))
            case "to_year":
                fault = alias_fault(self.alias) if self.alias else None
                return Next(replace(self, fault=fault, at_year=fault is None))
            case "to_alias":
                return Next(replace(self, at_year=False, question=None))
            case "treat" if self.patient:
                return Next(Choose(treatment=self._treatment(self.patient)))
            case "back":
                return self._back()
            case _:
                return self._registering(name, what, kiosk)

    def _registering(self, name: str, what: str, kiosk: Kiosk) -> Next:
        match name:
            case "register" if len(self.year) == YEAR_DIGITS:
                return self._send(replace(self, question=None))
            case "somebody_else":
                return self._send(replace(self, other_than=self._others(kiosk), question=None))
            case "had_birthday":
                return self._send(replace(self, eighteen=True, question=None))
            case "it_is":
                return self._known(what, kiosk)
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Show the id, or the engine's question beside the field that it is about."""
        if tag != REGISTER:
            return STAY
        if isinstance(answer, Refused):
            at_year = answer.rule != ALIAS
            return Next(replace(self, question=answer, at_year=at_year))
        if not isinstance(answer, Reply):
            return STAY
        return Next(replace(self, patient=answer.patient or ""), (Forget("patients:"),))

    def _lettered(self, letter: str) -> "NewPatient":
        alias = typed(self.alias, letter, MOST_SIGNS)
        return replace(self, alias=alias.strip(), fault=None, question=None, other_than=())

    def _send(self, place: "NewPatient") -> Next:
        values: dict[str, object] = {
            "born": int(place.year),
            "alias": place.alias or None,
            "eighteen": place.eighteen,
            "other_than": list(place.other_than),
        }
        return Next(place, (Send(RecordFact(kind="patient_registered", values=values), REGISTER),))

    def _others(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return all that were looked at; of very many the engine names the first only."""
        same_year = (
            str(row["patient"])
            for row in kiosk.rows("patients:") or ()
            if str(row["born"]) == self.year
        )
        return tuple(dict.fromkeys((*self.other_than, *self.similar, *same_year)))

    def _known(self, patient: str, kiosk: Kiosk) -> Next:
        """Take somebody who is registered instead."""
        rows = kiosk.rows("patients:") or ()
        row = next((row for row in rows if row["patient"] == patient), None)
        alias = "" if row is None else str(row["alias"] or "")
        return Next(Choose(treatment=replace(self._treatment(patient), alias=alias)))

    def _treatment(self, patient: str) -> Treatment:
        return Treatment(
            patient=patient,
            first_step=step_for,
            alias=self.alias,
            born=int(self.year),
            came_from=self.came_from,
        )

    def _back(self) -> Next:
        if self.at_year and not self.patient:
            return Next(replace(self, at_year=False, question=None))
        return Next(self.came_from)


def _names(value: TextValueView) -> Iterator[str]:
    """Yield the names of a list that the engine sent."""
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, TextView):
        for part in value.values.values():
            yield from _names(part)
