"""The exercises of one patient: what was given, how each went, what has to be asked. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import NamedTuple

from appliance.clinical.exercises.exercise_list import (
    DAYS,
    REPETITIONS,
    SETS,
    load_advice,
    load_exercises,
)
from appliance.clinical.exercises.facts import (
    AdviceGiven,
    Done,
    ExercisesAsked,
    ExercisesGiven,
    PickedExercise,
)
from appliance.clinical.fact import Fact, FactTime, same_day
from appliance.clinical.finding import Consequence, Finding
from appliance.core.readable_text import refuse_reason
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import between
from appliance.texts.text import Text, TextValue, text

RULE = "refusal.exercises"


class GivenExercise(NamedTuple):
    """An exercise that was given, how it went, and when that was asked; None until it was."""

    picked: PickedExercise
    since: FactTime
    went: Done | None = None
    asked: FactTime | None = None


@dataclass(frozen=True, slots=True)
class HomeProgramme:
    """The exercises of one patient now; `hurt` names those whose last answer was pain."""

    given: Mapping[str, GivenExercise] = field(default_factory=lambda: MappingProxyType({}))
    hurt: frozenset[str] = frozenset()
    advice: tuple[str, ...] = ()

    def after(self, fact: Fact, at: FactTime) -> "HomeProgramme":
        """Return the programme after a fact; facts of other rooms change nothing."""
        match fact:
            case ExercisesGiven():
                given = {picked.exercise: GivenExercise(picked, at) for picked in fact.exercises}
                return replace(self, given=MappingProxyType(given))
            case ExercisesAsked():
                return self._after_answers(fact, at)
            case AdviceGiven():
                return replace(self, advice=tuple(dict.fromkeys((*self.advice, *fact.advice))))
            case _:
                return self

    def _after_answers(self, fact: ExercisesAsked, at: FactTime) -> "HomeProgramme":
        given, hurt = dict(self.given), set(self.hurt)
        for name, went in fact.answers.items():
            if name not in given:
                continue
            given[name] = given[name]._replace(went=went, asked=at)
            # An exercise that was not done tells nothing new about pain.
            if went is Done.PAIN:
                hurt.add(name)
            elif went in {Done.DONE, Done.PARTLY}:
                hurt.discard(name)
        return replace(self, given=MappingProxyType(given), hurt=frozenset(hurt))

    def to_ask(self, now: FactTime) -> tuple[GivenExercise, ...]:
        """Return the exercises to be asked for at a visit: not given, nor asked for, today."""
        return tuple(
            given for given in self.given.values() if not same_day(given.asked or given.since, now)
        )


def judge_asked(programme: HomeProgramme, now: FactTime) -> tuple[Finding, ...]:
    """Return a note for each exercise to be asked for at this visit; `now` as of `judged_at`."""
    return tuple(
        Finding(
            consequence=Consequence.NOTE,
            rule=RULE,
            item=given.picked.exercise,
            found=text("exercise.not_asked", exercise=_title(given.picked.exercise)),
            allowed=text("exercise.asked_allowed"),
            nearest=text("exercise.ask"),
            since=given.asked or given.since,
        )
        for given in programme.to_ask(now)
    )


def refuse_given(fact: ExercisesGiven, programme: HomeProgramme) -> Refusal | None:
    """Refuse exercises that are not on the list, stand twice, or have a dose out of range.

    None at all takes back those that were given; there have to be some.
    """
    if not fact.exercises and programme.given:
        return None
    names = [picked.exercise for picked in fact.exercises]
    refusal = _refuse_names(names, load_exercises(), "exercise.unknown", "exercise.allowed")
    if refusal is not None:
        return refusal
    return next(filter(None, map(_refuse_dose, fact.exercises)), None)


def judge_given(fact: ExercisesGiven, programme: HomeProgramme) -> tuple[Finding, ...]:
    """Return what has to be confirmed: an exercise that hurt is given again with a reason."""
    return tuple(
        Finding(
            consequence=Consequence.CONFIRM,
            rule=RULE,
            item=picked.exercise,
            found=text("exercise.hurt", exercise=_title(picked.exercise)),
            allowed=text("exercise.hurt_allowed"),
            nearest=text("exercise.hurt_nearest"),
        )
        for picked in fact.exercises
        if picked.exercise in programme.hurt and refuse_reason(picked.reason) is not None
    )


def refuse_asked(fact: ExercisesAsked, programme: HomeProgramme) -> Refusal | None:
    """Refuse answers about exercises that were not given, or no answer at all."""
    unknown = next((name for name in fact.answers if name not in programme.given), None)
    if unknown is None and fact.answers:
        return None
    shown = text("exercise.nothing")
    if unknown in load_exercises():
        shown = text("exercise.not_given", exercise=_title(str(unknown)))
    elif unknown is not None:
        shown = text("exercise.unknown")
    return Refusal(RULE, shown, text("exercise.given"), text("exercise.ask"))


def refuse_advice(fact: AdviceGiven) -> Refusal | None:
    """Refuse advice that is not on the list or stands twice."""
    return _refuse_names(list(fact.advice), load_advice(), "advice.unknown", "advice.allowed")


def _refuse_names(
    names: list[str], known: Iterable[str], unknown: str, allowed: str
) -> Refusal | None:
    """Refuse no name, a name that is not known, or one twice; unknown ones are not repeated."""
    listed = tuple(known)
    if not names:
        return Refusal(RULE, text("exercise.nothing"), Text(allowed), listed[0])
    wrong = next((name for name in names if name not in listed), None)
    if wrong is not None:
        near = get_close_matches(wrong, listed, n=1, cutoff=0.4) or [listed[0]]
        return Refusal(RULE, Text(unknown), Text(allowed), near[0])
    if len(set(names)) < len(names):
        return Refusal(RULE, text("exercise.twice"), Text(allowed), text("exercise.allowed"))
    return None


def _refuse_dose(picked: PickedExercise) -> Refusal | None:
    for key, count, (least, most) in (
        ("exercise.sets", picked.sets, SETS),
        ("exercise.repetitions", picked.repetitions, REPETITIONS),
        ("exercise.days", picked.days_a_week, DAYS),
    ):
        if not least <= count <= most:
            nearest = min(max(count, least), most)
            asked, offered = _counted(key, count), _counted(key, nearest)
            return Refusal(RULE, asked, between(least, most), offered)
    return None


def _counted(key: str, count: int) -> Text:
    return Text(key, (("count", count),))


def _title(name: str) -> TextValue:
    """Return the title of an exercise, its name where the list does not have it any more."""
    exercise = load_exercises().get(name)
    return name if exercise is None else exercise.title
