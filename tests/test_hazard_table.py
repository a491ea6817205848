"""The hazard table agrees with trips, controls and tests, and its page with the table."""

import pytest

from appliance.safety.hazard_ids import Hazard
from appliance.safety.risk.controls import CONTROLS
from appliance.safety.risk.hazards import HAZARDS
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.table import TRIP_KINDS
from tests.support.hazard_marks import unproven
from tests.support.tools import hazards

SAFETY_TEST = "tests/appliance/safety/test_it.py"


def run(pytester: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    """Run one test file in a separate project with the marks active."""
    place = pytester.path / SAFETY_TEST
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"import pytest\n\n{test}\n")
    pytester.makeini("[pytest]\ntestpaths = tests\naddopts = -m 'not hil'\nmarkers = hil: pi\n")
    return pytester.runpytest_inprocess(
        "-p", "no:randomly", "-p", "tests.support.hazard_marks", *arguments
    )


def test_every_hazard_has_a_row_and_a_control() -> None:
    assert [row.hazard for row in HAZARDS] == list(Hazard)
    assert all(row.controls and set(row.controls) <= set(CONTROLS) for row in HAZARDS)


def test_every_control_stands_against_a_hazard() -> None:
    assert set(CONTROLS) == {name for row in HAZARDS for name in row.controls}


def test_every_trip_is_the_voice_of_one_control_of_its_hazard() -> None:
    voices = [(code, control.name) for control in CONTROLS.values() for code in control.trips]
    assert sorted(code for code, _ in voices) == sorted(TripCode)
    rows = {row.hazard: row for row in HAZARDS}
    for code, name in voices:
        assert name in rows[TRIP_KINDS[code].hazard].controls, code


def test_few_controls_are_left_to_inspection() -> None:
    assert {name for name, each in CONTROLS.items() if each.inspect} == {
        "isolation", "fuse", "labelling",
    }  # fmt: skip


def test_the_page_is_what_the_table_says() -> None:
    """To write the page again: `python -m tests.support.tools.hazards`."""
    assert hazards.PAGE.read_text(encoding="utf-8") == hazards.page()


def test_each_control_but_the_inspected_is_named_by_a_test_file() -> None:
    files = hazards.files_by_control()
    assert [name for name, each in CONTROLS.items() if not each.inspect and not files[name]] == []


def test_a_control_that_nothing_proves_or_a_test_of_which_failed_is_told_with_its_hazards() -> None:
    proven = [name for name, each in CONTROLS.items() if not each.inspect]
    assert unproven(proven, []) == []
    (missing,) = unproven([name for name in proven if name != "cut"], [])
    assert missing == "no test proves the control cut (hazards H01, H14)"
    (failed,) = unproven(proven, ["cut"])
    assert failed == "a test of the control cut failed (hazards H01, H14)"


def test_a_safety_test_without_a_control_is_refused(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_it(): pass")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{SAFETY_TEST}::test_it names no control*"])


def test_a_safety_test_may_say_that_it_proves_no_control(pytester: pytest.Pytester) -> None:
    result = run(pytester, "@pytest.mark.proves_none\ndef test_it(): pass", "-k", "it")
    assert result.ret == pytest.ExitCode.OK


def test_proves_none_takes_away_what_the_file_proves_and_proves_adds_to_it(
    pytester: pytest.Pytester,
) -> None:
    tests = (
        "pytestmark = pytest.mark.proves('cut')\n"
        "@pytest.mark.proves_none\ndef test_one(): pass\n"
        "@pytest.mark.proves('gate')\ndef test_two(): assert False\n"
    )
    result = run(pytester, tests)
    result.stdout.fnmatch_lines(
        ["*a test of the control cut failed*", "*a test of the control gate failed*"]
    )
    passing = run(pytester, tests.replace("assert False", "pass").replace("proves('gate')", "slow"))
    assert "control gate (" in passing.stdout.str()
    assert "control cut (" not in passing.stdout.str()
    alone = run(pytester, tests[: tests.index("@pytest.mark.proves('gate')")])
    assert "no test proves the control cut (" in alone.stdout.str()


def test_a_control_nobody_knows_is_refused(pytester: pytest.Pytester) -> None:
    result = run(pytester, "@pytest.mark.proves('courage')\ndef test_it(): pass")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*proves 'courage', which is no control*"])


def test_a_complete_run_fails_where_a_control_is_not_proven(pytester: pytest.Pytester) -> None:
    result = run(pytester, "@pytest.mark.proves('cut')\ndef test_it(): pass")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*UNPROVEN no test proves the control estop-latch*"])
    assert "control cut " not in result.stdout.str()


@pytest.mark.parametrize("chosen", [(SAFETY_TEST,), ("-k", "it"), ("--collect-only",)])
def test_a_part_of_the_tests_is_not_asked_for_all_controls(
    pytester: pytest.Pytester, chosen: tuple[str, ...]
) -> None:
    result = run(pytester, "@pytest.mark.proves('cut')\ndef test_it(): pass", *chosen)
    assert result.ret == pytest.ExitCode.OK


def test_a_run_that_failed_says_which_control_its_tests_leave_open(
    pytester: pytest.Pytester,
) -> None:
    result = run(pytester, "@pytest.mark.proves('cut')\ndef test_it(): assert False")
    result.stdout.fnmatch_lines(["*UNPROVEN a test of the control cut failed*"])
