"""The notice that a run prints before its first test."""

import pytest

from tests.support.run_notice import RunNotice, notice_line


@pytest.mark.parametrize(
    ("items", "left_out", "missing", "said"),
    [
        (4_800, 0, (), "4800 tests, about 10 min on a quiet machine"),
        (100, 0, ("pigs",), "not installed, their tests are left out: pigs"),
        (100, 17, (), "100 tests, about a minute on a quiet machine; 17 left out by their marks"),
    ],
)
def test_it_says_how_many_how_long_and_what_is_left_out(
    items: int, left_out: int, missing: tuple[str, ...], said: str
) -> None:
    assert said in notice_line(items, left_out, missing)


def test_it_is_said_before_the_first_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_one(): pass\ndef test_two(): pass")
    arguments = ("-p", "no:randomly", "-p", "no:run-notice", "-k", "one")
    lines = pytester.runpytest_inprocess(*arguments, plugins=[RunNotice()]).outlines
    (said,) = [number for number, line in enumerate(lines) if line.startswith("1 tests, about")]
    (ran,) = [number for number, line in enumerate(lines) if "[100%]" in line]
    assert said < ran
