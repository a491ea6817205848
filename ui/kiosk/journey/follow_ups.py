"""What is asked first when a patient comes again: redness, patch test, exercises. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.place import STAY, Kiosk, Next, Row, Send
from ui.kiosk.journey.treatment import FACT, Step

ON_PAGE = 4
EXERCISES = "refusal.exercises"
ANSWERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "skin": ("gone", ("gone", "still_there", "unknown")),
    "patch_test": ("next_day", ("nothing", "something", "unknown")),
    "exercise": ("done", ("done", "partly", "not_done", "pain")),
}
"""By kind of row: the name of its answers, and the answers in the order of the keys."""


class Fact(NamedTuple):
    """A fact to record."""

    kind: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUps(Step):
    """`given` are the answers by item; `recorded` counts the facts that the engine has taken."""

    given: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    asked: tuple[Row, ...] = ()
    page: int = 0
    recorded: int = 0

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is asked at this visit."""
        return self.treatment.page, self.treatment.visit

    def by_itself(self, kiosk: Kiosk) -> Next:
        """Keep the questions as they were when they came: answers change the page."""
        rows = kiosk.fresh(self.treatment.visit)
        if self.asked or not rows:
            return STAY
        asked = tuple(row for row in rows if row["kind"] in ANSWERS)
        return Next(replace(self, asked=asked)) if asked else STAY

    @property
    def shown(self) -> tuple[Row, ...]:
        """Return the questions on this page."""
        return self.asked[self.page * ON_PAGE : (self.page + 1) * ON_PAGE]

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Answer; the last answer of the last page records them all."""
        name, _, what = action.partition(":")
        match name:
            case "answer":
                item, _, answer = what.rpartition(":")
                given = MappingProxyType({**self.given, item: answer})
                return replace(self, given=given).next_answer()
            case "back" if self.page:
                return Next(replace(self, page=self.page - 1))
            case _:
                return Step.touched(self, action, kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Record the next fact; after the last one the journey goes on.

        An answer to what another screen recorded, which came late, is none of these.
        """
        if tag != FACT or not isinstance(answer, Reply) or not self._is_answered:
            return STAY
        place = replace(self, recorded=self.recorded + 1)
        if place.recorded < len(self._facts()):
            return place.next_fact()
        return place.on(passed=(*self.treatment.passed, EXERCISES))

    def taken_up(self, rows: tuple[Row, ...], kiosk: Kiosk) -> Step | None:
        """Return it as it was left; once all was answered, what is still open is asked anew."""
        if self._is_answered:
            return None
        return Step.taken_up(replace(self, recorded=0), rows, kiosk)

    @property
    def _is_answered(self) -> bool:
        return all(row["item"] in self.given for row in self.asked)

    def next_answer(self) -> Next:
        """Turn a page whose questions are all answered; after the last one record the answers."""
        if any(row["item"] not in self.given for row in self.shown):
            return Next(self)
        if len(self.asked) > (self.page + 1) * ON_PAGE:
            return Next(replace(self, page=self.page + 1))
        return self.next_fact()

    def next_fact(self) -> Next:
        """Record the first fact that the engine has not taken yet."""
        fact = self._facts()[self.recorded]
        values = {"patient": self.treatment.patient, **fact.values}
        return Next(self, (Send(RecordFact(kind=fact.kind, values=values), FACT),))

    def _facts(self) -> tuple[Fact, ...]:
        return tuple(self._made())

    def _made(self) -> Iterator[Fact]:
        skin = [row for row in self.asked if row["kind"] == "skin"]
        if skin:
            answers = [
                {"site": site_of(str(row["item"])), "answer": self.given[row["item"]]}
                for row in skin
            ]
            yield Fact("skin_followed_up", {"answers": answers})
        for row in self.asked:
            if row["kind"] == "patch_test":
                material = str(row["item"]).partition(":")[2]
                answer = self.given[row["item"]]
                yield Fact("patch_test_followed_up", {"material": material, "answer": answer})
        exercises = [str(row["item"]) for row in self.asked if row["kind"] == "exercise"]
        if exercises:
            yield Fact(
                "exercises_asked", {"answers": {name: self.given[name] for name in exercises}}
            )


def site_of(item: str) -> dict[str, str]:
    """Return the site that a finding about skin is about."""
    region, side, spot = item.partition(":")[2].split("/")
    return {"region": region, "side": side, "spot": spot}
