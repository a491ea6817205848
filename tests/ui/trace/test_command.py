"""`stimkiosk trace` as a person or a script runs it."""

import errno
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from tests.ui.trace.dump import Dump
from ui.cli.commands.trace import trace


@pytest.fixture
def vcd(tmp_path: Path) -> Path:
    dump = Dump()
    dump.set(10, "dac1", 341)
    for number in range(5):
        dump.pulse(1_000 + number * 10_000, 9_992.7)
    return dump.write(tmp_path / "run.vcd", end_us=60_000)


def run(*words: object) -> Result:
    return CliRunner().invoke(trace, [str(word) for word in words])


def test_it_prints_what_was_measured(vcd: Path) -> None:
    result = run(vcd)
    assert result.exit_code == 0
    for text in ("channel 1", "200.0 µs", "100.00 per s", "9.993 mA"):
        assert text in result.stdout


def test_json_is_one_object_with_units_in_its_names(vcd: Path) -> None:
    result = run(vcd, "--json")
    found = json.loads(result.stdout)
    assert found["channels"][0]["pulses"] == 5
    assert found["channels"][0]["phase"] == {"least_ns": 200_000, "most_ns": 200_000}
    assert found["findings"] == []


def test_json_with_a_picture_stays_json(vcd: Path, tmp_path: Path) -> None:
    result = run(vcd, "--json", "--png", tmp_path / "x.png")
    json.loads(result.stdout)
    assert (tmp_path / "x.png").stat().st_size > 1_000


def test_a_window_and_a_channel_narrow_the_view(vcd: Path) -> None:
    found = json.loads(run(vcd, "--json", "--from", 5, "--to", 25, "--channel", 1).stdout)
    assert [(each["channel"], each["pulses"]) for each in found["channels"]] == [(1, 2)]


def test_ascii_draws_each_channel(vcd: Path) -> None:
    result = run(vcd, "--ascii")
    assert "channel 1: mA over ms" in result.stdout
    assert "channel 2: mA over ms" in result.stdout


@pytest.mark.parametrize(("columns", "most"), [("40", 40), ("100", 100), (None, 80)])
def test_ascii_is_as_wide_as_the_terminal(
    vcd: Path, monkeypatch: pytest.MonkeyPatch, columns: str | None, most: int
) -> None:
    if columns is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", columns)
    lines = run(vcd, "--ascii").stdout.splitlines()
    plot = lines[lines.index("channel 1: mA over ms") :]
    assert max(map(len, plot)) == most


def test_a_finding_ends_with_1(tmp_path: Path) -> None:
    dump = Dump()
    dump.set(10, "dac1", 341)
    dump.phase(1_000, 200, 9_992.7)
    result = run(dump.write(tmp_path / "x.vcd", end_us=200_000))
    assert result.exit_code == 1
    assert "fault: channel 1: a phase without its counterpart, at 0.001000 s" in result.stdout


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--from", "90"], 2, "the recording goes from 0 to 60 ms"),
        (["--from", "9", "--to", "9"], 2, "nothing between 9 and 9 ms"),
        (["--channel", "3"], 2, "no channel 3 in the recording; it has 1, 2"),
        (["--png", "no/such/folder/x.png"], 2, "cannot be written"),
    ],
)
def test_a_wrong_request_is_one_clear_line(
    vcd: Path, words: list[str], code: int, message: str
) -> None:
    result = run(vcd, *words)
    assert result.exit_code == code
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_a_damaged_file_ends_with_7(vcd: Path) -> None:
    vcd.write_text(vcd.read_text().replace("#10000", "#1e4"))
    result = run(vcd)
    assert result.exit_code == 7
    assert "damaged in line 44" in result.stderr


def test_time_that_runs_backwards_ends_with_7(vcd: Path) -> None:
    vcd.write_text(vcd.read_text() + "#5\n")
    result = run(vcd)
    assert result.exit_code == 7
    assert "'#5' goes back in time" in result.stderr
    assert result.stdout == ""


def test_another_programs_dump_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.vcd").write_text("$timescale 1 ns $end $enddefinitions $end\n#1\n")
    result = run(tmp_path / "x.vcd")
    assert result.exit_code == 2
    assert "not a recording of this board" in result.stderr


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    assert run(tmp_path / "none.vcd").exit_code == 2


def test_a_recording_cut_off_says_so(vcd: Path) -> None:
    vcd.write_bytes(vcd.read_bytes()[:-3])
    result = run(vcd)
    assert "(the recording was cut off there)" in result.stdout
    assert "cut off in the middle of line 104; measured up to there" in result.stderr
    assert result.exit_code == 7


def test_an_earlier_picture_is_replaced_only_by_force(vcd: Path, tmp_path: Path) -> None:
    png = tmp_path / "x.png"
    png.write_bytes(b"earlier")
    refused = run(vcd, "--png", png)
    assert refused.exit_code == 2
    assert "exists already; give another name, or --force to replace it" in refused.stderr
    assert png.read_bytes() == b"earlier"
    assert run(vcd, "--png", png, "--force").exit_code == 0
    assert png.read_bytes()[:4] == b"\x89PNG"


def test_force_does_not_draw_over_the_recording(vcd: Path, tmp_path: Path) -> None:
    link = tmp_path / "run.png"
    link.symlink_to(vcd)
    before = vcd.read_bytes()
    result = run(vcd, "--png", link, "--force")
    assert result.exit_code == 2
    assert "is the recording itself" in result.stderr
    assert vcd.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "message"),
    [("a.jpg", "does not end in .png"), ("", "the file name is empty")],
)
def test_a_picture_is_a_png_by_its_name(vcd: Path, name: str, message: str) -> None:
    result = run(vcd, "--png", name and vcd.parent / name)
    assert result.exit_code == 2
    assert message in result.stderr
    assert [each.name for each in vcd.parent.iterdir()] == ["run.vcd"]


def test_a_picture_that_cannot_be_written_leaves_nothing_and_keeps_the_earlier_one(
    vcd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    png = tmp_path / "x.png"
    png.write_bytes(b"earlier")

    def full(_: Image.Image, path: Path, **__: object) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    result = run(vcd, "--png", png, "--force")
    assert result.exit_code == 5
    assert "No space left on device" in result.stderr
    assert png.read_bytes() == b"earlier"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["run.vcd", "x.png"]
