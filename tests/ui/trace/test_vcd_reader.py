"""The reader accepts any value change dump, and a truncated one up to its last whole line."""

import tracemalloc
from pathlib import Path

import pytest

from tests.ui.trace.dump import Dump
from ui.trace.vcd import lines as vcd_lines
from ui.trace.vcd import reader as vcd_reader
from ui.trace.vcd.lines import VcdError
from ui.trace.vcd.reader import read_vcd

HEADER = "$timescale {} $end $var wire 1 ! a $end $var real 64 % r $end $enddefinitions $end\n"


def read(tmp_path: Path, text: str | bytes) -> list[tuple[int, float]]:
    path = tmp_path / "x.vcd"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    steps = read_vcd(path).get("a")
    return list(zip(steps.times_ns, steps.values, strict=True))


@pytest.mark.parametrize(
    ("timescale", "ns"),
    [("1 s", 10**9), ("10 ms", 10**7), ("1us", 1_000), ("100 ns", 100), ("1 ns", 1)],
)
def test_times_are_in_ns_whatever_the_timescale(tmp_path: Path, timescale: str, ns: int) -> None:
    assert read(tmp_path, HEADER.format(timescale) + "#3\n1!\n") == [(3 * ns, 1)]


def test_picoseconds_are_rounded_down_to_ns(tmp_path: Path) -> None:
    assert read(tmp_path, HEADER.format("10 ps") + "#350\n1!\n") == [(3, 1)]


def test_every_kind_of_change_is_read(tmp_path: Path) -> None:
    dump = Dump()
    dump.set(1, "gate1_pos", 1)
    dump.set(2, "dac1", 4095)
    dump.set(3, "i1_ua", -123.456)
    recording = read_vcd(dump.write(tmp_path / "x.vcd", end_us=9))
    last = {
        name: (steps.times_ns[-1], steps.values[-1]) for name, steps in recording.signals.items()
    }
    read_back = [last[name] for name in ("gate1_pos", "dac1", "i1_ua")]
    assert read_back == [(1_000, 1), (2_000, 4095), (3_000, -123.456)]
    assert (recording.end_ns, recording.is_whole) == (9_000, True)


def test_only_the_signals_asked_for_are_kept(tmp_path: Path) -> None:
    recording = read_vcd(Dump().write(tmp_path / "x.vcd"), {"gate1_pos"})
    assert set(recording.signals) == {"gate1_pos"}
    assert len(recording.get("dac1").times_ns) == 0


def test_unknown_and_floating_bits_are_0(tmp_path: Path) -> None:
    body = "#1\n1!\n#2\nx!\n#3\n1!\n#4\nZ!\n"
    assert [value for _, value in read(tmp_path, HEADER.format("1 ns") + body)] == [1, 0, 1, 0]


def test_comments_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    body = "$comment a\n1!\n b $end\n\n#5\n1!\n$dumpoff\nx!\n$end\n"
    assert read(tmp_path, HEADER.format("1 ns") + body) == [(5, 1), (5, 0)]


@pytest.mark.parametrize("length", range(1, 13))
def test_a_recording_cut_off_anywhere_is_read_up_to_its_last_whole_line(
    tmp_path: Path, length: int
) -> None:
    body = "#10\n1!\n#2000\n"
    path = tmp_path / "x.vcd"
    path.write_text(HEADER.format("1 ns") + body[:length])
    recording = read_vcd(path)
    whole = body[:length].rpartition("\n")[0]
    assert list(recording.get("a").values) == ([1] if "1!" in whole else [])
    assert recording.is_whole is body[:length].endswith("\n")


@pytest.mark.parametrize(
    ("body", "cut_off"),
    [
        ("#1\n1!\n#2\n", None),
        ("#1\n1!\n#2\n\n  \n", None),
        ("#1\n1!\n", None),
        ("#1\n1!\n#2", "cut off in the middle of line 4"),
    ],
)
def test_a_recording_cut_off_says_in_which_line(
    tmp_path: Path, body: str, cut_off: str | None
) -> None:
    path = tmp_path / "x.vcd"
    path.write_text(HEADER.format("1 ns") + body)
    assert read_vcd(path).cut_off == cut_off


VAR = "$timescale 1 ns $end $var {} $end $enddefinitions $end\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "cut off in its header"),
        ("root:x:0:0\n", "line 1: .* does not begin with"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "cut off|does not begin with"),
        ("$timescale 1 ns $end\n", "cut off in its header"),
        ("$enddefinitions $end\n", "no \\$timescale"),
        (HEADER.format("7 parsec"), "line 1, in the header: timescale"),
        (HEADER.format("0 ns"), "timescale"),
        ("$timescale 1 ns $end\n" + HEADER.format("1 us"), "line 2, .*second \\$timescale"),
        ("$timescale 1 ns $end\n$frobnicate $end\n", "line 2, .*not a declaration"),
        (VAR.format("wire 1 !"), "is not like"),
        (VAR.format("wire x ! a"), "has 'x' bits"),
        (VAR.format("wire 0 ! a"), "has '0' bits"),
        (VAR.format("wire 63 ! a"), "has '63' bits"),
        (VAR.format("whale 1 ! a"), "unknown kind of signal: 'whale'"),
        (VAR.format("wire 1 ! a $end $var wire 2 ! b"), "declared for two different kinds"),
        (VAR.format("wire 1 ! a $end $var wire 1 ? a"), "'a' is declared twice"),
        ("$comment " + "x " * 20_000, "cut off in its header"),
        ("$comment " + "x\n" * 100_001, "does not end"),
        ("$comment " + "x" * 70_000 + "\n", "line 1 is longer than 65536 bytes"),
    ],
)
def test_what_has_no_whole_header_is_one_clear_error(
    tmp_path: Path, text: str | bytes, problem: str
) -> None:
    with pytest.raises(VcdError, match=problem):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("hello there!", "is not a change"),
        ("b10", "not a value and a signal's code"),
        ("b1 0 !", "not a value and a signal's code"),
        ("r1.5 !", "a is declared as bits"),
        ("b1 %", "r is declared as a real"),
        ("1%", "r is not a signal of one bit"),
        ("x%", "not a value of r"),
        ("b2 !", "not a value of a"),
        ("b1_0 !", "has 3 bits, but a has 1"),
        ("b11 !", "has 2 bits, but a has 1"),
        ("1?", "the header does not declare"),
        ("1 !", "the header does not declare"),
        ("b1 ?", "the header does not declare"),
        ("r1 ?", "the header does not declare"),
        ("rnan %", "not a number that a signal can have"),
        ("rinf %", "not a number that a signal can have"),
        ("r-Infinity %", "not a number that a signal can have"),
        ("r1e16 %", "not a number that a signal can have"),
        ("r1_000 %", "not a number that a signal can have"),
        ("r1..2 %", "is not a number"),
        ("#", "is not a time"),
        ("#x", "is not a time"),
        ("#-6", "is not a time"),
        ("#1e4", "is not a time"),
        ("#6_000", "is not a time"),
        ("#4", "goes back in time"),
        ("#99999999999999999999999", "is not a time"),
        ("#86400000000006", "jumps ahead by 24 h"),
        ("$var wire 1 ? b $end", "does not belong"),
        ("$comment never ended", "without its \\$end"),
        ("\x00\x01\x02", "is not a change"),
    ],
)
def test_a_damaged_line_is_named_with_its_number(tmp_path: Path, line: str, problem: str) -> None:
    text = HEADER.format("1 ns") + f"#5\n1!\n{line}\n#86400000000008\n"
    with pytest.raises(VcdError, match=f"damaged in line [45], near 0.000000 s: .*{problem}"):
        read(tmp_path, text)


def test_a_jump_of_a_day_is_the_longest_that_is_read(tmp_path: Path) -> None:
    day_ns = 24 * 3_600 * 10**9
    body = f"#5\n1!\n#{5 + day_ns}\n0!\n"
    assert read(tmp_path, HEADER.format("1 ns") + body) == [(5, 1), (5 + day_ns, 0)]


def test_a_damaged_line_sends_no_control_character_to_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(VcdError) as caught:
        read(tmp_path, HEADER.format("1 ns") + "\x1b[2J\x07\n#2\n")
    assert str(caught.value).isprintable()


def test_an_endless_line_is_given_up_after_one_block(tmp_path: Path) -> None:
    """A sparse file of 3 GB without a line end, and the first MiB of it read."""
    path = tmp_path / "x.vcd"
    path.write_text(HEADER.format("1 ns"))
    with path.open("r+b") as file:
        file.truncate(3 * 10**9)
    tracemalloc.start()
    with pytest.raises(VcdError, match="line 2 is longer than 65536 bytes"):
        read_vcd(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * 2**20


def test_more_changes_than_memory_is_given_for_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vcd_reader, "MAX_CHANGES", 1_000)
    with pytest.raises(VcdError, match="line 1502: more than 1,000 changes"):
        read(tmp_path, HEADER.format("1 ns") + "#1\n" + "1!\n" * 1_500)


def test_lines_are_the_same_wherever_a_block_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = HEADER.format("1 ns") + "#1\n1!\n#20\n0!\n#300\n1!\n#4000\n"
    whole = read(tmp_path, text)
    for block in range(1, 40):
        monkeypatch.setattr(vcd_lines, "BLOCK", block)
        assert read(tmp_path, text) == whole


def test_an_unknown_value_after_the_beginning_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "x.vcd"
    path.write_text(HEADER.format("1 us") + "#0\nx!\n#1\n1!\n#2\nbx !\n#3\nz!\n#4\n")
    assert read_vcd(path).unknown_ns == {"a": 2_000}


def test_a_signal_of_two_names_is_read_as_both(tmp_path: Path) -> None:
    text = VAR.format("wire 1 ! a $end $var wire 1 ! b") + "#1\n1!\n#2\n"
    (tmp_path / "x.vcd").write_text(text)
    recording = read_vcd(tmp_path / "x.vcd")
    assert list(recording.get("a").values) == list(recording.get("b").values) == [1]


def test_lines_of_another_system_end_in_cr_lf(tmp_path: Path) -> None:
    text = (HEADER.format("1 ns") + "#1\n1!\n#2\n").replace("\n", "\r\n")
    assert read(tmp_path, text) == [(1, 1)]
