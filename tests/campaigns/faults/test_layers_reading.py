"""The evaluation detects what it is meant to detect: a late stop, another layer, current left."""

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaigns.faults.layers import EXPERIMENTS
from tests.campaigns.faults.layers_child import ChildFailed, in_child
from tests.campaigns.faults.layers_experiment import (
    Experiment,
    Sample,
    distribution,
    percentile,
    problems_of,
    rows_of,
)
from tests.campaigns.faults.realtime import KINDS, part_of, sample_of
from tests.campaigns.faults.realtime import Sample as Seen
from tests.campaigns.faults.realtime_events import FINE, POWER_CUT, TOO_LATE
from tests.campaigns.faults.realtime_ward import Happened, WardTrace

pytestmark = pytest.mark.proves_none

HEADER = """$timescale 100 ns $end
$scope module board $end
$var wire 1 a estop_loop $end
$var wire 1 b hand_switch $end
$var wire 1 c heartbeat $end
$var wire 12 d dac1 $end
$var wire 1 e supply_en $end
$var real 64 f i1_ua $end
$var real 64 g i2_ua $end
$upscope $end
$enddefinitions $end
#0
1a
1b
0c
b100 d
1e
r0 f
r0 g
"""
MS = 1_000_000


def never(*_: object) -> Sample:
    raise AssertionError("no sample is taken here")


@pytest.fixture
def experiment() -> Experiment:
    return Experiment(
        "guard", ("latch",), "e-stop", 5, never, ("guard",), least_ms=1, most_second=60,
        second="charge", unit="µC",
    )  # fmt: skip


GOOD = Sample(2.0, "guard", 10.0)


def problems(experiment: Experiment, *samples: Sample, without: float = 400.0) -> str:
    return " ".join(problems_of(experiment, [GOOD, *samples], [without]))


def test_what_is_as_it_has_to_be_is_no_problem(experiment: Experiment) -> None:
    assert problems(experiment) == ""


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (GOOD._replace(ms=5.01), "5.01 ms, budget 5 ms"),
        (GOOD._replace(ms=0.5), "sooner than 1 ms"),
        (GOOD._replace(acted="latch: estop"), "ended by latch: estop, not guard"),
        (GOOD._replace(second=60.5), "charge over 60"),
    ],
)
def test_one_bad_sample_is_a_problem(experiment: Experiment, sample: Sample, said: str) -> None:
    assert said in problems(experiment, sample)


def test_an_experiment_that_ends_without_its_layer_proves_nothing(experiment: Experiment) -> None:
    assert "shows nothing" in problems(experiment, without=4.9)


def test_a_row_keeps_worst_median_and_count(experiment: Experiment) -> None:
    samples = [GOOD, GOOD._replace(ms=3.0, second=20.0), GOOD._replace(ms=4.0)]
    row, second = rows_of(experiment, samples)
    assert (row["worst_ms"], row["median_ms"], row["p99_ms"], row["count"]) == (4.0, 3.0, 4.0, 3)
    assert "shortest 2.0 ms" in row["note"]
    assert (second["event"], second["unit"]) == ("e-stop: charge", "µC")
    assert (second["worst_ms"], second["budget_ms"]) == (20.0, 60)


def test_a_second_value_without_a_limit_is_a_note(experiment: Experiment) -> None:
    (row,) = rows_of(replace(experiment, most_second=math.inf), [GOOD])
    assert "charge worst 10.00" in row["note"]


def test_percentiles_do_not_flatter() -> None:
    ordered = [float(n) for n in range(1, 101)]
    assert percentile(ordered, 0.99) == 99
    assert percentile(ordered, 1.0) == 100
    assert percentile([7.0], 0.99) == 7
    assert distribution([3.0, 1.0, 2.0]) == "worst 3.00, p99 3.00, median 2.00, least 1.00"


def test_every_layer_of_the_design_is_measured_alone() -> None:
    assert {each.layer for each in EXPERIMENTS} == {
        "hardware latch",
        "daemon guard",
        "finite slices",
        "hardware watchdog",
        "over-current comparator",
        "phase limiter",
        "engine",
    }
    stops = [e for e in EXPERIMENTS if e.budget_ms <= 250 and e.controlled and not e.standing]
    assert all(each.count >= 200 for each in stops)


def test_a_child_that_fails_is_heard_and_changes_nothing_here() -> None:
    seen: list[int] = []

    def job() -> int:
        seen.append(1)
        raise ValueError("in the child")

    with pytest.raises(ChildFailed, match="in the child"):
        in_child(job)
    assert seen == []
    assert in_child(lambda: 7) == 7


# --- real time -----------------------------------------------------------------------------------


def trace(folder: Path, body: str) -> WardTrace:
    path = folder / "board.vcd"
    path.write_text(HEADER + body)
    return WardTrace(path)


def test_a_stop_is_timed_from_the_edge_of_its_line_to_the_last_current(tmp_path: Path) -> None:
    body = "#10000\nr6000 f\n#20000\n0a\n#50000\nr0 f\n#60000\nr0.05 g\n#9000000\n0c\n"
    event = Happened("estop", 1 * MS, 500 * MS, edge="estop_loop")
    found = sample_of(trace(tmp_path, body), event)
    assert found.ms == pytest.approx(3.0)
    assert found.ended


def test_silence_is_timed_from_the_last_heartbeat_before_it(tmp_path: Path) -> None:
    body = "#100000\n1c\nr6000 f\n#200000\n0c\n#900000\nr0 f\n#9000000\n1c\n"
    event = Happened("silence guard", 25 * MS, 500 * MS, since="heartbeat")
    assert sample_of(trace(tmp_path, body), event).ms == pytest.approx(70.0)


def test_an_event_without_current_before_it_does_not_count(tmp_path: Path) -> None:
    body = "#100000\nr6000 f\n#110000\nr0 f\n#9000000\n1c\n"
    event = Happened("estop", 15 * MS, 500 * MS)
    assert not sample_of(trace(tmp_path, body), event).carried
    both = body.replace("r0 f", "r0 f\nr-6000 g\n#120000\nr0 g")
    assert sample_of(trace(tmp_path, both), event).carried


def test_current_that_flows_on_either_channel_is_left(tmp_path: Path) -> None:
    body = "#10000\nr6000 f\n#20000\nr0 f\n#30000\nr-6000 g\n#9000000\n0c\n"
    found = sample_of(trace(tmp_path, body), Happened("engine killed", 1 * MS, 500 * MS))
    assert not found.ended


def test_a_fall_begins_with_the_first_lower_code(tmp_path: Path) -> None:
    body = "#100000\nb110 d\n#300000\nb101 d\n#400000\nb0 d\n#9000000\n0c\n"
    found = sample_of(trace(tmp_path, body), Happened("flood", 20 * MS, 500 * MS, "2000"))
    assert found.second_ms == pytest.approx(10.0)


def test_the_longest_pause_between_heartbeats_counts(tmp_path: Path) -> None:
    body = "#100000\n1c\n#200000\n0c\n#450000\n1c\n#550000\n0c\n#9000000\n1c\n"
    found = sample_of(trace(tmp_path, body), Happened("flood ticks", 5 * MS, 100 * MS))
    assert found.ms == pytest.approx(25.0)


def test_current_left_and_a_bad_power_cut_are_problems() -> None:
    good = [
        Seen(Happened(kind.name, 0, 0, (*kind.codes, "9")[0]), 1.0, ended=True) for kind in KINDS
    ]
    cut = Seen(Happened(POWER_CUT, 0, 0, FINE), 0, ended=True)
    assert part_of([*good, *[cut] * 5], Counter()).problems == ()
    left = replace(good[4], ended=False)
    assert "current left" in part_of([*good, left, *[cut] * 5], Counter()).problems[0]
    bad = Seen(Happened(POWER_CUT, 0, 0, "state Ready"), 0, ended=True)
    assert part_of([*good, *[cut] * 4, bad], Counter()).problems == ("power cut: state Ready",)
    assert "3 were looked at" in part_of([*good, *[cut] * 3], Counter()).problems[0]
    late = replace(cut, happened=Happened(POWER_CUT, 0, 0, TOO_LATE))
    assert "3 were looked at" in part_of([*good, *[cut] * 3, late], Counter()).problems[0]
    assert "nothing was measured" in part_of([*good[1:], *[cut] * 5], Counter()).problems[0]
