"""Patch tests: offered to whoever is new, required where skin may react, never read too soon."""

import pytest

from appliance.clinical.fact import Fact, FactTime, judged_at
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.skin.facts import (
    NextDay,
    PatchTestApplied,
    PatchTestDeclined,
    PatchTestFollowedUp,
    PatchTestPlace,
    PatchTestRead,
    SkinGrade,
)
from appliance.clinical.skin.patch_test import (
    PatchTestState,
    judge_next_day,
    judge_patch_test,
    refuse_application,
    refuse_decline,
    refuse_next_day,
    refuse_reading,
)
from appliance.clinical.skin.skin_state import SkinState
from appliance.core.refusal import Refusal
from tests.support.screening import WHO, at
from tests.support.skin import L1, after, before
from tests.support.texts import Said, said

GEL = "hydrogel A"
NOON = at(100.5)
MINUTE = 1 / 1440
SEEN = at(100.5 + 31 * MINUTE)
NEXT = at(107.5)
NEW = SkinState()
TREATED = SkinState().after(after(SkinGrade.CLEAR, L1), at(90.5))
OTHER_PADS = SkinState().after(after(SkinGrade.CLEAR, L1, material="hydrogel B"), at(90.5))
REACTED = SkinState().after(after(SkinGrade.MARKED, L1), at(90.5))


def applied(material: str = GEL) -> PatchTestApplied:
    return PatchTestApplied(material=material, place=PatchTestPlace.INNER_FOREARM, **WHO)


def read(grade: SkinGrade = SkinGrade.CLEAR, *, timed_by_hand: bool = False) -> PatchTestRead:
    return PatchTestRead(material=GEL, grade=grade, timed_by_hand=timed_by_hand, **WHO)


def next_day(answer: NextDay) -> PatchTestFollowedUp:
    return PatchTestFollowedUp(material=GEL, answer=answer, **WHO)


def declined(material: str = GEL, reason: str = "no time today") -> PatchTestDeclined:
    return PatchTestDeclined(material=material, reason=reason, **WHO)


def folded(*facts: tuple[Fact, FactTime]) -> PatchTestState:
    state = PatchTestState()
    for fact, when in facts:
        state = state.after(fact, when)
    return state


CLEAR = folded((applied(), NOON), (read(), SEEN))


def judged(
    state: PatchTestState,
    skin: SkinState = NEW,
    *,
    sensitive: bool = False,
    now: FactTime = NEXT,
) -> tuple[Finding, ...]:
    return judge_patch_test(state, skin, GEL, sensitive=sensitive, now=now)


def words(refusal: Refusal | None) -> Said:
    assert refusal is not None
    return said(refusal)


@pytest.mark.parametrize(
    ("skin", "sensitive", "found"),
    [
        (NEW, False, "hydrogel A, new to this patient"),
        (NEW, True, "needed: an allergy to adhesive, or eczema"),
        (TREATED, False, None),
        (TREATED, True, "needed: an allergy to adhesive, or eczema"),
        (OTHER_PADS, False, "needed: a material new to this patient"),
        (REACTED, False, "needed: skin was marked or broken before"),
        (REACTED, True, "needed: skin was marked or broken before"),
    ],
)
def test_who_needs_a_patch_test_and_to_whom_it_is_offered(
    *, skin: SkinState, sensitive: bool, found: str | None
) -> None:
    findings = judged(PatchTestState(), skin, sensitive=sensitive)
    assert [said(each.refusal()).asked for each in findings] == ([found] if found else [])
    assert {each.consequence for each in findings} <= {Consequence.ASK}
    required = found is not None and found.startswith("needed")
    refusal = refuse_decline(declined(), PatchTestState(), skin, sensitive=sensitive)
    assert (refusal is not None) is required


def test_a_test_that_was_offered_may_be_declined_with_a_reason() -> None:
    (finding,) = judged(folded((declined(), NOON)))
    assert finding.consequence is Consequence.NOTE
    assert words(
        refuse_decline(declined(reason=" "), PatchTestState(), NEW, sensitive=False)
    ).limit == ("reason")


@pytest.mark.parametrize("skin", [OTHER_PADS, REACTED])
def test_declined_does_not_count_where_the_test_is_required(skin: SkinState) -> None:
    (finding,) = judged(folded((declined(), NOON)), skin)
    assert finding.consequence is Consequence.ASK


def test_a_test_on_the_skin_is_read_after_thirty_minutes() -> None:
    state = folded((applied(), NOON))
    (finding,) = judged(state, now=NOON)
    assert (finding.consequence, finding.since) == (Consequence.ASK, NOON)
    assert finding.from_utc_us == NOON.utc_us + 1_800_000_000
    assert refuse_reading(read(), state, at(100.5 + 30 * MINUTE + 1e-9)) is None
    early = words(refuse_reading(read(), state, at(100.5 + 20 * MINUTE)))
    assert early.allowed == "at least 30 min"
    assert (early.asked, early.nearest) == ("on the skin for 20 min", "read it in 10 min")
    odd = words(refuse_reading(read(), state, at(100.5 + 35.38 / 86_400)))
    assert (odd.asked, odd.nearest) == ("on the skin for 0 min", "read it in 30 min")
    assert words(refuse_reading(read(timed_by_hand=True), state, at(100.51))).limit == "patch test"


@pytest.mark.parametrize("grade", [SkinGrade.MARKED, SkinGrade.BROKEN])
def test_a_reaction_is_read_whenever_it_is_seen(grade: SkinGrade) -> None:
    """Hazard: skin blisters under the piece, and the unit takes no word of it for half an hour."""
    state = folded((applied(), NOON))
    for now in (NOON, at(100.5 + MINUTE), judged_at(FactTime(0, 0, trusted=False, boot=2), NOON)):
        assert refuse_reading(read(grade), state, now) is None
        assert refuse_reading(read(), state, now) is not None
    assert refuse_reading(read(grade), PatchTestState(), NOON) is not None
    assert judged(state.after(read(grade), NOON))[0].consequence is Consequence.STOP


def test_where_no_clock_can_tell_the_thirty_minutes_are_timed_by_hand() -> None:
    unset = judged_at(FactTime(0, 0, trusted=False, boot=2), NOON)
    state = folded((applied(), NOON))
    (finding,) = judged(state, now=unset)
    assert said(finding.refusal()).nearest == "time 30 min by hand and say so"
    assert finding.from_utc_us is None
    (known,) = judged(state, now=SEEN)
    assert said(known.refusal()).nearest == "after 30 min take it off and read at once"
    assert words(refuse_reading(read(), state, unset)).nearest == "time 30 min by hand and say so"
    assert refuse_reading(read(timed_by_hand=True), state, unset) is None
    untimed = folded((applied(), at(100.5, trusted=False)))
    (finding,) = judged(untimed, now=unset)
    assert finding.from_utc_us is None


def test_a_test_that_nobody_read_within_a_day_is_done_again() -> None:
    state = folded((applied(), NOON))
    assert refuse_reading(read(), state, at(101.49)) is None
    assert words(refuse_reading(read(), state, at(101.5))).nearest == (
        "stick a piece cut from the pad on the skin for 30 min"
    )
    (finding,) = judged(state, now=at(101.5))
    assert said(finding.refusal()).asked == "hydrogel A, new to this patient"
    assert refuse_application(applied(), state) is None


def test_nothing_is_read_that_is_not_on_the_skin() -> None:
    assert words(refuse_reading(read(), PatchTestState(), NOON)).allowed == (
        "a test that is on the skin"
    )
    assert refuse_reading(read(), CLEAR, NEXT) is not None


def test_a_clear_test_shows_irritation_only_until_the_next_day_was_asked_for() -> None:
    (today,) = judged(CLEAR, now=SEEN)
    assert today.consequence is Consequence.NOTE
    assert said(today.refusal()).asked == "hydrogel A, clear: no irritation; allergy shows later"
    assert judge_next_day(CLEAR, SEEN) == ()
    (asked,) = judge_next_day(CLEAR, NEXT)
    assert asked.consequence is Consequence.ASK
    nothing = CLEAR.after(next_day(NextDay.NOTHING), NEXT)
    assert judge_next_day(nothing, NEXT) == ()
    assert judged(nothing) == ()
    assert judged(nothing, sensitive=True) == ()
    assert judged(nothing, OTHER_PADS) == ()


@pytest.mark.parametrize("grade", [SkinGrade.MARKED, SkinGrade.BROKEN])
def test_a_reaction_blocks_the_material_for_this_patient(grade: SkinGrade) -> None:
    state = folded((applied(), NOON), (read(grade), SEEN))
    (finding,) = judged(state)
    assert (finding.consequence, finding.since) == (Consequence.STOP, SEEN)
    assert judge_next_day(state, NEXT) == ()
    assert words(refuse_application(applied(), state)).allowed == "a material that is not blocked"
    assert refuse_decline(declined(), state, NEW, sensitive=False) is not None
    (other,) = judge_patch_test(state, TREATED, "hydrogel B", sensitive=False, now=NEXT)
    assert other.consequence is Consequence.ASK


def test_something_by_the_next_day_blocks_the_material() -> None:
    state = CLEAR.after(next_day(NextDay.SOMETHING), NEXT)
    (finding,) = judged(state)
    assert (finding.consequence, finding.since) == (Consequence.STOP, NEXT)


def test_a_test_of_which_nobody_knows_the_next_day_is_done_again() -> None:
    state = CLEAR.after(next_day(NextDay.UNKNOWN), NEXT)
    (finding,) = judged(state, TREATED)
    assert finding.consequence is Consequence.ASK
    assert said(finding.refusal()).asked == "needed: nobody knows how the last one ended"
    assert refuse_application(applied(), state) is None


def test_a_reaction_under_pads_after_a_clear_test_needs_another_test() -> None:
    clear = CLEAR.after(next_day(NextDay.NOTHING), NEXT)
    marked = NEW.after(before(SkinGrade.MARKED, L1), at(108.5))
    (finding,) = judged(clear, marked, now=at(108.5))
    assert said(finding.refusal()).asked == "needed: skin was marked or broken before"
    again = clear.after(applied(), at(108.5)).after(read(), at(108.6))
    assert [each.consequence for each in judged(again, marked, now=at(108.6))] == [Consequence.NOTE]
    other_boot = clear.after(applied(), at(90, boot=2)).after(read(), at(91, boot=2))
    assert [each.consequence for each in judged(other_boot, marked, now=at(91, boot=2))] == [
        Consequence.NOTE
    ]


def test_a_test_is_asked_about_before_another_of_the_same_material() -> None:
    assert words(refuse_application(applied(), CLEAR)).nearest == "ask: anything by the next day?"
    assert refuse_application(applied("hydrogel B"), CLEAR) is None
    assert refuse_next_day(next_day(NextDay.NOTHING), CLEAR) is None
    answered = CLEAR.after(next_day(NextDay.NOTHING), NEXT)
    assert words(refuse_next_day(next_day(NextDay.NOTHING), answered)).nearest == "leave it out"


@pytest.mark.parametrize("material", ["", " ", "\u202egel", "x" * 65])
def test_a_material_has_a_readable_name(material: str) -> None:
    assert words(refuse_application(applied(material), PatchTestState())).nearest == (
        "take it from the label of the pads"
    )
