"""Complaint, screening, visit list and follow-ups: one touch an answer, nothing filled in."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from appliance.control.pages.programmes import programme_rows
from appliance.control.pages.screening import question_rows
from appliance.messages.actions import RecordFact
from appliance.messages.replies import Refused, Reply
from appliance.messages.wire import StateName
from tests.support.no_sources import NOTHING
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.complaint import Complaint
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.follow_ups import FollowUps
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import Kiosk, Place, Send
from ui.kiosk.journey.reasons import HarmReason, ScreeningReason
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.journey.screening import Screening, VisitList
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Step, Treat, Treatment
from ui.kiosk.places import view_of

REDUCER = Reducer(engine_place, Home)
PROGRAMME, REGION = "nmes-strengthening-neck", "neck"
TREATMENT = Treatment(
    patient="P-1", first_step=step_for, programme=PROGRAMME, region=REGION, side="left"
)


def rows(made: Any) -> tuple[dict[str, Any], ...]:
    return tuple(msgspec.to_builtins(list(made), str_keys=True))


NEXT_DAY = "patch_test.ask_next_day"
QUESTIONS = rows(question_rows(f"{PROGRAMME}:{REGION}", NOTHING))
PAGES = {
    f"screening:{PROGRAMME}:{REGION}": QUESTIONS,
    "programmes": rows(programme_rows("", NOTHING)),
}
HARMLESS = {row["id"]: "no" if row["flagged"] == "yes" else "yes" for row in QUESTIONS}


def finding(rule: str, item: str, consequence: str = "ask", nearest: str = "") -> dict[str, Any]:
    texts = {"found": "found", "allowed": "allowed", "nearest": {"key": nearest, "values": {}}}
    blocks = consequence != "note"
    return {"rule": rule, "item": item, "consequence": consequence, "blocks": blocks, **texts}


def kiosk(place: Place, *missing: dict[str, Any], **pages: tuple[dict[str, Any], ...]) -> Kiosk:
    ready = msgspec.structs.replace(AT_REST, state=StateName.READY)
    known = {**PAGES, TREATMENT.page: missing, **pages}
    return Kiosk(place=place, snapshot=ready, pages=MappingProxyType(known))


def first(*missing: dict[str, Any]) -> Kiosk:
    """Return the kiosk at the step that these findings lead to."""
    return REDUCER.wanted(kiosk(step_for(TREATMENT, missing), *missing)).kiosk


def touch(at: Kiosk, *actions: str) -> Moved:
    moved = Moved(at)
    for action in actions:
        moved = REDUCER.touched(moved.kiosk, action)
    return moved


def sent(moved: Moved) -> list[object]:
    return [effect.action for effect in moved.effects if isinstance(effect, Send)]


def fact(moved: Moved) -> tuple[str, dict[str, Any]]:
    [action] = sent(moved)
    assert isinstance(action, RecordFact)
    assert action.values["patient"] == "P-1"
    return action.kind, {name: value for name, value in action.values.items() if name != "patient"}


@pytest.mark.parametrize(
    ("row", "step"),
    [
        (finding("refusal.complaint", "complaint"), Complaint),
        (finding("refusal.diagnosis", "diagnosis", "confirm"), Complaint),
        (finding("refusal.skin", "skin_follow_up:neck/left/upper"), FollowUps),
        (
            finding("refusal.patch_test", "patch_test:x", nearest="patch_test.ask_next_day"),
            FollowUps,
        ),
        (finding("refusal.exercises", "chin_tuck", "note"), FollowUps),
        (finding("refusal.screening", "full_screening"), Screening),
        (finding("refusal.screening", "fever"), Screening),
        (finding("refusal.screening", "visit_list"), VisitList),
        (finding("refusal.screening", "epilepsy", "confirm"), ScreeningReason),
        (finding("refusal.harm", "burning", "confirm"), HarmReason),
    ],
)
def test_each_finding_leads_to_the_screen_that_answers_it(
    row: dict[str, Any], step: type[Step]
) -> None:
    assert type(step_for(TREATMENT, (row,))) is step


def test_exercises_are_asked_for_once() -> None:
    note = finding("refusal.exercises", "chin_tuck", "note")
    asked = replace(TREATMENT, passed=("refusal.exercises",))
    assert not isinstance(step_for(asked, (note,)), FollowUps)


def test_a_full_screening_is_one_touch_a_question_and_records_every_answer() -> None:
    at = first(finding("refusal.screening", "full_screening"))
    touches = [f"answer:{question}:{answer}" for question, answer in HARMLESS.items()]
    before_last = touch(at, *touches[:-1])
    assert sent(before_last) == []
    kind, values = fact(touch(before_last.kiosk, touches[-1]))
    assert kind == "screening_answered"
    assert values["kind"] == "full"
    local = {row["id"] for row in QUESTIONS if row["local"]}
    assert set(values["here"]) == {REGION}
    assert {**values["answers"], **values["here"][REGION]} == HARMLESS
    assert set(values["here"][REGION]) == local


def test_no_answer_is_filled_in() -> None:
    at = first(finding("refusal.screening", "full_screening"))
    assert "CHOSEN" not in str(view_of(at.place, at).content)
    assert sent(touch(at, "next")) == []


def test_no_page_has_more_than_four_questions_or_two_parts() -> None:
    at = first(finding("refusal.screening", "full_screening"))
    assert isinstance(at.place, Screening)
    pages = at.place.pages(at)
    assert all(len(page.rows) <= 4 for page in pages)
    assert all({row["page"] for row in page.rows} == {page.part} for page in pages)
    assert [row["id"] for page in pages for row in page.rows] == [row["id"] for row in QUESTIONS]


def page_with(question: str) -> Kiosk:
    """Return the screening at the page of a question, the others on it answered harmlessly."""
    at = first(finding("refusal.screening", "full_screening"))
    assert isinstance(at.place, Screening)
    for number, page in enumerate(at.place.pages(at)):
        names = [row["id"] for row in page.rows]
        if question in names:
            given = {name: HARMLESS[name] for name in names if name != question}
            place = replace(at.place, page=number, given=MappingProxyType(given))
            return replace(at, place=place)
    raise AssertionError(question)


def page_number(at: Kiosk) -> int:
    assert isinstance(at.place, Screening)
    return at.place.page


def test_a_page_turns_by_itself_when_its_last_question_is_answered() -> None:
    at = page_with("fever")
    assert page_number(touch(at, "answer:fever:no").kiosk) == page_number(at) + 1


@pytest.mark.parametrize("answer", ["yes", "unknown"])
def test_what_an_answer_means_stands_in_its_row_and_the_page_waits_to_be_read(answer: str) -> None:
    at = page_with("fever")
    answered = touch(at, f"answer:fever:{answer}").kiosk
    assert page_number(answered) == page_number(at)
    assert "refer to a doctor" in str(view_of(answered.place, answered).content)
    assert page_number(touch(answered, "next").kiosk) == page_number(at) + 1
    corrected = touch(answered, "answer:fever:no").kiosk
    assert "refer to a doctor" not in str(view_of(corrected.place, corrected).content)
    assert page_number(touch(corrected, "next", "back").kiosk) == page_number(at)


def test_single_open_questions_are_asked_alone() -> None:
    at = first(finding("refusal.screening", "fever"), finding("refusal.screening", "water"))
    kind, values = fact(touch(at, "answer:fever:no", "answer:water:no"))
    assert kind == "screening_answered"
    assert values == {"kind": "part", "answers": {"fever": "no", "water": "no"}, "here": {}}


def test_a_refused_screening_keeps_every_answer() -> None:
    at = first(finding("refusal.screening", "fever"))
    asked = touch(at, "answer:fever:no").kiosk
    refused = Refused(request=1, rule="refusal.fact", asked="so", allowed="b", nearest="c")
    told = REDUCER.answered(asked, "fact", refused).kiosk
    assert isinstance(told.place, Screening)
    assert dict(told.place.given) == {"fever": "no"}
    assert "Not accepted: so" in str(view_of(told.place, told).content)


def test_the_visit_list_is_one_touch_where_nothing_changed() -> None:
    at = first(finding("refusal.screening", "visit_list"))
    kind, values = fact(touch(at, "asked"))
    assert (kind, values) == ("visit_list_answered", {"none_changed": True})


def test_an_item_that_changed_is_recorded_with_all_others_as_they_were() -> None:
    at = first(finding("refusal.screening", "visit_list"))
    _, values = fact(touch(at, "item:skin", "item:blood", "item:blood", "asked"))
    assert values["none_changed"] is False
    assert len(values["answers"]) == 10
    changed = {item for item, answer in values["answers"].items() if answer != "same"}
    assert changed == {"skin"}


def test_a_complaint_is_two_touches_in_either_order() -> None:
    at = first(finding("refusal.complaint", "complaint"))
    wanted = {"region": "neck", "side": "left", "weeks": 6, "diagnosis": "weakness", "reason": ""}
    assert fact(touch(at, "weeks:6", "diagnosis:weakness")) == ("complaint_opened", wanted)
    assert fact(touch(at, "diagnosis:weakness", "weeks:6")) == ("complaint_opened", wanted)


def test_without_a_diagnosis_a_reason_is_asked_for() -> None:
    at = touch(first(finding("refusal.complaint", "complaint")), "weeks:0", "diagnosis:none_yet")
    assert sent(at) == []
    _, values = fact(touch(at.kiosk, "reason:Sent for diagnosis"))
    assert (values["diagnosis"], values["reason"]) == ("none_yet", "Sent for diagnosis")
    typed = touch(at.kiosk, "own_words", "letter:O", "letter:K", "done")
    assert fact(typed)[1]["reason"] == "OK"


def test_a_reason_is_recorded_for_the_region_and_purpose_of_the_programme() -> None:
    at = first(finding("refusal.screening", "epilepsy", "confirm"))
    kind, values = fact(touch(at, "reason:Known and stable"))
    assert kind == "screening_confirmed"
    reasons = {"epilepsy": "Known and stable"}
    assert values == {"region": "neck", "purpose": "motor", "reasons": reasons}


def test_what_is_asked_first_at_a_visit_becomes_one_fact_a_kind() -> None:
    visit = (
        {"kind": "skin", **finding("refusal.skin", "skin_follow_up:neck/left/upper")},
        {"kind": "skin", **finding("refusal.skin", "skin_follow_up:neck/left/lower")},
        {"kind": "patch_test", **finding("refusal.patch_test", "patch_test:gel")},
        {"kind": "exercise", **finding("refusal.exercises", "chin_tuck", "note")},
    )
    place = step_for(TREATMENT, visit)
    at = REDUCER.snapshot(
        kiosk(place, *visit, **{TREATMENT.visit: visit}), kiosk(place).snapshot, 0.0
    ).kiosk
    answers = [
        "answer:skin_follow_up:neck/left/upper:gone",
        "answer:skin_follow_up:neck/left/lower:still_there",
        "answer:patch_test:gel:nothing",
        "answer:chin_tuck:done",
    ]
    late = REDUCER.answered(touch(at, answers[0]).kiosk, "fact", Reply(request=1, tick=0))
    assert sent(late) == []  # what the screen before recorded: not every answer is given yet
    skin = touch(late.kiosk, *answers[1:])
    assert fact(skin) == (
        "skin_followed_up",
        {
            "answers": [
                {"site": {"region": "neck", "side": "left", "spot": "upper"}, "answer": "gone"},
                {
                    "site": {"region": "neck", "side": "left", "spot": "lower"},
                    "answer": "still_there",
                },
            ]
        },
    )
    reply = Reply(request=1, tick=0)
    patch = REDUCER.answered(skin.kiosk, "fact", reply)
    assert fact(patch) == ("patch_test_followed_up", {"material": "gel", "answer": "nothing"})
    exercises = REDUCER.answered(patch.kiosk, "fact", reply)
    assert fact(exercises) == ("exercises_asked", {"answers": {"chin_tuck": "done"}})
    done = REDUCER.answered(exercises.kiosk, "fact", reply).kiosk.place
    assert isinstance(done, Treat)
    assert done.treatment.passed == ("refusal.exercises",)
