"""Who is registered: adults, once each, under an alias that is no name."""

import pytest

from appliance.clinical.fact import FactTime, judged_at
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.patients.alias import is_similar, refuse_alias
from appliance.clinical.patients.facts import AliasChanged, PatientNoted, PatientRegistered
from appliance.clinical.patients.registration import (
    WHO_IS_WHO,
    PatientIdentity,
    identity_of,
    refuse_alias_change,
    refuse_born,
    refuse_note,
    refuse_registration,
    similar_patients,
    unregistered,
    year_of,
)
from appliance.core.refusal import Refusal
from appliance.messages.aliases import alias_of
from appliance.texts.english import english
from tests.support.texts import said

DAY_US = 86_400_000_000
NOVEMBER_2026 = 20_786
NOW = FactTime(NOVEMBER_2026 * DAY_US, NOVEMBER_2026, trusted=True, boot=3)
UNSET = judged_at(FactTime(5, 0, trusted=False, boot=3), None)


def registered(
    patient: str = "P-0015",
    born: int = 1970,
    alias: str | None = None,
    *,
    eighteen: bool = False,
    other_than: tuple[str, ...] = (),
) -> PatientRegistered:
    return PatientRegistered(
        patient=patient,
        operator="K. M.",
        simulated=False,
        born=born,
        alias=alias,
        eighteen=eighteen,
        other_than=other_than,
    )


def known(patient: str, born: int, alias: str | None) -> PatientIdentity:
    return PatientIdentity(patient, born, alias, NOW)


def question(answer: Refusal | Finding | None) -> Finding:
    assert isinstance(answer, Finding)
    assert answer.consequence is Consequence.ASK
    return answer


def refusal(answer: Refusal | Finding | None) -> Refusal:
    assert isinstance(answer, Refusal)
    return answer


@pytest.mark.parametrize("alias", ["A1", "R2D2", "abc123", "7B", "ÖZ9", "12", "م٣"])
def test_an_alias_has_2_to_6_letters_and_digits_with_a_digit(alias: str) -> None:
    assert refuse_alias(alias) is None


@pytest.mark.parametrize(
    "alias",
    ["", "1", "AB", "KATE", "ABC1234", "A 1", "A-1", "A.1", "A1\u202e", "A1\u0301", "A1\n2"],
)
def test_other_aliases_are_refused_and_not_repeated(alias: str) -> None:
    answer = refuse_alias(alias)
    assert answer is not None
    assert said(answer).allowed == "2 to 6 letters and digits, at least one digit, no spaces"
    assert said(answer).asked in {f"a text of {len(alias)} characters", "a text without a digit"}


def test_an_alias_is_kept_in_capitals_and_in_one_form() -> None:
    assert alias_of(" b7 ") == "B7"
    assert alias_of("A\uff11") == "A1"
    identity = identity_of(registered(alias="b7"), NOW)
    assert identity.alias == "B7"
    changed = AliasChanged(patient="P-0015", operator="K. M.", simulated=False, alias="c8")
    assert identity.after(changed).alias == "C8"


@pytest.mark.parametrize(
    ("first", "second"),
    [("B7", "B7"), ("B7", "B8"), ("B7", "7B"), ("B7", "B77"), ("BO7", "B07"), ("A1B2", "A12B")],
)
def test_a_slip_makes_similar_aliases(first: str, second: str) -> None:
    assert is_similar(first, second)
    assert is_similar(second, first)


@pytest.mark.parametrize(("first", "second"), [("B7", "K4"), ("B7", "B789"), ("A12", "2A1")])
def test_other_aliases_are_not_similar(first: str, second: str) -> None:
    assert not is_similar(first, second)


@pytest.mark.parametrize("born", [1906, 1950, 2007])
def test_an_adult_is_registered(born: int) -> None:
    assert refuse_registration(registered(born=born), (), NOW) is None


def test_a_person_who_turns_18_this_year_is_registered_once_the_birthday_was_asked_for() -> None:
    answer = question(refuse_registration(registered(born=2008), (), NOW))
    assert said(answer.refusal()).nearest == "say that the 18th birthday has been"
    assert refuse_registration(registered(born=2008, eighteen=True), (), NOW) is None


@pytest.mark.parametrize("born", [1905, 2009, 2026, 2030, 0, -5, 197])
def test_nobody_else_is_registered_whatever_is_said_of_a_birthday(born: int) -> None:
    answer = refusal(refuse_registration(registered(born=born, eighteen=True), (), NOW))
    assert said(answer).limit == "year of birth"
    assert said(answer).allowed == "1906 to 2008"


def test_without_a_clock_an_age_is_never_taken_for_more_than_it_is() -> None:
    assert year_of(UNSET) == 2026
    wild = FactTime(0, 40_000, trusted=False, boot=3)
    assert year_of(judged_at(wild, NOW)) == 2026
    assert refuse_born(2008, UNSET) is None
    answer = refuse_born(2009, UNSET)
    assert answer is not None
    assert said(answer).nearest == "set the clock"


def test_without_a_clock_the_newest_trusted_fact_tells_the_year() -> None:
    in_2028 = FactTime((NOVEMBER_2026 + 500) * DAY_US, NOVEMBER_2026 + 500, trusted=True, boot=2)
    assert refuse_born(2010, judged_at(UNSET, in_2028)) is None
    assert year_of(FactTime(0, 10**12, trusted=True, boot=1)) == 2026


def test_the_same_alias_asks_whether_it_is_the_same_person() -> None:
    others = [known("P-0015", 1950, "B7"), known("P-0023", 1980, "K4")]
    answer = question(refuse_registration(registered("P-0031", 1970, "b7"), others, NOW))
    assert said(answer.refusal()).asked == "1 who may be the same person: P-0015"
    somebody_else = registered("P-0031", 1970, "b7", other_than=("P-0015",))
    assert refuse_registration(somebody_else, others, NOW) is None


@pytest.mark.parametrize(
    ("born", "alias", "similar"),
    [
        (1970, "B8", True),
        (1971, "B8", False),
        (1970, "K4", False),
        (1970, None, True),
        (1971, None, False),
        (1971, "B7", True),
    ],
)
def test_who_may_be_the_same_person(*, born: int, alias: str | None, similar: bool) -> None:
    others = [known("P-0015", 1970, "B7")]
    assert bool(similar_patients(born, alias, others)) is similar


def test_a_patient_without_an_alias_is_asked_for_among_those_of_the_year() -> None:
    others = [known("P-0015", 1970, None), known("P-0023", 1971, None)]
    assert [other.patient for other in similar_patients(1970, "B7", others)] == ["P-0015"]


def test_every_similar_patient_has_to_be_looked_at() -> None:
    others = [known("P-0015", 1970, "B7"), known("P-0023", 1970, "B8")]
    one = registered("P-0031", 1970, "B7", other_than=("P-0015",))
    assert question(refuse_registration(one, others, NOW)).item == "similar_patient"
    both = registered("P-0031", 1970, "B7", other_than=("P-0015", "P-0023"))
    assert refuse_registration(both, others, NOW) is None


def test_a_change_of_alias_asks_about_others_and_not_about_the_patient() -> None:
    own = known("P-0015", 1970, "B7")
    others = [own, known("P-0023", 1950, "K4")]
    change = AliasChanged(patient="P-0015", operator="K. M.", simulated=False, alias="B8")
    assert refuse_alias_change(change, own, others) is None
    taken = AliasChanged(patient="P-0015", operator="K. M.", simulated=False, alias="K4")
    assert question(refuse_alias_change(taken, own, others)).item == "similar_patient"
    none = AliasChanged(patient="P-0015", operator="K. M.", simulated=False, alias=None)
    assert refuse_alias_change(none, own, others) is None
    name = AliasChanged(patient="P-0015", operator="K. M.", simulated=False, alias="KATE")
    assert said(refusal(refuse_alias_change(name, own, others))).limit == "alias"


def test_the_clinic_is_told_where_id_and_person_belong_together() -> None:
    assert english(WHO_IS_WHO) == (
        "Write id and name into the clinic's own file; no name is kept on this unit."
    )


def test_nobody_is_registered_twice() -> None:
    answer = refusal(refuse_registration(registered("P-0015"), [known("P-0015", 1950, None)], NOW))
    assert said(answer).asked == "P-0015, a second time"
    assert said(answer).nearest == "change the alias"


def test_a_patient_of_before_has_to_be_registered() -> None:
    assert said(unregistered("DEMO").refusal()).nearest == "register: the year of birth"
    assert unregistered("DEMO").consequence is Consequence.ASK


def note(words: str, *, impersonal: bool = False) -> PatientNoted:
    return PatientNoted(
        patient="P-0015", operator="K. M.", simulated=False, note=words, impersonal=impersonal
    )


def test_a_note_that_looks_personal_gets_one_question() -> None:
    answer = question(refuse_note(note("Frau Beispiel comes at noon")))
    assert said(answer.refusal()).asked == "what looks like a name"
    assert refuse_note(note("Frau Beispiel comes at noon", impersonal=True)) is None
    assert refuse_note(note("after lunch")) is None


@pytest.mark.parametrize("words", ["", "   ", "\u202eabc", "two\nlines", "x" * 201])
def test_a_note_that_cannot_be_read_is_refused(words: str) -> None:
    answer = refusal(refuse_note(note(words, impersonal=True)))
    assert said(answer).asked == f"a text of {len(words)} characters"


def test_notes_are_kept_in_their_order() -> None:
    identity = identity_of(registered(), NOW)
    assert identity.after(note("prone")).after(note("no heat")).notes == ("prone", "no heat")
