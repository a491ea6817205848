"""A fact of a close-out is of a session of this patient, and fits what the unit knows of it."""

import itertools
from typing import Any

import msgspec
import pytest

from appliance.clinical.choice import choice_text
from appliance.clinical.closing.close_out import (
    CloseOuts,
)
from appliance.clinical.closing.facts import (
    CloseOutPart,
    SeatedAfter,
)
from appliance.clinical.closing.recording import known_levels, refuse_session
from appliance.clinical.exercises.facts import AdviceGiven, ExercisesGiven
from appliance.clinical.fact import Fact
from appliance.clinical.outcomes.facts import (
    DisabilityIndex,
    FatigueCounted,
    IndexScored,
    PainMoment,
)
from appliance.clinical.placement.facts import PadsRemoved
from appliance.clinical.skin.facts import (
    SiteGrade,
    SiteLevel,
    SkinCheckedAfter,
    SkinGrade,
    SkinNotChecked,
)
from appliance.texts.english import english
from tests.support.close_outs import (
    FIRST,
    LEVELS,
    OTHER,
    SECOND,
    SITE,
    STEPS,
    completed,
    deferred,
    left_out,
    minutes,
    missing,
    objection,
    opened,
    pain,
    skin,
    skin_not_checked,
    state,
    stopped,
)
from tests.support.facts import WHO, day
from tests.support.texts import said


@pytest.mark.parametrize("count", range(len(STEPS) + 1))
def test_each_part_that_is_missing_is_asked_for_and_no_other(count: int) -> None:
    for done in itertools.combinations(STEPS, count):
        close_outs = state(opened(), *(STEPS[part] for part in done))
        assert missing(close_outs) == [part for part in STEPS if part not in done]
        refusal = objection(completed(), close_outs)
        assert (refusal is None) is (count == len(STEPS))
        if refusal is not None:
            said(refusal)


@pytest.mark.parametrize("part", CloseOutPart)
def test_pads_skin_and_the_rest_on_the_chair_cannot_be_put_off(part: CloseOutPart) -> None:
    refusal = objection(deferred(part), state(opened()))
    assert (refusal is None) is (part not in {"pads_off", "skin", "seated"})
    if refusal is not None:
        assert said(refusal).asked == f"{english(choice_text(part))} later"


@pytest.mark.parametrize("part", CloseOutPart)
def test_only_sitting_and_pain_can_be_left_out_and_only_with_a_reason(part: CloseOutPart) -> None:
    refusal = objection(left_out(part), state(opened()))
    assert (refusal is None) is (part in {"seated", "pain_before", "pain_after"})
    for reason in ("", " ", "\u200b"):
        assert objection(left_out(part, reason), state(opened())) is not None


def test_what_was_put_off_is_listed_until_it_is_done() -> None:
    close_outs = state(
        opened(),
        *(fact for part, fact in STEPS.items() if part not in {"pain_after", "stopped_because"}),
        deferred(CloseOutPart.PAIN_AFTER),
        deferred(CloseOutPart.STOPPED_BECAUSE),
        deferred(CloseOutPart.EXERCISES),
        deferred(CloseOutPart.ADVICE),
        deferred(CloseOutPart.OUTCOMES),
    )
    assert objection(completed(), close_outs) is None
    close_outs = close_outs.after(completed(), day(0))
    names = [(each.session, each.part.value) for each in close_outs.to_complete()]
    put_off = ["pain_after", "stopped_because", "exercises", "advice", "outcomes"]
    assert names == [(FIRST, part) for part in put_off]
    later: list[tuple[str, Fact]] = [
        ("pain_after", pain(PainMoment.AFTER)),
        ("stopped_because", stopped()),
        ("exercises", ExercisesGiven(**WHO, session=FIRST, exercises=())),
        ("advice", AdviceGiven(**WHO, session=FIRST, advice=("stay-active",))),
        ("outcomes", IndexScored(**WHO, index=DisabilityIndex.OSWESTRY, score=20)),
    ]
    for part, fact in later:
        close_outs = close_outs.after(fact, day(1))
        assert part not in [each.part.value for each in close_outs.to_complete()]
    assert close_outs.to_complete() == ()


@pytest.mark.parametrize(
    ("seconds", "passed", "nearest"),
    [
        (-1, 5, "wait, or give the reason why the patient stands up"),
        (0, 5, "wait, or give the reason why the patient stands up"),
        (119, 5, "wait, or give the reason why the patient stands up"),
        (120, 5, None),
        (300, 5, None),
        (301, 5, "300 s"),
        (120, 2, None),
        (120, 1, "wait, or give the reason why the patient stands up"),
        (2**53, 5, "300 s"),
    ],
)
def test_seated_is_two_minutes_or_more_and_no_more_than_has_passed(
    seconds: int, passed: int, nearest: str | None
) -> None:
    seated = SeatedAfter(**WHO, session=FIRST, seconds=seconds)
    refusal = objection(seated, state(opened()), minutes(passed))
    assert (said(refusal).nearest if refusal else None) == nearest


def test_without_any_clock_that_tells_how_long_nobody_was_seated() -> None:
    seated = SeatedAfter(**WHO, session=FIRST, seconds=120)
    refusal = objection(seated, state(opened()), minutes(5, trusted=False, boot=2))
    assert refusal is not None
    assert said(refusal).nearest == "leave it out with that reason"
    assert objection(seated, state(opened()), minutes(5, boot=2)) is None


@pytest.mark.parametrize("part", STEPS)
def test_a_part_of_a_session_that_is_not_being_closed_is_refused(part: str) -> None:
    fact = STEPS[part]
    refusal = objection(fact, state(opened(SECOND)))
    assert refusal is not None
    assert said(refusal).asked == "session 0001-001"
    assert said(refusal).allowed == "0001-002"
    if part not in {"skin", "pain_before", "stopped_because"}:
        assert state(opened(SECOND)).after(fact, day(0)) == state(opened(SECOND))


@pytest.mark.parametrize("session", ["", "Jane Doe", "0001", "0001-001 "])
def test_what_is_no_session_is_not_repeated(session: str) -> None:
    refusal = objection(PadsRemoved(**WHO, session=session), state(opened()))
    assert refusal is not None
    assert said(refusal).asked == "another session"


def test_scores_and_contractions_are_taken_in_the_session_that_runs_and_the_rest_after_it() -> None:
    during = (
        pain(PainMoment.BEFORE, SECOND),
        FatigueCounted(**WHO, session=SECOND, channel=1, contractions=12),
    )
    for fact in during:
        assert refuse_session(fact, state(opened()), SECOND) is None
        assert refuse_session(fact, state(opened()), None) is not None
    assert refuse_session(PadsRemoved(**WHO, session=SECOND), state(opened()), SECOND) is not None


def test_pain_before_the_coming_session_is_of_the_next_one_of_that_day() -> None:
    coming = pain(PainMoment.BEFORE, "")
    assert objection(coming, CloseOuts()) is None
    assert objection(pain(PainMoment.AFTER, ""), CloseOuts()) is not None
    asked = state(coming)
    today, tomorrow = asked.after(opened(), day(0.2)), asked.after(opened(), day(1))
    assert "pain_before" not in missing(today)
    assert "pain_before" in missing(tomorrow)
    for close_outs in (today, tomorrow):
        assert "pain_before" in missing(close_outs.after(opened(SECOND), day(1)), SECOND)


def graded(grade: SkinGrade, session: str = FIRST) -> SkinCheckedAfter:
    grades = (SiteGrade(site=SITE, grade=grade),)
    return msgspec.structs.replace(skin(session), grades=grades)


@pytest.mark.proves("own-levels")
@pytest.mark.parametrize("fact", [skin(), skin_not_checked()])
@pytest.mark.parametrize(
    "changes",
    [
        {"levels": (SiteLevel(site=SITE, level_ua=12_001),)},
        {"levels": (SiteLevel(site=SITE, level_ua=90_000),)},
        {"levels": ()},
        {"levels": (*LEVELS, SiteLevel(site=OTHER, level_ua=0))},
        {"material": "hydrogel-2"},
    ],
)
def test_the_levels_that_a_cap_comes_from_are_those_of_the_unit(
    fact: SkinCheckedAfter | SkinNotChecked, changes: Any
) -> None:
    assert objection(fact, state(opened())) is None
    refusal = objection(msgspec.structs.replace(fact, **changes), state(opened()))
    assert refusal is not None
    assert said(refusal).nearest == "leave it out"


def test_levels_and_material_left_out_are_added_from_the_close_out() -> None:
    known = known_levels(SkinCheckedAfter, {"session": FIRST}, state(opened()))
    assert known == {
        "levels": [{"site": msgspec.to_builtins(SITE), "level_ua": 12_000}],
        "material": "hydrogel-1",
    }
    assert known_levels(PadsRemoved, {"session": FIRST}, state(opened())) == {}
    assert known_levels(SkinCheckedAfter, {"session": [1]}, state(opened())) == {}
    unknown = known_levels(SkinCheckedAfter, {"session": SECOND}, state(opened()))
    assert unknown == {"levels": [], "material": ""}


def test_where_no_site_is_known_any_look_at_the_skin_counts() -> None:
    nowhere = msgspec.structs.replace(opened(), levels=())
    looked = msgspec.structs.replace(skin(), levels=())
    assert objection(looked, state(nowhere)) is None
    assert objection(msgspec.structs.replace(looked, grades=()), state(nowhere)) is not None
    nobody = msgspec.structs.replace(skin_not_checked(), levels=())
    assert objection(nobody, state(nowhere)) is None
    assert objection(msgspec.structs.replace(nobody, reason=" "), state(nowhere)) is not None


@pytest.mark.parametrize("first", SkinGrade)
@pytest.mark.parametrize("second", SkinGrade)
def test_of_two_looks_at_the_same_skin_only_a_graver_one_counts_after_the_first(
    first: SkinGrade, second: SkinGrade
) -> None:
    looked = state(opened(), graded(first))
    assert (objection(graded(second), looked) is None) is (second > first)
    assert objection(skin_not_checked(), looked) is not None


def test_skin_that_nobody_looked_at_may_be_looked_at_later() -> None:
    left = state(opened(), skin_not_checked())
    assert objection(skin(), left) is None
    assert objection(skin_not_checked(), left) is not None


def test_a_session_is_closed_once() -> None:
    closed = state(opened(), *STEPS.values(), completed())
    refusal = objection(completed(), closed)
    assert refusal is not None
    assert said(refusal).asked == "closed already"
