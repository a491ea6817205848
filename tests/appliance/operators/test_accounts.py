"""Accounts: who can sign in, who may change that, and that a lead clinician is always left."""

import pytest

from appliance.clinical.fact import FactTime
from appliance.operators.accounts import (
    Account,
    Accounts,
    may_enrol,
    refuse_enrolment,
    refuse_retirement,
    refuse_unknown,
)
from appliance.operators.facts import (
    OperatorEnrolled,
    OperatorRetired,
    OperatorRole,
    OperatorsReset,
    PinSet,
    Recorded,
    SignedIn,
    SignInFailed,
)
from appliance.texts.english import english

NOW = FactTime(1_700_000_000_000_000, 19_675, True, 1, 0)
LEAD, CLINICIAN, SERVICE = OperatorRole.LEAD, OperatorRole.CLINICIAN, OperatorRole.SERVICE


def enrolled(name: str, role: OperatorRole, by: str = "lea") -> tuple[Recorded, ...]:
    return (
        OperatorEnrolled(operator=name, role=role, by=by),
        PinSet(operator=name, by=by, one_time=False),
    )


def accounts(*facts: Recorded) -> Accounts:
    folded = Accounts()
    for fact in facts:
        folded = folded.after(fact, NOW)
    return folded


CLINIC = accounts(
    *enrolled("lea", LEAD, "first set-up"), *enrolled("kim", CLINICIAN), *enrolled("sam", SERVICE)
)


def found(folded: Accounts, name: str) -> Account:
    account = folded.find(name)
    assert account is not None
    return account


def test_an_operator_is_found_whatever_the_case_of_the_name() -> None:
    assert found(CLINIC, " KIM ").operator == "kim"


def test_a_retired_operator_cannot_sign_in_and_the_name_is_not_given_again() -> None:
    folded = CLINIC.after(OperatorRetired(operator="kim", by="lea"), NOW)
    assert folded.find("kim") is None
    assert [account.operator for account in folded.active()] == ["lea", "sam"]
    refusal = refuse_enrolment(folded, "Kim", CLINICIAN, found(folded, "lea"))
    assert refusal is not None
    assert english(refusal.text()) == (
        "operator: asked Kim, allowed a name that no operator has or had; "
        "nearest add a letter or a digit"
    )


def test_wrong_pins_are_counted_and_the_right_one_clears_them() -> None:
    wrong = SignInFailed(operator="kim")
    folded = CLINIC.after(wrong, NOW).after(wrong, NOW)
    assert found(folded, "kim").attempts.failures == 2
    assert found(folded, "lea").attempts.failures == 0
    assert found(folded.after(SignedIn(operator="kim"), NOW), "kim").attempts.failures == 0


def test_a_one_time_pin_has_to_be_changed_at_the_next_sign_in() -> None:
    folded = CLINIC.after(PinSet(operator="kim", by="lea", one_time=True), NOW)
    assert found(folded, "kim").must_change_pin
    own = folded.after(PinSet(operator="kim", by="kim", one_time=False), NOW)
    assert not found(own, "kim").must_change_pin
    pins = [found(each, "kim").pins_set for each in (CLINIC, folded, own)]
    assert [count - pins[0] for count in pins] == [0, 1, 2]  # one that is shown elsewhere is void


def test_a_fact_about_nobody_known_changes_nothing() -> None:
    assert CLINIC.after(SignInFailed(operator="nobody"), NOW) == CLINIC


def test_a_reset_takes_the_pin_of_every_lead_and_is_shown_until_one_is_set() -> None:
    reset = OperatorsReset(by="pi")
    folded = CLINIC.after(reset, NOW)
    assert not folded.has_lead()
    assert found(folded, "kim").has_pin
    assert folded.reset == reset
    again = folded.after(PinSet(operator="lea", by="first set-up", one_time=False), NOW)
    assert again.has_lead()
    assert again.reset is None


def test_a_lead_clinician_is_known_where_people_sign_in_and_nowhere_else() -> None:
    assert Accounts().is_lead("lea") is None
    assert [CLINIC.is_lead(name) for name in ("lea", "LEA", "kim", "nobody")] == [
        True,
        True,
        False,
        False,
    ]
    reset = CLINIC.after(OperatorsReset(by="pi"), NOW)
    assert reset.is_lead("kim") is False


def test_the_first_operator_of_a_unit_is_a_lead_clinician() -> None:
    assert refuse_enrolment(Accounts(), "lea", LEAD, None) is None
    refusal = refuse_enrolment(Accounts(), "kim", CLINICIAN, None)
    assert refusal is not None
    assert refusal.nearest == LEAD


def test_the_first_set_up_is_closed_once_there_is_a_lead() -> None:
    refusal = refuse_enrolment(CLINIC, "eve", LEAD, None)
    assert refusal is not None
    assert english(refusal.text()) == (
        "operator: asked lead, allowed by a lead clinician; nearest ask a lead clinician to do it"
    )


@pytest.mark.parametrize("role", OperatorRole)
def test_a_lead_enrols_everybody(role: OperatorRole) -> None:
    assert refuse_enrolment(CLINIC, "eve", role, found(CLINIC, "lea")) is None


@pytest.mark.parametrize(
    ("by", "role", "may"),
    [
        ("kim", LEAD, False),
        ("kim", CLINICIAN, False),
        ("kim", SERVICE, False),
        ("sam", LEAD, False),
        ("sam", CLINICIAN, False),
        ("sam", SERVICE, True),
    ],
)
def test_nobody_enrols_beyond_the_own_role(by: str, role: OperatorRole, may: bool) -> None:
    assert (refuse_enrolment(CLINIC, "eve", role, found(CLINIC, by)) is None) is may
    assert (role in may_enrol(found(CLINIC, by).role)) is may


def test_the_last_lead_cannot_be_retired() -> None:
    lead = found(CLINIC, "lea")
    refusal = refuse_retirement(CLINIC, "lea", lead)
    assert refusal is not None
    assert "enrol another lead clinician first" in english(refusal.text())
    two = accounts(*enrolled("lea", LEAD), *enrolled("eve", LEAD))
    assert refuse_retirement(two, "lea", found(two, "eve")) is None


def test_a_clinician_retires_nobody() -> None:
    assert refuse_retirement(CLINIC, "sam", found(CLINIC, "kim")) is not None
    assert refuse_retirement(CLINIC, "kim", found(CLINIC, "lea")) is None


@pytest.mark.parametrize("name", ["", "   ", "\u202e\u202e", "-"])
def test_a_name_that_names_nobody_is_refused(name: str) -> None:
    assert refuse_enrolment(CLINIC, name, CLINICIAN, found(CLINIC, "lea")) is not None


def test_a_name_that_does_not_fit_its_tile_is_refused() -> None:
    lead = found(CLINIC, "lea")
    assert refuse_enrolment(CLINIC, "x" * 20, CLINICIAN, lead) is None
    assert refuse_enrolment(CLINIC, "x" * 21, CLINICIAN, lead) is not None


def test_an_unknown_name_is_not_repeated() -> None:
    """It may be a PIN typed into the wrong field."""
    assert "4711" not in english(refuse_unknown(CLINIC, "4711").text())
    assert "lea, kim, sam" in english(refuse_unknown(CLINIC, "4711").text())
