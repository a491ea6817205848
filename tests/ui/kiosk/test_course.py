"""The review of a course, outcomes, exercises and advice: what is recorded, and only when asked."""

from pathlib import Path
from typing import Any

import pytest

from appliance.core.prescription.sessions_per_patient import Goal
from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from tests.support.clinic import open_clinic
from tests.support.kiosk.sessions import PATIENT, SESSION, WHOSE, course, kiosk
from tests.support.regular_patient import a_session
from tests.support.treated_patient import answers, finished
from ui.kiosk.journey.course import CourseStep, NewCourse, Review
from ui.kiosk.journey.history import History
from ui.kiosk.journey.of_patient import Whose
from ui.kiosk.journey.outcomes import MOVEMENTS, Outcomes, Score
from ui.kiosk.journey.patient_page import AtHome, PatientPage
from ui.kiosk.journey.place import Forget, Kiosk, Next, Place, Send
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Treat, Treatment
from ui.kiosk.view_models.blocks import Keys
from ui.kiosk.view_models.course import review_view
from ui.kiosk.view_models.outcomes import outcomes_view
from ui.kiosk.view_models.patient_page import at_home_view, patient_page_view

REPLY = Reply(request=1, tick=1)
OF: dict[str, Any] = {"whose": WHOSE, "region": "lower_back", "goal": "strength"}
DUE = tuple(
    {
        "region": "lower_back",
        "measure": measure,
        "name": measure,
        "index": "oswestry" if measure == "index" else None,
        "today": False,
    }
    for measure in ("index", "activity", "motion", "global_change")
)


def recorded(following: Next) -> RecordFact:
    (fact,) = [effect.action for effect in following.effects if isinstance(effect, Send)]
    assert isinstance(fact, RecordFact)
    return fact


def after(place: Place, at: Kiosk, *actions: str) -> Next:
    """Touch one key after the other; return what follows from the last."""
    following = Next(place)
    for action in actions:
        assert following.place is not None
        following = following.place.touched(action, at)
    return following


def test_nothing_is_decided_before_the_skin_was_looked_at() -> None:
    place = Review(**OF)
    assert place.touched("decide:continue", kiosk(place)) == Next()
    keys = [
        key
        for column in review_view(place, kiosk(place)).columns
        for block in column.blocks
        if isinstance(block, Keys)
        for key in block.keys
    ]
    assert [key.action for key in keys if key.is_enabled] == ["skin"]


def test_a_review_has_the_scores_of_the_course_and_leads_to_a_new_one() -> None:
    back = History(whose=WHOSE)
    place = Review(**OF, came_from=back)
    following = after(place, kiosk(place), "skin", "decide:change")
    assert recorded(following).values == {
        "patient": PATIENT,
        "region": "lower_back",
        "goal": "strength",
        "decision": "change",
        "skin_looked_at": True,
        "pain_first": 7,
        "pain_last": 6,
        "function_first": 42,
        "function_last": 30,
    }
    assert following.place is not None
    then = following.place.answered("fact", REPLY, kiosk(place))
    assert then.place == NewCourse(**OF, came_from=back)
    assert Forget("course:") in then.effects
    opened = after(NewCourse(**OF, came_from=back), kiosk(place), "reason:New episode")
    assert recorded(opened).kind == "course_opened"
    assert NewCourse(**OF, came_from=back).answered("fact", REPLY, kiosk(place)).place == back


def test_a_refused_review_asks_for_the_scores_again() -> None:
    place = Review(**OF, skin=True)
    refused = Refused(request=1, rule="refusal.course_review", asked=1, allowed=2, nearest=2)
    following = place.answered("fact", refused, kiosk(place))
    assert following.place is None
    assert Forget("course:") in following.effects


def test_a_course_that_was_stopped_leads_back() -> None:
    back = History(whose=WHOSE)
    place = Review(**OF, came_from=back)
    following = after(place, kiosk(place), "skin", "decide:stop")
    assert following.place is not None
    assert following.place.answered("fact", REPLY, kiosk(place)).place == back


@pytest.mark.parametrize(
    ("rule", "nearest", "decision", "screen"),
    [
        ("refusal.course_review", "course.review", None, Review),
        ("refusal.course", "course.open", "continue", NewCourse),
    ],
)
def test_a_course_at_its_end_is_answered_on_the_way_to_a_treatment(
    rule: str, nearest: str, decision: str | None, screen: type[Place]
) -> None:
    treatment = Treatment(
        patient=PATIENT,
        first_step=step_for,
        alias="KT8",
        programme="nmes-strengthening",
        region="lower_back",
        side="both",
    )
    finding = {"rule": rule, "item": "course", "nearest": {"key": nearest}}
    step = step_for(treatment, ({**finding, "consequence": "ask", "blocks": True},))
    assert isinstance(step, CourseStep)
    at = kiosk(step, **{f"course_of_{PATIENT}": course(decision=decision)})
    place = step.by_itself(at).place
    assert isinstance(place, (Review, NewCourse))
    assert isinstance(place, screen)
    assert (place.region, place.goal) == ("lower_back", "strength")
    assert isinstance(place.then, Treat)
    assert place.touched("back", at).place == treatment.came_from


def test_each_measure_that_is_offered_has_a_key() -> None:
    place = Outcomes(whose=WHOSE)
    at = kiosk(place, **{f"due_outcomes_of_{PATIENT}": (*DUE, *DUE)})
    view = outcomes_view(place, at)
    actions = [
        key.action
        for block in view.columns[1].blocks
        if isinstance(block, Keys)
        for key in block.keys
    ]
    assert actions == [
        "enter:index:oswestry:lower_back",
        "enter:activity::lower_back",
        "enter:motion::lower_back",
        "enter:global_change::lower_back",
    ]
    assert place.touched(actions[0], at).place == Score(
        whose=WHOSE, came_from=place, measure="index", index="oswestry", region="lower_back"
    )


def test_a_score_is_typed_and_recorded_once_it_is_asked_for() -> None:
    place = Score(whose=WHOSE, measure="index", index="oswestry")
    typed = after(place, kiosk(place), "digit:3", "digit:9", "digit:delete", "digit:2")
    assert not typed.effects
    assert typed.place is not None
    fact = recorded(typed.place.touched("record", kiosk(place)))
    assert fact.values == {"patient": PATIENT, "index": "oswestry", "score": 32}
    assert place.touched("record", kiosk(place)) == Next()


def test_a_motion_is_recorded_once_each_direction_has_an_answer() -> None:
    place = Score(whose=WHOSE, measure="motion", region="neck")
    names = ("forward", "backward", "side_left", "side_right", "turn_left", "turn_right")
    moves = [f"move:{name}:full" for name in names]
    assert not after(place, kiosk(place), *moves[:-1]).effects
    assert recorded(after(place, kiosk(place), *moves)).values["motions"] == dict.fromkeys(
        names, "full"
    )


def at_home(**changed: Any) -> AtHome:
    return AtHome(whose=WHOSE, session=SESSION, area="lower_back", **changed)


def home_pages() -> dict[str, tuple[dict[str, Any], ...]]:
    names = ("bird-dog", "bridge", "tilt", "walk", "turn")
    rows = tuple(
        {"name": name, "title": name, "dose": "10 times", "sets": 2, "repetitions": 8}
        | {"days_a_week": 5}
        for name in names
    )
    given = {"exercise": "bird-dog", "sets": 1, "repetitions": 4, "days_a_week": 7, "reason": ""}
    return {
        "exercises_of_lower_back": rows,
        "advice": ({"name": "heat", "text": "Warmth is fine."},),
        f"patient_of_{PATIENT}": (
            {"kind": "exercise", "given": given},
            {"kind": "close_out", "session": SESSION},
        ),
    }


def test_exercises_given_before_keep_their_dose_and_advice_follows_them() -> None:
    place = at_home()
    at = kiosk(place, **home_pages())
    assert place.touched("give", at) == Next()
    following = after(place, at, "pick:bridge", "tab:advice", "advise:heat", "give")
    exercises: Any = recorded(following).values["exercises"]
    assert [(each["exercise"], each["repetitions"]) for each in exercises] == [
        ("bird-dog", 4),
        ("bridge", 8),
    ]
    assert following.place is not None
    then = following.place.answered("fact", REPLY, at)
    assert recorded(then).values == {"patient": PATIENT, "session": SESSION, "advice": ["heat"]}
    assert then.place is not None
    assert not [
        effect
        for effect in then.place.answered("fact", REPLY, at).effects
        if isinstance(effect, Send)
    ]


def test_an_exercise_is_left_by_the_same_touch() -> None:
    place = at_home()
    at = kiosk(place, **home_pages())
    left = after(place, at, "pick:bridge", "pick:bird-dog").place
    assert isinstance(left, AtHome)
    assert left.exercises(at) == ("bridge",)
    view = at_home_view(left, at)
    assert view.columns


def test_advice_alone_is_recorded_once_though_an_exercise_was_picked_and_left() -> None:
    place = at_home()
    pages = home_pages()
    rows = pages[f"patient_of_{PATIENT}"]
    nothing_given = {f"patient_of_{PATIENT}": rows[1:]}
    at = kiosk(place, **{**pages, **nothing_given})
    left = ("pick:bridge", "pick:bridge")
    following = after(place, at, *left, "tab:advice", "advise:heat", "give")
    assert recorded(following).kind == "advice_given"
    assert following.place is not None
    then = following.place.answered("fact", REPLY, at)
    assert not [effect for effect in then.effects if isinstance(effect, Send)]


def test_all_exercises_given_before_can_be_taken_back() -> None:
    place = at_home()
    at = kiosk(place, **home_pages())
    taken_back = after(place, at, "pick:bird-dog", "give")
    assert recorded(taken_back).kind == "exercises_given"
    assert recorded(taken_back).values["exercises"] == []
    assert taken_back.place is not None
    assert not [
        effect
        for effect in taken_back.place.answered("fact", REPLY, at).effects
        if isinstance(effect, Send)
    ]


def test_nothing_is_picked_before_it_is_known_what_was_given() -> None:
    """Hazard: exercises given before would be taken back unseen."""
    place = at_home()
    pages = home_pages()
    del pages[f"patient_of_{PATIENT}"]
    assert place.touched("pick:bridge", kiosk(place, **pages)) == Next()


def test_exercises_are_given_with_the_last_session_that_was_closed_out() -> None:
    place = PatientPage(whose=WHOSE)
    assert place.touched("at_home", kiosk(place)) == Next()
    at = kiosk(place, **home_pages())
    assert place.touched("at_home", at).place == at_home(came_from=place)
    assert patient_page_view(place, at).columns


def test_the_engine_takes_what_these_screens_record(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        patient = finished(clinic)
        for fact in answers(patient):
            clinic.do(fact)
        register = clinic.engine.loop._dispatcher.register
        given = a_session(register.now(), 0, session="0001-001", goal=Goal.PAIN)
        register.take_session(patient, given)
        session = clinic.last().summary.id
        whose = Whose(patient=patient)
        names = (f"course:{patient}", f"patient:{patient}", "exercises:lower_back", "advice")
        pages = {}
        for name in (*names, f"history:{patient}"):
            page = clinic.link.query(name)
            assert isinstance(page, Page)
            pages[name] = tuple(page.rows)
        home = AtHome(whose=whose, session=session, area="lower_back")
        at = Kiosk(place=home, pages=pages)
        assert PatientPage(whose=whose).touched("at_home", at).place == AtHome(
            whose=whose, session=session, area="lower_back", came_from=PatientPage(whose=whose)
        )
        first = pages["exercises:lower_back"][0]["name"]
        advice = pages["advice"][0]["name"]
        goal = str(pages[f"course:{patient}"][0]["goal"])
        moves = [f"move:{name}:limited" for name in MOVEMENTS]
        of: dict[str, Any] = {"whose": whose, "region": "lower_back"}
        for place, actions in (
            (Review(**of, goal=goal), ("skin", "decide:continue")),
            (NewCourse(**of, goal=goal), ("reason:New episode",)),
            (home, (f"pick:{first}", "give")),
            (home, (f"advise:{advice}", "give")),
            (Score(**of, measure="index", index="oswestry"), ("digit:4", "digit:2", "record")),
            (Score(**of, measure="activity"), ("activity:Sitting", "score:3")),
            (Score(**of, measure="motion"), moves),
            (Score(**of, measure="global_change"), ("score:3",)),
        ):
            clinic.do(recorded(after(place, at, *actions)))
