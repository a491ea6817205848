"""The record of a stop against the board's own recording: never flattering, and close."""

from pathlib import Path

import pytest

from tests.appliance.records.stop_cases import CASES, Case, measure

pytestmark = pytest.mark.proves("stop-record")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_recorded_time_to_zero_is_no_shorter_than_the_true_one_and_near_it(
    case: Case, tmp_path: Path
) -> None:
    """Hazard: a stop that took too long is on record as one that was in time."""
    found = measure(case, tmp_path)
    assert found.layer == case.layer
    assert 0 <= found.excess_us <= case.slack_us, found
