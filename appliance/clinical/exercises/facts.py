"""Facts about exercises and advice that a patient takes home."""

from enum import StrEnum

import msgspec

from appliance.clinical.fact import Fact


class PickedExercise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An exercise of the list with the dose for this patient; `reason` where it hurt before."""

    exercise: str
    sets: int
    repetitions: int
    days_a_week: int
    reason: str = ""


class ExercisesGiven(Fact, frozen=True, kw_only=True):
    """The exercises of a patient from now on, in place of those before; none takes them back."""

    session: str
    exercises: tuple[PickedExercise, ...]


class Done(StrEnum):
    """How an exercise went, asked at the next visit."""

    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"
    PAIN = "pain"


class ExercisesAsked(Fact, frozen=True, kw_only=True):
    """How each exercise went since it was given."""

    answers: dict[str, Done]


class AdviceGiven(Fact, frozen=True, kw_only=True):
    """The advice of the list that a patient was given."""

    session: str
    advice: tuple[str, ...]
