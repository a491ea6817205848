"""Exercises are given with a dose and asked for next time; one that hurt needs a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.clinical.exercises.exercise_list import load_advice, load_exercises
from appliance.clinical.exercises.facts import (
    AdviceGiven,
    Done,
    ExercisesAsked,
    ExercisesGiven,
    PickedExercise,
)
from appliance.clinical.exercises.home_programme import (
    HomeProgramme,
    judge_asked,
    judge_given,
    refuse_advice,
    refuse_asked,
    refuse_given,
)
from appliance.clinical.fact import FactTime
from appliance.clinical.finding import Consequence
from appliance.texts.english import english
from tests.support.facts import WHO, day
from tests.support.texts import problems, said


def picked(name: str, sets: int = 2, repetitions: int = 10, days: int = 5) -> PickedExercise:
    return PickedExercise(exercise=name, sets=sets, repetitions=repetitions, days_a_week=days)


def given_facts(*exercises: PickedExercise) -> ExercisesGiven:
    return ExercisesGiven(**WHO, session="0001-001", exercises=exercises)


def asked(**answers: Done) -> ExercisesAsked:
    return ExercisesAsked(
        **WHO, answers={name.replace("_", "-"): went for name, went in answers.items()}
    )


def home(*names: str) -> HomeProgramme:
    return HomeProgramme().after(given_facts(*map(picked, names)), day(0))


def to_ask(programme: HomeProgramme, now: FactTime) -> list[str]:
    findings = judge_asked(programme, now)
    assert {finding.consequence for finding in findings} <= {Consequence.NOTE}
    assert [problem for finding in findings for problem in problems(finding.text())] == []
    return [finding.item for finding in findings]


def test_what_was_given_is_asked_for_once_at_each_later_visit() -> None:
    programme = home("bridge", "bird-dog")
    assert to_ask(programme, day(0)) == []
    assert to_ask(programme, day(7)) == ["bridge", "bird-dog"]
    programme = programme.after(asked(bridge=Done.PARTLY), day(7))
    assert to_ask(programme, day(7)) == ["bird-dog"]
    programme = programme.after(asked(bird_dog=Done.NOT_DONE), day(7))
    assert to_ask(programme, day(7)) == []
    assert to_ask(programme, day(14)) == ["bridge", "bird-dog"]


def test_an_exercise_that_left_the_list_is_still_asked_for_by_its_name() -> None:
    (finding,) = judge_asked(home("headstand"), day(7))
    assert english(finding.found) == "headstand was given and not asked for at this visit"


def test_new_exercises_take_the_place_of_those_before() -> None:
    programme = home("bridge").after(given_facts(picked("curl-up", 3, 12, 7)), day(7))
    (now,) = programme.given.values()
    assert (now.picked.exercise, now.picked.sets, now.picked.repetitions) == ("curl-up", 3, 12)
    assert now.since == day(7)
    assert now.went is None


def test_an_exercise_that_hurt_is_given_again_only_with_a_reason() -> None:
    programme = home("bridge", "bird-dog").after(
        asked(bridge=Done.PAIN, bird_dog=Done.DONE), day(7)
    )
    again = given_facts(picked("bridge"), picked("bird-dog"))
    (finding,) = judge_given(again, programme)
    assert (finding.item, finding.consequence) == ("bridge", Consequence.CONFIRM)
    assert problems(finding.text()) == []
    with_reason = PickedExercise(
        exercise="bridge", sets=1, repetitions=5, days_a_week=3, reason="lower, without holding"
    )
    assert judge_given(given_facts(with_reason), programme) == ()


def test_only_doing_it_without_pain_ends_that_an_exercise_hurt() -> None:
    programme = home("bridge").after(asked(bridge=Done.PAIN), day(1))
    programme = programme.after(given_facts(picked("bridge")), day(1))
    assert judge_given(given_facts(picked("bridge")), programme) != ()
    not_done = programme.after(asked(bridge=Done.NOT_DONE), day(2))
    assert judge_given(given_facts(picked("bridge")), not_done) != ()
    for went in (Done.DONE, Done.PARTLY):
        done = programme.after(asked(bridge=went), day(2))
        assert judge_given(given_facts(picked("bridge")), done) == ()


@pytest.mark.parametrize("names", [("brigde",), ("bridge", "headstand"), ("",), ("\x1b[2J",)])
def test_an_exercise_that_is_not_on_the_list_is_refused_with_one_that_is(
    names: tuple[str, ...],
) -> None:
    refusal = refuse_given(given_facts(*map(picked, names)), HomeProgramme())
    assert refusal is not None
    assert said(refusal).asked == "an exercise that is not on the list"
    assert str(refusal.nearest) in load_exercises()


def test_no_exercise_or_one_twice_is_refused() -> None:
    for wrong in (given_facts(), given_facts(picked("bridge"), picked("bridge"))):
        refusal = refuse_given(wrong, HomeProgramme())
        assert refusal is not None
        said(refusal)


def test_all_exercises_can_be_taken_back_and_are_not_asked_for_then() -> None:
    programme = home("bridge")
    assert refuse_given(given_facts(), programme) is None
    assert judge_given(given_facts(), programme) == ()
    assert to_ask(programme.after(given_facts(), day(1)), day(7)) == []


@given(st.integers(-5, 40), st.integers(-5, 40), st.integers(-5, 40))
def test_a_dose_is_accepted_in_its_ranges_only(sets: int, repetitions: int, days: int) -> None:
    refusal = refuse_given(given_facts(picked("bridge", sets, repetitions, days)), HomeProgramme())
    accepted = 1 <= sets <= 5 and 1 <= repetitions <= 30 and 1 <= days <= 7
    assert (refusal is None) is accepted
    if refusal is not None:
        said(refusal)


def test_every_exercise_of_the_list_can_be_given_as_it_stands() -> None:
    for exercise in load_exercises().values():
        proposal = picked(exercise.name, exercise.sets, exercise.repetitions, exercise.days_a_week)
        assert refuse_given(given_facts(proposal), HomeProgramme()) is None


def test_only_exercises_that_were_given_are_answered_for() -> None:
    programme = home("bridge")
    assert refuse_asked(asked(bridge=Done.DONE), programme) is None
    for answers, words in (
        (asked(curl_up=Done.DONE), "Curl-up, which was not given"),
        (asked(headstand=Done.DONE), "an exercise that is not on the list"),
        (asked(), "no exercise"),
    ):
        refusal = refuse_asked(answers, programme)
        assert refusal is not None
        assert said(refusal).asked == words
    assert programme.after(asked(curl_up=Done.PAIN), day(1)) == programme


def test_advice_is_of_the_list_and_kept() -> None:
    everything = AdviceGiven(**WHO, session="0001-001", advice=tuple(load_advice()))
    assert refuse_advice(everything) is None
    twice = HomeProgramme().after(everything, day(0)).after(everything, day(1))
    assert twice.advice == tuple(load_advice())
    refusal = refuse_advice(AdviceGiven(**WHO, session="0001-001", advice=("smoke",)))
    assert refusal is not None
    assert said(refusal).asked == "advice that is not on the list"
    assert str(refusal.nearest) in load_advice()
    assert refuse_advice(AdviceGiven(**WHO, session="0001-001", advice=())) is not None
