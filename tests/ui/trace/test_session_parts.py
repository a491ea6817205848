"""The contact check is kept apart from the treatment in counts, charge, rate and picture."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.ui.trace.dump import Dump
from ui.cli.commands.trace import trace
from ui.cli.commands.treat import treat
from ui.trace.measure import ChannelMeasure, measure
from ui.trace.picture.picture import bins_of
from ui.trace.picture.zoom_windows import ZoomWindow
from ui.trace.session_parts import Range
from ui.trace.vcd.reader import read_vcd

CHECK_UA = 68 * 120_000 / 4095


def checked(*, pause_us: float = 300_000, pulses: int = 12, level_ua: float = CHECK_UA) -> Dump:
    """A contact check, and 20 pulses of 150 µs at 10 mA and 4 per second."""
    dump = Dump()
    dump.set(10, "dac1", round(level_ua / 120_000 * 4095))
    for number in range(pulses):
        dump.pulse(1_000 + 10_000 * number, level_ua)
    begin_us = 1_000 + 10_000 * (pulses - 1) + pause_us
    dump.set(begin_us - 100, "dac1", 341)
    for number in range(20):
        dump.pulse(begin_us + 250_000 * number, 9_992.7, width_us=150)
    return dump


def first(dump: Dump, tmp_path: Path) -> ChannelMeasure:
    return measure(read_vcd(dump.write(tmp_path / "x.vcd", end_us=7_000_000))).channels[0]


def test_each_part_has_its_own_counts(tmp_path: Path) -> None:
    one = first(checked(), tmp_path)
    assert (one.contact_check.pulses, one.treatment.pulses, one.pulses) == (12, 20, 32)
    assert one.contact_check.period == Range(10_000_000, 10_000_000)
    assert one.treatment.period == Range(250_000_000, 250_000_000)
    assert one.contact_check.phase == Range(200_000, 200_000)
    assert one.treatment.phase == Range(150_000, 150_000)
    assert one.contact_check.one_way_pc == pytest.approx(12 * CHECK_UA * 200, rel=1e-4)
    assert one.treatment.one_way_pc == pytest.approx(20 * 9_992.7 * 150, rel=1e-4)


@pytest.mark.parametrize(
    "dump",
    [
        checked(level_ua=70 * 120_000 / 4095),  # over 2 mA
        checked(pause_us=90_000),  # no pause after it
        checked(pulses=110),  # over 1 s
    ],
)
def test_what_is_no_contact_check_counts_as_treatment(dump: Dump, tmp_path: Path) -> None:
    one = first(dump, tmp_path)
    assert (one.contact_check.pulses, one.treatment.pulses) == (0, one.pulses)


def test_a_recording_of_a_contact_check_alone_has_no_treatment(tmp_path: Path) -> None:
    dump = Dump()
    dump.set(10, "dac1", 68)
    dump.pulse(1_000, CHECK_UA)
    dump.pulse(11_000, CHECK_UA)
    one = first(dump, tmp_path)
    assert (one.contact_check.pulses, one.treatment.pulses) == (2, 0)


def test_the_table_says_whose_rate_is_the_highest(tmp_path: Path) -> None:
    path = checked().write(tmp_path / "x.vcd", end_us=7_000_000)
    lines = CliRunner().invoke(trace, [str(path), "--channel", "1"]).stdout.splitlines()
    rows = {line[:30].strip(): line[30:].strip() for line in lines}
    assert rows["contact check, highest rate"] == "100.00 per s"
    assert rows["treatment, highest rate"] == "4.00 per s"


def test_the_treatment_agrees_with_the_summary(tmp_path: Path) -> None:
    """Pulses to the last one; charge to half a microcoulomb, the summary adds up whole codes."""
    path = tmp_path / "run.vcd"
    words = ["conventional-tens", "--channels", "1,2", "--level", "4", "--seconds", "1", "--json"]
    words += ["--fast", "--data", str(tmp_path / "records"), "--trace", str(path)]
    summary = json.loads(CliRunner().invoke(treat, words).stdout)
    found = measure(read_vcd(path))
    for told, one in zip(summary["channels"], found.channels, strict=True):
        assert one.treatment.pulses == told["pulses"]
        assert one.treatment.one_way_pc == pytest.approx(told["charge_pc"], rel=1e-3)


def test_a_dense_run_is_drawn_without_stripes_and_a_slow_one_pulse_by_pulse(tmp_path: Path) -> None:
    dense = Dump()
    dense.set(10, "dac1", 341)
    for number in range(100):
        dense.pulse(1_000 + 10_000 * number, 9_992.7)
    window = ZoomWindow(0, 1_000_000_000)
    assert bins_of(first(dense, tmp_path).treatment, window, 200) == 80
    assert bins_of(first(checked(), tmp_path).treatment, window, 200) == 200
