"""A current other than the set one is a finding, whatever its cause; a clean recording has none.

The recording is one of a real treatment on two channels; each case spoils it as a person would.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.ui.trace.dump import Dump
from ui.cli.commands.trace import trace
from ui.cli.commands.treat import treat

MS = 10_000
"""Ticks of 100 ns."""
Spoil = Callable[[list[str]], list[str]]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("clean")
    path = folder / "run.vcd"
    words = ["conventional-tens", "--channels", "1,2", "--level", "4", "--seconds", "1"]
    words += ["--fast", "--data", str(folder / "records"), "--trace", str(path)]
    assert CliRunner().invoke(treat, words).exit_code == 0
    return path.read_text(encoding="ascii").splitlines()


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(trace, [str(path), *words])


def judged(lines: list[str], tmp_path: Path) -> tuple[int, list[str]]:
    path = tmp_path / "x.vcd"
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    result = run(path, "--json")
    return result.exit_code, json.loads(result.stdout)["findings"]


def code_of(lines: list[str], name: str) -> str:
    return next(line.split()[3] for line in lines if re.match(rf"\$var .* {name} ", line))


def currents(lines: list[str], change: Callable[[float], float], name: str = "i1_ua") -> list[str]:
    code = code_of(lines, name)
    ends = f" {code}"
    return [
        f"r{change(float(line[1 : -len(ends)])):g}{ends}"
        if line.startswith("r") and line.endswith(ends)
        else line
        for line in lines
    ]


def without(lines: list[str], name: str) -> list[str]:
    """Leave out all changes of a line after its first value."""
    changes = {f"{level}{code_of(lines, name)}" for level in (0, 1)}
    first = next(at for at, line in enumerate(lines) if line in changes)
    return [line for at, line in enumerate(lines) if at <= first or line not in changes]


def exchanged(lines: list[str]) -> list[str]:
    """Exchange the currents of both channels."""
    one, two = code_of(lines, "i1_ua"), code_of(lines, "i2_ua")
    other = {one: two, two: one}
    return [
        f"{line[: -len(one)]}{other.get(line.split()[1], line.split()[1])}"
        if line.startswith("r")
        else line
        for line in lines
    ]


def inside_a_phase(lines: list[str]) -> list[str]:
    """Let the current of the 100th positive phase sag by 1 mA half-way through."""
    code, gate = code_of(lines, "i1_ua"), code_of(lines, "gate1_pos")
    at = [place for place, line in enumerate(lines) if line == f"1{gate}"][100]
    start = next(int(line[1:]) for line in reversed(lines[:at]) if line.startswith("#"))
    end = next(place for place in range(at, len(lines)) if lines[place].startswith("#"))
    flowing = next(line for line in lines[at:] if line.endswith(f" {code}"))
    sagged = float(flowing[1:].split()[0]) - 1_000
    return [*lines[:end], f"#{start + 700}", f"r{sagged:g} {code}", *lines[end:]]


def a_phase_gone(lines: list[str]) -> list[str]:
    """Leave out one negative phase, gate and current."""
    code, gate = code_of(lines, "i1_ua"), code_of(lines, "gate1_neg")
    at = [place for place, line in enumerate(lines) if line == f"1{gate}"][100]
    end = lines.index(f"0{gate}", at)
    gone = {f"1{gate}", f"0{gate}"}
    kept = [line for line in lines[at - 2 : end + 3] if line not in gone and f" {code}" not in line]
    return [*lines[: at - 2], *kept, *lines[end + 3 :]]


SPOILS: dict[str, tuple[Spoil, str]] = {
    "doubled": (
        lambda lines: currents(lines, lambda ua: 2 * ua),
        r"channel 1: 1\.993 mA set, but 3\.985 mA flowed in a phase, first at 1\.2\d+ s, \d+ times",
    ),
    "halved": (
        lambda lines: currents(lines, lambda ua: ua / 2),
        r"channel 1: 1\.993 mA set, but 0\.996 mA flowed in a phase, first at",
    ),
    "one phase doubled": (
        lambda lines: currents(lines, lambda ua: 2 * ua if ua < 0 else ua),
        r"channel 1: -1\.993 mA set, but -3\.985 mA flowed in a phase, first at",
    ),
    "upside down": (
        lambda lines: currents(lines, lambda ua: -ua),
        r"channel 1: 1\.993 mA set, but -1\.993 mA flowed in a phase, first at",
    ),
    "one phase without current": (
        lambda lines: currents(lines, lambda ua: max(ua, 0.0)),
        r"channel 1: -1\.993 mA set, but 0\.000 mA flowed in a phase, first at",
    ),
    "an offset of 20 µA": (
        lambda lines: currents(lines, lambda ua: ua + 20),
        r"channel 1: 1\.993 mA set, but 2\.013 mA flowed in a phase, first at",
    ),
    "an offset of 2 µA": (
        lambda lines: currents(lines, lambda ua: ua + 2),
        r"channel 1: 0\.002 mA flowed without a gate on, first at",
    ),
    "no current at all": (
        lambda lines: currents(lines, lambda _: 0.0),
        r"channel 1: 1\.993 mA set, but 0\.000 mA flowed in a phase, first at",
    ),
    "the other channel's current": (
        exchanged,
        r"channel 2: 1\.993 mA flowed without a gate on, first at 1\.2",
    ),
    "a gate that is not there": (
        lambda lines: without(lines, "gate1_neg"),
        r"channel 1: -1\.993 mA flowed without a gate on, first at",
    ),
    "no gates": (
        lambda lines: without(without(lines, "gate1_neg"), "gate1_pos"),
        r"channel 1: 1\.993 mA flowed without a gate on, first at",
    ),
    "a fault latch that stays set": (
        lambda lines: without(lines, "fault_latch"),
        r"channel 1: 1\.993 mA flowed without a gate on, first at",
    ),
    "a current that sags": (
        inside_a_phase,
        r"channel 1: (\d\.\d+) mA set, but (?!\1)\d\.\d+ mA flowed in a phase, at \d",
    ),
    "a phase left out": (a_phase_gone, r"channel 1: a phase without its counterpart, at \d"),
}


def test_a_clean_recording_has_no_finding(clean: list[str], tmp_path: Path) -> None:
    assert judged(clean, tmp_path) == (0, [])


@pytest.mark.parametrize("name", SPOILS)
def test_each_altered_recording_has_a_finding_that_says_what_and_where(
    clean: list[str], tmp_path: Path, name: str
) -> None:
    spoil, words = SPOILS[name]
    code, found = judged(spoil(clean), tmp_path)
    assert code == 1
    assert any(re.match(words, line) for line in found), found


@pytest.mark.parametrize("name", ["i1_ua", "dac1", "gate1_neg"])
def test_a_signal_that_was_not_recorded_is_a_finding(
    clean: list[str], tmp_path: Path, name: str
) -> None:
    code = code_of(clean, name)
    spoilt = [line for line in clean if line[1:] != code and not line.endswith(f" {code}")]
    spoilt = [line for line in spoilt if f" {name} " not in line]
    ended, found = judged(spoilt, tmp_path)
    assert ended == 1
    assert f"channel 1: {name} is not recorded, so it cannot be checked" in found


def pulse_of(first_ua: float, second_ua: float, tmp_path: Path) -> list[str]:
    """One pulse at code 341, which is 9 992.674 µA."""
    dump = Dump()
    dump.set(50, "dac1", 341)
    dump.phase(1_000, 200, first_ua)
    dump.phase(1_300, 200, second_ua)
    result = run(dump.write(tmp_path / "x.vcd", end_us=100_000), "--json")
    found: list[str] = json.loads(result.stdout)["findings"]
    assert result.exit_code == bool(found)
    return found


# Half a step of the DAC: 120 mA / 4095 / 2 = 14.652 µA.
@pytest.mark.parametrize(
    ("error_ua", "count"), [(0, 0), (14.5, 0), (-14.5, 0), (14.8, 1), (-14.8, 1), (29.3, 1)]
)
def test_half_a_step_of_the_dac_is_let_pass(tmp_path: Path, error_ua: float, count: int) -> None:
    flowed_ua = 9_992.674 + error_ua
    found = pulse_of(flowed_ua, -flowed_ua, tmp_path)
    assert len(found) == count
    for line in found:
        assert line.endswith("first at 0.001000 s, 2 times in all")


def stray(at_us: float, current_ua: float, tmp_path: Path, *, shunt_us: float = 1_800) -> list[str]:
    """A pulse, the shunt closed 300 µs after it, and a current from `at_us` on for 100 µs."""
    dump = Dump()
    dump.set(50, "dac1", 341)
    dump.set(60, "shunt1", 1)
    dump.set(1_000, "shunt1", 0)
    dump.pulse(1_000, 9_992.7)
    dump.set(shunt_us, "shunt1", 1)
    dump.set(at_us, "i1_ua", current_ua)
    dump.set(at_us + 100, "i1_ua", 0)
    result = run(dump.write(tmp_path / "x.vcd", end_us=100_000), "--json")
    found: list[str] = json.loads(result.stdout)["findings"]
    return found


@pytest.mark.parametrize(
    ("at_us", "current_ua", "is_found"),
    [
        (1_600, 0.9, False),  # open: nothing flows, but for what is rounded
        (1_600, -1.1, True),
        (1_800, 1_199, False),  # closing: what 120 V drive through 100 kΩ
        (1_800, -1_201, True),
        (5_000, 39, False),  # later: what 4 V of the block may drive in a reversal
        (5_000, -41, True),
        (20, 41, True),  # before any pulse
    ],
)
def test_without_a_gate_only_a_discharge_may_flow(
    tmp_path: Path, at_us: float, current_ua: float, *, is_found: bool
) -> None:
    found = stray(at_us, current_ua, tmp_path)
    expected = f"channel 1: {current_ua / 1_000:.3f} mA flowed without a gate on, at "
    assert [line[: len(expected)] for line in found] == ([expected] if is_found else [])


def test_a_full_scale_other_than_the_boards_makes_every_phase_a_finding(
    clean: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "x.vcd"
    path.write_text("\n".join(clean) + "\n", encoding="ascii")
    result = run(path, "--full-scale", "100")
    assert result.exit_code == 1
    assert "compared with a full scale of 100 mA" in result.stdout
