"""A session is closed once pads are off, skin was looked at and each question has an answer."""

import itertools

import pytest

from appliance.clinical.closing.close_out import (
    CloseOut,
    CloseOuts,
    PartOutcome,
    judge_close_out,
    judge_holding_up,
    refuse_next_session,
)
from appliance.clinical.closing.facts import (
    CloseOutPart,
    StoppedBecause,
)
from appliance.clinical.outcomes.facts import (
    DisabilityIndex,
    IndexScored,
    PainMoment,
)
from appliance.texts.catalogue.close_out import CLOSE_OUT
from tests.support.close_outs import (
    FIRST,
    SECOND,
    STEPS,
    completed,
    deferred,
    left_out,
    missing,
    opened,
    pain,
    skin,
    skin_not_checked,
    state,
    stopped,
)
from tests.support.facts import WHO, day
from tests.support.text_keys import strings_of
from tests.support.texts import said


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


def test_what_is_done_is_not_put_off_or_left_out_afterwards() -> None:
    close_outs = state(opened(), pain(PainMoment.AFTER))
    for fact in (deferred(CloseOutPart.PAIN_AFTER), left_out(CloseOutPart.PAIN_AFTER)):
        assert close_outs.after(fact, day(0)) == close_outs


def test_only_pads_and_skin_hold_up_the_next_session() -> None:
    for count in range(len(STEPS) + 1):
        for done in itertools.combinations(STEPS, count):
            close_outs = state(opened(), *(STEPS[part] for part in done))
            held = close_outs.holding_up
            assert (held is None) is ({"pads_off", "skin"} <= set(done))
            findings = judge_holding_up(close_outs)
            assert [finding.item for finding in findings] == (
                [] if held is None else ["close_out:0001-001"]
            )
            if held is not None:
                assert "P-0015" in said(refuse_next_session("P-0015", held)).asked
                assert said(findings[0].refusal()).limit == "close-out"


def test_skin_not_looked_at_with_a_reason_holds_nobody_up() -> None:
    assert state(opened(), STEPS["pads_off"], skin_not_checked()).holding_up is None


def test_the_newest_of_several_open_sessions_is_named_first() -> None:
    held = state(opened(SECOND), opened("0001-1000"), opened(FIRST)).holding_up
    assert held is not None
    assert held.session == "0001-1000"


def test_opening_again_forgets_nothing() -> None:
    close_outs = state(opened(), *STEPS.values())
    assert close_outs.after(opened(), day(1)) == close_outs


@pytest.mark.parametrize("because", StoppedBecause)
def test_why_it_stopped_is_kept_and_harm_is_told_apart(because: StoppedBecause) -> None:
    close_outs = state(opened(), stopped(because))
    assert close_outs.by_session[FIRST].because is because
    assert because.harms is (because in {"pain", "burning", "faintness", "skin"})


def test_why_a_session_was_interrupted_is_kept_until_it_has_ended() -> None:
    close_outs = state(stopped(StoppedBecause.PAIN), opened())
    assert close_outs.by_session[FIRST].because is StoppedBecause.PAIN
    assert "stopped_because" not in missing(close_outs)
    assert state(stopped(session=SECOND), opened()).by_session[FIRST].because is None


def test_a_part_with_its_outcome_reads_as_it_was_recorded() -> None:
    empty = CloseOut(session=FIRST, motor=False, opened=day(0))
    assert [finding.item for finding in judge_close_out(empty)] == list(STEPS)[:-1]


def test_every_text_of_the_close_out_is_used() -> None:
    assert CLOSE_OUT.keys() - strings_of("closing") == set()
