"""When a contraction is announced, and when it may begin; numbers written out again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.safety.contraction_cue_rules import Cue, announce, lead_us, may_begin

pytestmark = pytest.mark.proves("announced")

S = 1_000_000
LONG_US, SHORT_US = 50 * S, 1 * S


@pytest.mark.parametrize(
    ("off_us", "ahead_us"),
    [(50 * S, 3 * S), (3 * S, 3 * S), (2_999_999, 2_999_999), (S, S)],
)
def test_a_cue_comes_3_s_ahead_or_with_the_beginning_of_a_shorter_rest(
    off_us: int, ahead_us: int
) -> None:
    assert lead_us(off_us) == ahead_us


def test_a_cue_is_due_3_150_s_before_its_contraction() -> None:
    assert announce(None, 4, 10 * S, 6_849_999, off_us=LONG_US) is None
    assert announce(None, 4, 10 * S, 6_850_000, off_us=LONG_US) == Cue(4, 6_850_000, 10 * S)


def test_a_cue_given_late_puts_its_contraction_off() -> None:
    assert announce(None, 0, 5 * S, 5 * S, off_us=LONG_US) == Cue(0, 5 * S, 8 * S)
    assert announce(None, 0, 5 * S, 5 * S, off_us=SHORT_US) == Cue(0, 5 * S, 6 * S)


def test_each_contraction_is_announced_once() -> None:
    given_before = Cue(4, 6 * S, 10 * S)
    assert announce(given_before, 4, 10 * S, 9 * S, off_us=LONG_US) is None
    following = announce(given_before, 5, 70 * S, 67 * S, off_us=LONG_US)
    assert following == Cue(5, 67 * S, 70 * S)


def test_nothing_begins_that_was_not_announced() -> None:
    assert not may_begin(None, 0, 99 * S, 0, off_us=LONG_US)
    assert not may_begin(Cue(0, 0, 3 * S), 1, 99 * S, 0, off_us=LONG_US)


@pytest.mark.parametrize(("off_us", "least_us"), [(LONG_US, 3 * S), (SHORT_US, S)])
def test_nothing_begins_sooner_than_its_lead_after_the_cue(off_us: int, least_us: int) -> None:
    cue = Cue(2, 7 * S, 7 * S + least_us)
    assert not may_begin(cue, 2, 7 * S + least_us - 1, 0, off_us=off_us)
    assert may_begin(cue, 2, 7 * S + least_us, 0, off_us=off_us)


def test_nothing_begins_before_the_rest_owed_is_over() -> None:
    cue = Cue(2, 0, 3 * S)
    assert not may_begin(cue, 2, 10 * S, 10 * S + 1, off_us=LONG_US)
    assert may_begin(cue, 2, 10 * S, 10 * S, off_us=LONG_US)


@given(
    st.integers(0, 60 * S), st.integers(0, 60 * S), st.integers(S, 60 * S), st.integers(0, 60 * S)
)
def test_whatever_is_announced_may_begin_when_it_said_and_not_before_its_lead(
    now_us: int, expected_us: int, off_us: int, rests_until_us: int
) -> None:
    expected_us = max(expected_us, rests_until_us)
    cue = announce(None, 3, expected_us, now_us, off_us=off_us)
    if cue is None:
        assert expected_us - now_us > min(3 * S, off_us) + 150_000
        return
    assert may_begin(cue, 3, cue.begins_us, rests_until_us, off_us=off_us)
    assert cue.begins_us - now_us >= min(3 * S, off_us)
    assert not may_begin(cue, 3, now_us + min(3 * S, off_us) - 1, rests_until_us, off_us=off_us)
