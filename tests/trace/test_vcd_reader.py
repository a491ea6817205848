"""The reader takes any value change dump, and one cut off in mid-line up to there."""

from pathlib import Path

import pytest

from tests.trace.dump import Dump
from ui.trace.vcd_reader import VcdError, read_vcd

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


@pytest.mark.parametrize("length", range(1, 12))
def test_a_recording_cut_off_anywhere_is_read_up_to_its_last_whole_line(
    tmp_path: Path, length: int
) -> None:
    body = "#10\n1!\n#2000\n"
    path = tmp_path / "x.vcd"
    path.write_text(HEADER.format("1 ns") + body[:length])
    recording = read_vcd(path)
    whole = body[:length].rpartition("\n")[0]
    assert list(recording.get("a").values) == ([1] if "1!" in whole else [])
    assert recording.is_whole is (body[:length].endswith("\n"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "cut off in its header"),
        ("root:x:0:0\n", "does not begin with"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "cut off|does not begin with"),
        ("$timescale 1 ns $end\n", "cut off in its header"),
        ("$enddefinitions $end\n", "no \\$timescale"),
        (HEADER.format("7 parsec"), "timescale"),
        (HEADER.format("0 ns"), "timescale"),
        (HEADER.format("1 ns") + "#1\nhello there!\n#2\n", "damaged near"),
        (HEADER.format("1 ns") + "#1\nb10\n#2\n", "damaged near"),
        (HEADER.format("1 ns") + "#1\nr1.5 !\n#2\n", "damaged near"),
        (HEADER.format("1 ns") + "#1\nb12 !\n#2\n", "damaged near"),
        (HEADER.format("1 ns") + "#x\n#2\n", "damaged near"),
        (HEADER.format("1 s") + "#99999999999999\n1!\n", "damaged near"),
    ],
)
def test_what_is_no_recording_is_one_clear_error(
    tmp_path: Path, text: str | bytes, problem: str
) -> None:
    with pytest.raises(VcdError, match=problem):
        read(tmp_path, text)
