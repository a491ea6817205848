"""A session is closed once pads are off, skin was looked at and each question has an answer."""

import itertools

import pytest

from appliance.clinical.body import PadSite, Side
from appliance.clinical.closing.close_out import (
    CloseOut,
    CloseOuts,
    PartOutcome,
    judge_close_out,
    refuse_close_out,
)
from appliance.clinical.closing.facts import (
    CloseOutCompleted,
    CloseOutOpened,
    CloseOutPart,
    PartDeferred,
    PartLeftOut,
    SeatedAfter,
    StopExplained,
    StoppedBecause,
)
from appliance.clinical.exercises.facts import AdviceGiven, ExercisesGiven
from appliance.clinical.fact import Fact
from appliance.clinical.finding import Consequence
from appliance.clinical.outcomes.facts import (
    DisabilityIndex,
    IndexScored,
    PainMoment,
    PainScored,
)
from appliance.clinical.placement.facts import PadsRemoved
from appliance.clinical.skin.facts import (
    SiteGrade,
    SiteLevel,
    SkinCheckedAfter,
    SkinGrade,
    SkinNotChecked,
)
from appliance.core.limits.limits import Region
from appliance.texts.catalogue.close_out import CLOSE_OUT
from tests.support.facts import WHO, day
from tests.support.text_keys import strings_of
from tests.support.texts import problems, said

FIRST, SECOND = "0001-001", "0001-002"
SITE = PadSite(region=Region.LOWER_BACK, side=Side.LEFT, spot="l1")
LEVELS = (SiteLevel(site=SITE, level_ua=12_000),)


def pain(moment: PainMoment, session: str = FIRST) -> PainScored:
    return PainScored(**WHO, session=session, region=Region.LOWER_BACK, moment=moment, score=4)


def skin(session: str = FIRST) -> SkinCheckedAfter:
    grades = (SiteGrade(site=SITE, grade=SkinGrade.CLEAR),)
    return SkinCheckedAfter(
        **WHO, session=session, grades=grades, levels=LEVELS, material="hydrogel-1"
    )


def skin_not_checked() -> SkinNotChecked:
    return SkinNotChecked(
        **WHO, session=FIRST, reason="patient left in a hurry", levels=LEVELS, material="hydrogel-1"
    )


def opened(session: str = FIRST, *, motor: bool = True) -> CloseOutOpened:
    return CloseOutOpened(**WHO, session=session, motor=motor)


def stopped(
    because: StoppedBecause = StoppedBecause.TIME_OVER, session: str = FIRST
) -> StopExplained:
    return StopExplained(**WHO, session=session, because=because)


def left_out(part: CloseOutPart, reason: str = "had to leave") -> PartLeftOut:
    return PartLeftOut(**WHO, session=FIRST, part=part, reason=reason)


def deferred(part: CloseOutPart, session: str = FIRST) -> PartDeferred:
    return PartDeferred(**WHO, session=session, part=part)


def completed(session: str = FIRST) -> CloseOutCompleted:
    return CloseOutCompleted(**WHO, session=session)


STEPS: dict[str, Fact] = {
    "pads_off": PadsRemoved(**WHO, session=FIRST),
    "skin": skin(),
    "pain_before": pain(PainMoment.BEFORE),
    "pain_after": pain(PainMoment.AFTER),
    "stopped_because": stopped(),
    "seated": SeatedAfter(**WHO, session=FIRST, seconds=120),
}


def state(*facts: Fact) -> CloseOuts:
    close_outs = CloseOuts()
    for fact in facts:
        close_outs = close_outs.after(fact, day(0))
    return close_outs


def missing(close_outs: CloseOuts, session: str = FIRST) -> list[str]:
    findings = judge_close_out(close_outs.by_session[session])
    assert {finding.consequence for finding in findings} <= {Consequence.ASK}
    assert [problem for finding in findings for problem in problems(finding.text())] == []
    return [finding.item for finding in findings]


@pytest.mark.parametrize("count", range(len(STEPS) + 1))
def test_each_part_that_is_missing_is_asked_for_and_no_other(count: int) -> None:
    for done in itertools.combinations(STEPS, count):
        close_outs = state(opened(), *(STEPS[part] for part in done))
        assert missing(close_outs) == [part for part in STEPS if part not in done]
        refusal = refuse_close_out(completed(), close_outs)
        assert (refusal is None) is (count == len(STEPS))
        if refusal is not None:
            said(refusal)


def test_after_a_sensory_session_nobody_has_to_stay_seated() -> None:
    done = [fact for part, fact in STEPS.items() if part != "seated"]
    assert missing(state(opened(motor=False), *done)) == []
    assert missing(state(opened(motor=True), *done)) == ["seated"]


def test_the_pain_before_is_the_one_that_was_asked_before_the_session() -> None:
    close_outs = state(pain(PainMoment.BEFORE), opened())
    assert "pain_before" not in missing(close_outs)
    other = state(pain(PainMoment.BEFORE, session="0001-007"), opened())
    assert "pain_before" in missing(other)


def test_a_skin_nobody_looked_at_counts_as_left_out_with_its_reason() -> None:
    close_outs = state(opened(), skin_not_checked())
    assert "skin" not in missing(close_outs)
    assert close_outs.by_session[FIRST].parts[CloseOutPart.SKIN] is PartOutcome.LEFT_OUT
    looked = close_outs.after(skin(), day(0))
    assert looked.by_session[FIRST].parts[CloseOutPart.SKIN] is PartOutcome.DONE


def test_skin_counts_only_for_the_session_that_is_being_closed() -> None:
    assert state(skin(), opened()).by_session[FIRST].parts == {}
    everything = state(opened(), *STEPS.values(), completed())
    again = everything.after(opened(SECOND), day(1)).after(skin(SECOND), day(1))
    assert again.by_session[SECOND].parts == {CloseOutPart.SKIN: PartOutcome.DONE}
    assert again.open is not None
    assert again.open.session == SECOND
    assert state(skin()) == CloseOuts()


def test_of_two_sessions_that_were_left_open_the_newest_is_being_closed() -> None:
    close_outs = state(opened(FIRST), opened(SECOND))
    assert close_outs.open is not None
    assert close_outs.open.session == SECOND
    score = IndexScored(**WHO, index=DisabilityIndex.OSWESTRY, score=20)
    scored = close_outs.after(score, day(0))
    assert scored.by_session[FIRST].parts == {}
    assert scored.by_session[SECOND].parts == {CloseOutPart.OUTCOMES: PartOutcome.DONE}


def test_an_outcome_counts_for_the_session_that_is_being_closed() -> None:
    score = IndexScored(**WHO, index=DisabilityIndex.OSWESTRY, score=20)
    assert state(opened(), score).by_session[FIRST].parts == {
        CloseOutPart.OUTCOMES: PartOutcome.DONE
    }
    closed = state(opened(), *STEPS.values(), completed())
    assert closed.after(score, day(1)) == closed


@pytest.mark.parametrize("part", CloseOutPart)
def test_pads_skin_and_the_rest_on_the_chair_cannot_be_put_off(part: CloseOutPart) -> None:
    refusal = refuse_close_out(deferred(part), state(opened()))
    assert (refusal is None) is (part not in {"pads_off", "skin", "seated"})
    if refusal is not None:
        assert said(refusal).asked == f"{part.value} later"


@pytest.mark.parametrize("part", CloseOutPart)
def test_only_sitting_and_pain_can_be_left_out_and_only_with_a_reason(part: CloseOutPart) -> None:
    refusal = refuse_close_out(left_out(part), state(opened()))
    assert (refusal is None) is (part in {"seated", "pain_before", "pain_after"})
    for reason in ("", " ", "\u200b"):
        assert refuse_close_out(left_out(part, reason), state(opened())) is not None


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
    assert refuse_close_out(completed(), close_outs) is None
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


def test_what_is_done_is_not_put_off_or_left_out_afterwards() -> None:
    close_outs = state(opened(), pain(PainMoment.AFTER))
    for fact in (deferred(CloseOutPart.PAIN_AFTER), left_out(CloseOutPart.PAIN_AFTER)):
        assert close_outs.after(fact, day(0)) == close_outs


@pytest.mark.parametrize(
    ("seconds", "accepted"),
    [(-1, False), (0, False), (119, False), (120, True), (600, True), (10_801, False)],
)
def test_seated_is_two_minutes_or_more(seconds: int, *, accepted: bool) -> None:
    seated = SeatedAfter(**WHO, session=FIRST, seconds=seconds)
    refusal = refuse_close_out(seated, state(opened()))
    assert (refusal is None) is accepted
    if refusal is not None:
        assert said(refusal).nearest == "wait, or give the reason why the patient stands up"


@pytest.mark.parametrize("part", STEPS)
def test_a_part_of_a_session_that_is_not_being_closed_is_refused(part: str) -> None:
    fact = STEPS[part]
    refusal = refuse_close_out(fact, state(opened(SECOND)))
    of_this_room = part in {"pads_off", "stopped_because", "seated"}
    assert (refusal is not None) is of_this_room
    if refusal is not None:
        assert said(refusal).asked == "session 0001-001"
    if part not in {"skin", "pain_before"}:
        assert state(opened(SECOND)).after(fact, day(0)) == state(opened(SECOND))


def test_opening_again_forgets_nothing() -> None:
    close_outs = state(opened(), *STEPS.values())
    assert close_outs.after(opened(), day(1)) == close_outs


@pytest.mark.parametrize("because", StoppedBecause)
def test_why_it_stopped_is_kept_and_harm_is_told_apart(because: StoppedBecause) -> None:
    close_outs = state(opened(), stopped(because))
    assert close_outs.by_session[FIRST].because is because
    assert because.harms is (because in {"pain", "burning", "faintness", "skin"})


def test_a_part_with_its_outcome_reads_as_it_was_recorded() -> None:
    empty = CloseOut(session=FIRST, motor=False, opened=day(0))
    assert [finding.item for finding in judge_close_out(empty)] == list(STEPS)[:-1]


def test_every_text_of_the_close_out_is_used() -> None:
    assert CLOSE_OUT.keys() - strings_of("closing") == set()
