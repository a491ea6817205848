"""A sample of the fault campaign in every test run, and checks that the campaign can fail."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.virtual.bench.fault_table import FAULTS
from tests.campaigns.faults.cases import Budget, Case, Must
from tests.campaigns.faults.cell import run_faults
from tests.campaigns.faults.cell_log import Cell
from tests.campaigns.faults.cells import all_cells
from tests.campaigns.faults.faults import board_faults, untested
from tests.campaigns.faults.sample import family, sample
from tests.campaigns.faults.verdict import Verdict, judge

pytestmark = pytest.mark.proves("cut", "latched-trips", "boot-locked", "fault-latch")

STATES = {
    "Locked",
    "SelfTest",
    "Ready",
    "ContactCheck",
    "Armed",
    "RampUp",
    "Delivering",
    "Resting",
    "Paused",
    "RampDown",
    "Finished",
    "Tripped",
}
OTHERS = {
    "engine-killed",
    "engine-frozen",
    "power-cut",
    "client-frozen",
    "client-gone",
    "records-read-only",
    "wall-clock-set",
}


def lived(cell: Cell, folder: Path) -> Verdict:
    return judge(cell, run_faults(cell, folder / "run"))


def known(name: str) -> Case:
    return next(case for case in board_faults() if case.name == name)


@pytest.mark.parametrize("cell", sample(), ids=lambda cell: cell.name)
def test_a_fault_ends_the_output_in_time_and_for_good_or_leaves_it_as_it_was_set(
    cell: Cell, tmp_path: Path
) -> None:
    verdict = lived(cell, tmp_path)
    assert verdict.problems == []
    assert verdict.counted, verdict.why


@pytest.mark.proves_none
def test_the_sample_has_every_fault_and_every_state() -> None:
    cells = sample()
    assert len(cells) >= 50
    assert {cell.state for cell in cells} == STATES
    assert {family(cell) for cell in cells} == set(FAULTS) | OTHERS | {"again", "pair", "telling"}


@pytest.mark.proves_none
def test_the_campaign_has_every_fault_of_the_board_in_every_state_and_on_both_channels() -> None:
    assert untested() == set()
    cells = all_cells()
    assert len({cell.name for cell in cells}) == len(cells)
    states = Counter(cell.case.name for cell in cells if len(cell.case.faults) == 1)
    assert set(states.values()) == {12}
    assert len({cell.case.name for cell in cells if len(cell.case.faults) == 2}) >= 60
    names = set(states)
    for name in names:
        for one, two in ((":1", ":2"), ("gate1", "gate2")):
            if one in name and not name.startswith("again"):
                assert name.replace(one, two) in names


@pytest.mark.proves_none
def test_a_budget_that_is_missed_is_a_problem(tmp_path: Path) -> None:
    tight = replace(known("lead-off:1"), budget=Budget(1, "too little"))
    (problem,) = lived(Cell(tight, "Delivering"), tmp_path).problems
    assert "1 ms allowed" in problem


@pytest.mark.proves_none
def test_output_that_goes_on_with_a_fault_that_has_to_end_it_is_a_problem(tmp_path: Path) -> None:
    wrong = replace(known("watchdog-dead"), must=Must.STOP)
    problems = lived(Cell(wrong, "Delivering"), tmp_path).problems
    assert any("still Delivering" in each for each in problems)
    assert any("mA after the stop" in each for each in problems)


@pytest.mark.proves_none
def test_more_current_than_was_set_is_a_problem(tmp_path: Path) -> None:
    wrong = replace(known("stuck-dac:1=4095"), must=Must.GO)
    wrong = replace(wrong, onset=known("lead-off:1").onset)
    problems = lived(Cell(wrong, "Delivering"), tmp_path).problems
    assert any("8 mA were set" in each for each in problems)


@pytest.mark.proves_none
def test_a_trip_that_says_something_else_is_a_problem(tmp_path: Path) -> None:
    wrong = replace(known("hand-switch"), codes=("T99",))
    (problem,) = lived(Cell(wrong, "Armed"), tmp_path).problems
    assert "T02 does not fit" in problem


@pytest.mark.proves_none
def test_a_cell_without_current_before_the_fault_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.campaigns.faults.person.LEVEL_UA", 3_000)
    verdict = lived(Cell(known("estop"), "Delivering"), tmp_path)
    assert not verdict.counted
    assert verdict.why == "only 2.99 mA before"
