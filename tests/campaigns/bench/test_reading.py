"""The VCD reader and the comparisons detect the errors they are meant to detect."""

import ast
import sys
from pathlib import Path

import pytest

from tests.campaigns.bench import independent_vcd
from tests.campaigns.bench.edges import compare
from tests.campaigns.bench.end_of_output import Recording
from tests.campaigns.bench.independent_vcd import BrokenVcd, read_changes, tick_ns

SIGNALS = ("gate1_pos", "gate1_neg", "gate2_pos", "gate2_neg", "ldac_n")
HEADER = "".join(
    [
        "$timescale 100 ns $end\n$scope module board $end\n",
        *(f"$var wire 1 {mark} {name} $end\n" for mark, name in zip("abcde", SIGNALS, strict=True)),
        "$var wire 12 f dac1 $end\n$var real 64 g i1_ua $end\n$var real 64 h i2_ua $end\n",
        "$upscope $end\n$enddefinitions $end\n#0\n$dumpvars\n",
        "0a\n0b\n0c\n0d\n1e\nb0 f\nr0 g\nr0 h\n$end\n",
    ]
)
PULSE_US = 150


def a_file(folder: Path, body: str) -> Path:
    path = folder / "board.vcd"
    path.write_text(HEADER + body)
    return path


def a_slice(at_us: int, pulses: int) -> str:
    """Return VCD text: a strobe and pulses 5 ms apart on the first gate, with their current."""
    lines = [f"#{at_us * 10}\n0e\n#{at_us * 10 + 200}\n1e\n"]
    for number in range(pulses):
        start = (at_us + 1_000 + 5_000 * number) * 10
        lines.append(f"#{start}\n1a\nr5000 g\n#{start + PULSE_US * 10}\n0a\nr0 g\n")
    return "".join(lines)


def test_the_reader_imports_nothing_of_ours() -> None:
    tree = ast.parse(Path(independent_vcd.__file__).read_text())
    for node in ast.walk(tree):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert all(name.partition(".")[0] in sys.stdlib_module_names for name in names)


def test_bits_vectors_and_reals_are_read_with_their_times(tmp_path: Path) -> None:
    path = a_file(tmp_path, "#12\n1a\nb101 f\n#15\nr-2.5 g\n0a\n")
    found = read_changes(path, ("gate1_pos", "dac1", "i1_ua"))
    assert found["gate1_pos"] == [(0, 0), (12, 1), (15, 0)]
    assert found["dac1"] == [(0, 0), (12, 5)]
    assert found["i1_ua"] == [(0, 0.0), (15, -2.5)]
    assert tick_ns(path) == 100


def test_a_last_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    found = read_changes(a_file(tmp_path, "#12\n1a\n#2"), ("gate1_pos",))
    assert found["gate1_pos"][-1] == (12, 1)


def test_a_signal_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(BrokenVcd, match="gate9_pos"):
        read_changes(a_file(tmp_path, ""), ("gate9_pos",))


def test_an_edge_one_step_late_and_one_that_is_missing_are_found() -> None:
    planned = {"gate1_pos": [200, 350, 700, 850]}
    exact: list[tuple[int, float]] = [(0, 0), (3_000, 1), (4_500, 0), (8_000, 1), (9_500, 0)]
    assert compare(planned, {"gate1_pos": exact}, 1_000, 100) == (0, 0)
    late = [*exact[:-1], (9_501, 0.0)]
    assert compare(planned, {"gate1_pos": late}, 1_000, 100) == (100, 0)
    assert compare(planned, {"gate1_pos": exact[:-1]}, 1_000, 100) == (0, 1)


def test_slices_that_ran_dry_end_with_their_last_pulse(tmp_path: Path) -> None:
    body = a_slice(100_000, 4) + a_slice(125_000, 4)
    ending = Recording(a_file(tmp_path, body)).ending(130_000_000)
    assert ending.zero_ns == (141_000 + PULSE_US - 130_000) * 1_000
    assert ending.layer == "slices"


def test_a_slice_with_fewer_pulses_than_the_one_before_was_cut_by_the_guard(tmp_path: Path) -> None:
    body = a_slice(100_000, 4) + a_slice(125_000, 2)
    ending = Recording(a_file(tmp_path, body)).ending(120_000_000)
    assert ending.layer == "guard"


def test_a_death_with_nothing_to_follow_is_zero(tmp_path: Path) -> None:
    body = a_slice(100_000, 4) + a_slice(125_000, 4)
    assert Recording(a_file(tmp_path, body)).ending(145_000_000).zero_ns == 0


def test_current_without_a_gate_counts_as_output(tmp_path: Path) -> None:
    body = a_slice(100_000, 4) + a_slice(125_000, 4) + "#1500000\nr101 h\n#1600000\nr99 h\n"
    ending = Recording(a_file(tmp_path, body)).ending(145_000_000)
    assert ending.zero_ns == (160_000 - 145_000) * 1_000
