"""Facts are recorded and folded again: whatever their order, nothing raises and no stop is lost."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.clinical.body import PadSite, Side
from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.fact_reading import read_fact
from appliance.clinical.finding import Consequence
from appliance.clinical.patients.events import event_of, fact_types
from appliance.clinical.patients.facts import AliasChanged, PatientNoted, PatientRegistered
from appliance.clinical.patients.files import PatientFiles
from appliance.clinical.patients.recording import refuse_fact
from appliance.clinical.screening.facts import (
    Answer,
    ScreeningAnswered,
    ScreeningConfirmed,
    VisitAnswer,
    VisitListAnswered,
)
from appliance.clinical.screening.judge import judge_screening
from appliance.clinical.screening.questions import load_questions, load_visit_list
from appliance.clinical.screening.state import ScreeningState
from appliance.clinical.skin.facts import (
    AlteredSensationAccepted,
    Gone,
    PatchTestApplied,
    PatchTestDeclined,
    PatchTestFollowedUp,
    PatchTestRead,
    SensationTested,
    SiteLevel,
    SkinCheckedAfter,
    SkinCheckedBefore,
    SkinFollowedUp,
    SkinGrade,
    SkinNotChecked,
    SkinReinspected,
)
from appliance.clinical.skin.sensation import judge_sensation
from appliance.clinical.skin.skin import judge_follow_up, judge_skin, skin_bounds
from appliance.clinical.skin.skin_state import SkinState
from appliance.core.limits.limits import Purpose, Region
from tests.support.screening import DAY_US, at, full, part, planned, reasons
from tests.support.skin import L1, L5, NECK_C4, after, followed_up, planned_at

MINE = (
    PatientRegistered,
    AliasChanged,
    PatientNoted,
    ScreeningAnswered,
    VisitListAnswered,
    ScreeningConfirmed,
    SkinCheckedBefore,
    SkinCheckedAfter,
    SkinNotChecked,
    SkinFollowedUp,
    SkinReinspected,
    SensationTested,
    AlteredSensationAccepted,
    PatchTestApplied,
    PatchTestRead,
    PatchTestFollowedUp,
    PatchTestDeclined,
)
texts = st.sampled_from(["", "why", "B7", "hydrogel A", "Frau Beispiel", "\u202e", "x" * 300])
names = st.sampled_from([*load_questions(), "no_question"])
sites = st.sampled_from([L1, L5, NECK_C4, PadSite(region=Region.NECK, side=Side.BOTH, spot="")])
st.register_type_strategy(PadSite, sites)
levels = st.builds(SiteLevel, site=sites, level_ua=st.integers(0, 100_000))
st.register_type_strategy(SiteLevel, levels)
DICTS = {
    ScreeningAnswered: {
        "answers": st.dictionaries(names, st.sampled_from(Answer), max_size=4),
        "here": st.dictionaries(
            st.sampled_from(Region),
            st.dictionaries(names, st.sampled_from(Answer), max_size=3),
            max_size=2,
        ),
    },
    VisitListAnswered: {
        "answers": st.dictionaries(
            st.sampled_from([*load_visit_list(), "no_item"]), st.sampled_from(VisitAnswer)
        )
    },
    ScreeningConfirmed: {"reasons": st.dictionaries(names, texts, max_size=3)},
}


def facts_of(kind: type[Fact]) -> st.SearchStrategy[Fact]:
    text_fields = {
        field: texts
        for field, hint in kind.__annotations__.items()
        if hint is str and field != "patient"
    }
    shared = {
        "patient": st.sampled_from(["P-0013", "P-0027"]),
        "operator": st.sampled_from(["K. M.", ""]),
    }
    return st.builds(kind, **{**shared, **text_fields, **DICTS.get(kind, {})})


any_fact = st.one_of([facts_of(kind) for kind in MINE])
any_time = st.builds(
    FactTime,
    st.integers(0, 60 * DAY_US),
    st.integers(0, 60),
    st.booleans(),
    st.integers(1, 3),
    st.integers(0, 60 * DAY_US),
)


@pytest.mark.parametrize("kind", MINE, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_a_fact_comes_back_from_its_record_as_it_was(kind: type[Fact], data: st.DataObject) -> None:
    fact = data.draw(facts_of(kind))
    recorded = json.loads(json.dumps(msgspec.to_builtins(fact, str_keys=True)))
    assert read_fact(fact_types()[event_of(kind)], recorded) == fact


@given(st.lists(st.tuples(any_fact, any_time), max_size=8), any_fact, any_time)
def test_no_order_of_facts_raises_and_none_is_judged_by_an_exception(
    facts: list[tuple[Fact, FactTime]], next_fact: Fact, now: FactTime
) -> None:
    files = PatientFiles(virtual=True)
    for fact, when in facts:
        files.take(fact, when)
    refuse_fact(next_fact, files, now)
    file, judged = files.of("P-0013"), files.judged_at(now)
    judge_screening(file.screening, planned(), judged)
    judge_skin(file.skin, planned_at(L1, L5), judged)
    judge_sensation(file.sensation, planned_at(L1, L5), judged)
    judge_follow_up(file.skin)


@given(
    st.dictionaries(names.filter(load_questions().__contains__), st.sampled_from(Answer)),
    st.sampled_from(Region),
    st.sampled_from(Purpose),
    st.lists(st.tuples(names, texts), max_size=3),
)
def test_no_reason_removes_a_stop(
    answers: dict[str, Answer],
    region: Region,
    purpose: Purpose,
    words: list[tuple[str, str]],
) -> None:
    state = ScreeningState().after(full(**answers), at(100.5))
    asked = planned(region, purpose)

    def stops(screening: ScreeningState) -> set[str]:
        found = judge_screening(screening, asked, at(100.6))
        return {each.item for each in found if each.consequence is Consequence.STOP}

    reasoned = state.after(reasons(region, purpose, **dict(words)), at(100.55))
    assert stops(reasoned) == stops(state)


@given(st.lists(st.sampled_from(Answer), min_size=1, max_size=6))
def test_only_an_answer_takes_a_stop_away(answers: list[Answer]) -> None:
    state = ScreeningState().after(full(), at(100.5))
    for answer in answers:
        state = state.after(part(active_implant=answer), at(100.5))
    found = {finding.item for finding in judge_screening(state, planned(), at(100.6))}
    assert ("active_implant" in found) is (answers[-1] is not Answer.NO)
    expected_open = False
    was = Answer.NO
    for answer in answers:
        expected_open |= was is not Answer.UNKNOWN and answer is not was
        was = answer
    assert ("full_screening" in found) is expected_open


@given(st.lists(st.tuples(facts_of(SkinCheckedBefore), any_time), max_size=6))
def test_looking_at_the_skin_before_never_lifts_a_cap_or_a_block(
    checks: list[tuple[Fact, FactTime]],
) -> None:
    state = SkinState()
    for fact, when in checks:
        checked = state.after(fact, when)
        for site, skin in state.sites.items():
            assert checked.of(site).cap_ua is not None or skin.cap_ua is None
            assert checked.of(site).blocked is not None or skin.blocked is None
        state = checked
    assert skin_bounds(state, planned_at(L1)).ceiling_ua in {None, 15_000}


@given(st.sampled_from(Gone), st.sampled_from(SkinGrade), st.integers(0, 100_000))
def test_a_cap_is_never_above_half_of_the_last_level(
    answer: Gone, grade: SkinGrade, level_ua: int
) -> None:
    state = SkinState().after(after(grade, L1, level_ua=level_ua), at(100.5))
    cap_ua = skin_bounds(state.after(followed_up(answer, L1), at(107.5)), planned_at(L1)).ceiling_ua
    if answer is not Gone.GONE or grade is not SkinGrade.CLEAR:
        assert cap_ua is not None
        assert cap_ua <= max(level_ua // 2, 0 if level_ua else 15_000)
