"""The first set-up: which steps are done, and what is refused until all are."""

import pytest

from appliance.operators.facts import UnitSetUp
from appliance.operators.set_up import SetUp, refuse_steps, refuse_unfinished
from tests.support.texts import said

pytestmark = pytest.mark.proves("signed-in")

DIGEST = "ab" * 32
ALL = UnitSetUp(by="lea", language="en", clinic="N", clock_confirmed=True, board_digest=DIGEST)


def missing(done: SetUp, *, has_lead: bool = True, digest: str = DIGEST) -> list[str]:
    steps = done.steps(has_lead=has_lead, board_digest=digest)
    return [step.step for step in steps if not step.done]


def test_every_step_is_missing_at_first_and_the_lead_comes_first() -> None:
    assert missing(SetUp(), has_lead=False) == ["lead", "language", "clinic", "clock", "board"]


@pytest.mark.parametrize(
    ("fact", "step"),
    [
        (UnitSetUp(by="lea", language="en"), "language"),
        (UnitSetUp(by="lea", clinic="North"), "clinic"),
        (UnitSetUp(by="lea", clock_confirmed=True), "clock"),
        (UnitSetUp(by="lea", board_digest=DIGEST), "board"),
    ],
)
def test_a_fact_does_its_own_step_and_takes_none_back(fact: UnitSetUp, step: str) -> None:
    assert step not in missing(SetUp().after(fact))
    assert len(missing(SetUp().after(fact))) == 3
    assert missing(SetUp().after(ALL).after(fact)) == []


def test_another_board_has_to_be_checked_again() -> None:
    assert missing(SetUp().after(ALL), digest="cd" * 32) == ["board"]


def test_a_patient_is_refused_with_every_step_that_is_missing() -> None:
    assert refuse_unfinished(SetUp().after(ALL).steps(has_lead=True, board_digest=DIGEST)) is None
    refusal = refuse_unfinished(SetUp().steps(has_lead=False, board_digest=DIGEST))
    assert refusal is not None
    assert said(refusal).asked.count(",") == 4
    assert said(refusal).nearest == "enrol the lead clinician"


@pytest.mark.parametrize(
    ("language", "clinic", "others", "accepted"),
    [
        ("en", None, False, True),
        (None, "North", False, True),
        (None, None, True, True),
        (None, None, False, False),
        ("nl", None, False, False),
        ("", None, True, False),
        (None, "", True, False),
        (None, "n" * 60, False, True),
        (None, "n" * 61, False, False),
        (None, "\u202eNorth", False, False),
    ],
)
def test_a_step_says_something(
    language: str | None, clinic: str | None, others: bool, accepted: bool
) -> None:
    refusal = refuse_steps(language, clinic, others=others)
    assert (refusal is None) is accepted
    if refusal is not None:
        assert said(refusal).limit == "first set-up"
