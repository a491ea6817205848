"""A patient is not mistaken for another by a slip of the fingers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.clinical.patients.ids import (
    is_made,
    is_one_slip_away,
    make_id,
    next_id,
    refuse_id,
)
from appliance.records.patient_history import pseudonym
from tests.support.texts import said

DIGITS = "0123456789"


def wrong_digits(patient: str) -> set[str]:
    return {
        patient[:place] + digit + patient[place + 1 :]
        for place, char in enumerate(patient)
        if char in DIGITS
        for digit in DIGITS
        if digit != char
    }


def swaps(patient: str) -> set[str]:
    return {
        patient[:place] + patient[place + 1] + patient[place] + patient[place + 2 :]
        for place in range(len(patient) - 1)
        if patient[place] != patient[place + 1]
    }


def test_every_id_is_a_pseudonym_of_the_records_and_ends_with_its_check_digit() -> None:
    for number in range(1, 1_000):
        patient = make_id(number)
        assert re.fullmatch(r"P-[0-9]{4}", patient)
        assert pseudonym(patient) == patient
        assert is_made(patient)
    assert make_id(1_000)[:6] == "P-1000"
    assert pseudonym(make_id(10**15 - 1)) is not None


def test_no_single_wrong_digit_of_any_id_up_to_999_gives_another_id() -> None:
    assert [
        wrong for n in range(1, 1_000) for wrong in wrong_digits(make_id(n)) if is_made(wrong)
    ] == []


def test_no_swap_of_neighbours_of_any_id_up_to_999_gives_another_id() -> None:
    assert [wrong for n in range(1, 1_000) for wrong in swaps(make_id(n)) if is_made(wrong)] == []


@given(st.integers(1, 10**15 - 1))
def test_no_slip_in_a_longer_number_gives_another_id(number: int) -> None:
    patient = make_id(number, "N")
    assert [wrong for wrong in wrong_digits(patient) | swaps(patient) if is_made(wrong)] == []


def test_two_numbers_have_two_ids() -> None:
    assert len({make_id(number) for number in range(1, 20_001)}) == 20_000


@pytest.mark.parametrize(
    ("number", "prefix"), [(0, "P"), (-1, "P"), (1, ""), (1, "p"), (1, "PQ"), (1, "P-")]
)
def test_no_id_is_made_of_what_gives_none(number: int, prefix: str) -> None:
    with pytest.raises(ValueError, match="no id"):
        make_id(number, prefix)


def test_the_next_id_is_above_every_one_there_was() -> None:
    assert next_id([]) == make_id(1)
    assert next_id([make_id(1), make_id(7), make_id(3)]) == make_id(8)
    assert next_id([make_id(7, "N")]) == make_id(1)
    assert next_id([make_id(1_234)]) == make_id(1_235)


def test_a_pseudonym_of_before_counts_for_no_number() -> None:
    assert next_id(["P-99", "P-9999", "DEMO", "P-217"]) == make_id(1)
    assert not is_made("P-9999")


def test_a_new_id_is_no_slip_away_from_a_pseudonym_of_before() -> None:
    old = make_id(1)[:-1] + str((int(make_id(1)[-1]) + 1) % 10)
    new = next_id([old])
    assert new == make_id(3) or not is_one_slip_away(new, old)
    assert not is_one_slip_away(new, old)
    assert new != make_id(1)


def test_a_slip_is_one_wrong_character_or_a_swap_of_neighbours() -> None:
    assert is_one_slip_away("P-0015", "P-0016")
    assert is_one_slip_away("P-0015", "P-0051")
    assert not is_one_slip_away("P-0015", "P-0015")
    assert not is_one_slip_away("P-0015", "P-0065"[:-1] + "1")
    assert not is_one_slip_away("P-0105", "P-5100")
    assert not is_one_slip_away("P-0015", "P-015")


def test_an_id_of_the_device_and_a_pseudonym_of_the_records_are_accepted() -> None:
    assert refuse_id(make_id(15), ()) is None
    assert refuse_id(f" {make_id(15).lower()} ", ()) is None
    assert refuse_id("DEMO", {"DEMO"}) is None
    assert refuse_id("P-2170", {"P-2170"}) is None


def test_a_slip_is_refused_with_the_id_that_may_have_been_meant() -> None:
    right = make_id(15)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    refusal = refuse_id(wrong, {right, make_id(16)})
    assert refusal is not None
    assert said(refusal).nearest == f"{right}, if that was meant"
    assert refuse_id(right, {right}) is None


def test_what_cannot_be_a_pseudonym_is_refused_without_being_repeated() -> None:
    refusal = refuse_id("Somebody's name", ())
    assert refusal is not None
    assert said(refusal).asked == "a text of 15 characters"
    assert said(refusal).nearest == "look for the patient, or register"
