"""Measurements of recordings written by hand, where every answer is known."""

from pathlib import Path

import pytest

from tests.ui.trace.dump import Dump
from ui.trace.measure import ChannelMeasure, LineChange, Measures, measure
from ui.trace.measure_text import findings
from ui.trace.session_parts import Range
from ui.trace.vcd.reader import read_vcd

CODE_10_MA = 341  # 341 / 4095 x 120 mA
MA_10 = 341 * 120_000 / 4095


@pytest.fixture
def dump() -> Dump:
    written = Dump()
    written.set(50, "dac1", CODE_10_MA)
    written.set(50, "dac2", CODE_10_MA)
    return written


def measured(
    dump: Dump,
    tmp_path: Path,
    *,
    end_us: float = 100_000,
    from_ns: int = 0,
    to_ns: int | None = None,
) -> Measures:
    recording = read_vcd(dump.write(tmp_path / "x.vcd", end_us))
    return measure(recording, from_ns=from_ns, to_ns=to_ns)


def first(measures: Measures) -> ChannelMeasure:
    return measures.channels[0]


def test_a_train_of_symmetric_pulses(dump: Dump, tmp_path: Path) -> None:
    for number in range(5):
        dump.pulse(1_000 + number * 10_000, MA_10)
    one = first(measured(dump, tmp_path))
    assert (one.pulses, one.silent_pulses, one.cut_pulses, one.lone_phases) == (5, 0, 0, 0)
    assert one.phase == Range(200_000, 200_000)
    assert one.interphase == Range(100_000, 100_000)
    assert one.dead_time_ns == 100_000
    assert (one.period, one.median_period_ns) == (Range(10_000_000, 10_000_000), 10_000_000)
    assert (one.first_ns, one.last_ns) == (1_000_000, 41_500_000)
    assert one.output_ns == 5 * 400_000
    # The recording rounds to a few digits, as %g does.
    assert one.peak_ua == pytest.approx(MA_10, rel=1e-5)
    assert one.charge_pc == pytest.approx(5 * 2 * MA_10 * 200, rel=1e-5)
    assert (one.worst_net_pc, one.worst_gate_net_pc) == (0, 0)
    assert abs(one.worst_error_ua) < 0.1
    assert (one.residual_pc, one.mean_dc_ua) == (0, 0)
    assert one.highest_rms_ua == pytest.approx(MA_10 * (5 * 400e-6) ** 0.5, rel=1e-5)


def test_a_silent_pulse_is_counted_apart(tmp_path: Path) -> None:
    dump = Dump()
    dump.set(1_000, "gate1_pos", 1)
    dump.set(1_200, "gate1_pos", 0)
    dump.set(1_300, "gate1_neg", 1)
    dump.set(1_500, "gate1_neg", 0)
    one = first(measured(dump, tmp_path))
    assert (one.pulses, one.silent_pulses, one.output_ns) == (0, 1, 0)


def test_a_lead_off_is_an_error_of_the_whole_amplitude(dump: Dump, tmp_path: Path) -> None:
    dump.pulse(1_000, MA_10)
    for gate, start in (("gate1_pos", 11_000), ("gate1_neg", 11_300)):
        dump.set(start, gate, 1)
        dump.set(start + 200, gate, 0)
    one = first(measured(dump, tmp_path))
    assert one.pulses == 2
    assert one.worst_error_ua == pytest.approx(-MA_10)
    assert one.worst_error_at_ns == 11_000_000


def test_the_sign_of_an_error_says_too_much_or_too_little_in_either_phase(
    dump: Dump, tmp_path: Path
) -> None:
    dump.phase(1_000, 200, MA_10)
    dump.phase(1_300, 200, -MA_10 - 500)
    assert first(measured(dump, tmp_path)).worst_error_ua == pytest.approx(500, abs=0.1)


def test_a_wider_second_phase_is_a_finding(dump: Dump, tmp_path: Path) -> None:
    dump.phase(1_000, 200, 10_000)
    dump.phase(1_300, 210, -10_000)
    found = measured(dump, tmp_path)
    one = first(found)
    assert one.worst_net_pc == -10_000 * 10
    assert one.worst_gate_net_pc == pytest.approx(-MA_10 * 10)
    assert one.phase == Range(200_000, 210_000)
    assert findings(found) == (
        "channel 1: a pulse out of balance by -0.100 µC (4.8% of a phase), at 0.001000 s",
    )


def test_a_phase_without_its_counterpart_is_a_finding(dump: Dump, tmp_path: Path) -> None:
    dump.phase(1_000, 200, MA_10)
    dump.pulse(11_000, MA_10)
    found = measured(dump, tmp_path)
    assert (first(found).pulses, first(found).lone_phases) == (2, 1)
    assert findings(found) == ("channel 1: a phase without its counterpart, at 0.001000 s",)


@pytest.mark.parametrize(("gap_us", "lone"), [(300, 0), (300.1, 2)])
def test_two_phases_belong_together_up_to_300_us_apart(
    dump: Dump, tmp_path: Path, gap_us: float, lone: int
) -> None:
    dump.pulse(1_000, MA_10, gap_us=gap_us)
    assert first(measured(dump, tmp_path)).lone_phases == lone


def test_a_pulse_that_a_cut_ended_is_no_finding(dump: Dump, tmp_path: Path) -> None:
    dump.phase(1_000, 80, MA_10)
    dump.set(3_000, "supply_en", 0)
    found = measured(dump, tmp_path)
    assert (first(found).cut_pulses, first(found).lone_phases) == (1, 0)
    assert first(found).phase is None
    assert findings(found) == ()
    assert found.incidents == (LineChange(3_000_000, "supply_en", 0),)


def test_a_latch_in_mid_phase_marks_the_pulse_as_cut(dump: Dump, tmp_path: Path) -> None:
    dump.set(1_000, "gate1_pos", 1)
    dump.set(1_000, "i1_ua", MA_10)
    dump.set(1_050, "fault_latch", 1)
    dump.set(1_050, "i1_ua", 0)
    dump.set(1_200, "gate1_pos", 0)
    found = measured(dump, tmp_path)
    assert first(found).cut_pulses == 1
    assert first(found).worst_error_ua == 0
    assert first(found).charge_pc == pytest.approx(MA_10 * 50, rel=1e-5)


def test_gates_that_move_while_the_bridges_are_disabled_are_no_pulses(
    dump: Dump, tmp_path: Path
) -> None:
    dump.set(100, "fault_latch", 1)
    dump.set(1_000, "gate1_pos", 1)
    dump.set(1_200, "gate1_pos", 0)
    found = measured(dump, tmp_path)
    assert (first(found).pulses, first(found).silent_pulses) == (0, 0)
    assert findings(found) == ()


def test_a_recording_that_ends_in_a_pulse_makes_no_finding(dump: Dump, tmp_path: Path) -> None:
    dump.phase(1_000, 200, MA_10)
    found = measured(dump, tmp_path, end_us=1_250)
    assert first(found).cut_pulses == 1
    assert findings(found) == ()


def test_both_gates_at_once_are_a_finding(dump: Dump, tmp_path: Path) -> None:
    dump.phase(1_000, 200, MA_10)
    dump.phase(1_199, 200, -MA_10)
    found = measured(dump, tmp_path)
    assert first(found).dead_time_ns == -1_000
    assert "channel 1: both gates on at once, at 0.001199 s" in findings(found)


def test_an_amplitude_that_changes_inside_a_phase_is_a_finding(dump: Dump, tmp_path: Path) -> None:
    dump.pulse(1_000, MA_10)
    dump.set(1_100, "dac1", CODE_10_MA + 1)
    dump.set(1_250, "dac1", CODE_10_MA)
    found = measured(dump, tmp_path)
    assert findings(found) == ("channel 1: the amplitude changed inside a phase, at 0.001000 s",)


def test_channels_that_pulse_at_once_are_a_finding(dump: Dump, tmp_path: Path) -> None:
    dump.pulse(1_000, MA_10)
    dump.pulse(1_400, MA_10, channel=2)
    found = measured(dump, tmp_path)
    assert findings(found) == ("channels pulsed at the same time, at 0.001400 s",)
    assert found.between_channels_ns == -100_000


def test_the_time_between_channels_is_the_shortest_there_was(dump: Dump, tmp_path: Path) -> None:
    dump.pulse(1_000, MA_10)
    dump.pulse(1_850, MA_10, channel=2)
    dump.pulse(11_000, MA_10)
    dump.pulse(12_000, MA_10, channel=2)
    assert measured(dump, tmp_path).between_channels_ns == 350_000


def test_what_the_shunt_gives_back_counts_as_residual_and_not_as_pulse(
    dump: Dump, tmp_path: Path
) -> None:
    dump.pulse(1_000, 10_000)
    dump.set(1_800, "i1_ua", -50)
    dump.set(1_900, "i1_ua", 0)
    one = first(measured(dump, tmp_path))
    assert one.worst_net_pc == 0
    assert one.residual_pc == -5_000
    assert one.mean_dc_ua == pytest.approx(-0.05)


def test_a_window_measures_the_pulses_that_begin_in_it(dump: Dump, tmp_path: Path) -> None:
    for number in range(5):
        dump.pulse(1_000 + number * 10_000, MA_10)
    found = measured(dump, tmp_path, from_ns=5_000_000, to_ns=31_000_000)
    assert first(found).pulses == 3
    assert (found.from_ns, found.to_ns) == (5_000_000, 31_000_000)


def test_bursts_of_a_carrier_pair_their_phases_in_order(dump: Dump, tmp_path: Path) -> None:
    for cycle in range(10):
        dump.pulse(1_000 + cycle * 400, MA_10, width_us=190, gap_us=10)
    one = first(measured(dump, tmp_path))
    assert (one.pulses, one.lone_phases) == (10, 0)
    assert one.period == Range(400_000, 400_000)


def test_slices_are_the_falling_edges_of_ldac(dump: Dump, tmp_path: Path) -> None:
    for at_us in (1_000, 26_000, 56_000):
        dump.set(at_us, "ldac_n", 0)
        dump.set(at_us + 20, "ldac_n", 1)
    found = measured(dump, tmp_path)
    assert (found.slices, found.slice) == (3, Range(25_000_000, 30_000_000))


def test_the_longest_heartbeat_gap_is_found(dump: Dump, tmp_path: Path) -> None:
    for number, at_us in enumerate((1_000, 11_000, 41_000)):
        dump.set(at_us, "heartbeat", (number + 1) % 2)
    assert measured(dump, tmp_path).longest_heartbeat_gap_ns == 30_000_000


def test_the_highest_rms_is_that_of_the_worst_second(dump: Dump, tmp_path: Path) -> None:
    for number in range(20):
        dump.pulse(1_000 + number * 10_000, 10_000)
    for number in range(10):
        dump.pulse(2_001_000 + number * 10_000, 20_000)
    one = first(measured(dump, tmp_path, end_us=3_000_000))
    assert one.highest_rms_ua == pytest.approx(20_000 * (10 * 400e-6) ** 0.5)


def test_a_recording_without_safety_lines_counts_as_powered(tmp_path: Path) -> None:
    text = (
        "$timescale 1 us $end $var wire 1 ! gate1_pos $end $var wire 1 # gate1_neg $end\n"
        "$enddefinitions $end\n#10\n1!\n#210\n0!\n#310\n1#\n#510\n0#\n#9000\n"
    )
    (tmp_path / "x.vcd").write_text(text)
    found = measure(read_vcd(tmp_path / "x.vcd"))
    assert first(found).silent_pulses == 1
