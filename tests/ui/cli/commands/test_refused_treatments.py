"""Bad input: one clear line, the documented exit code, no traceback, and nothing started."""

import json
import re
import resource
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hang import HANG_S
from tests.ui.cli.conftest import COMMAND, TREAT, House, a_house, one_line

BOARD = Path("drivers/boards/reference.toml")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return one house for all tests: no command here gets far enough to change it."""
    with a_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["conventional-ten"], 2, r"no programme 'conventional-ten'; nearest: conventional-tens"),
        (["xyz"], 2, r"no programme 'xyz'; nearest: .*low-rate-tens"),
        (
            [*TREAT[1:], "--level", "90"],
            4,
            r"level: asked 90 mA, allowed up to 60 mA .* nearest 60",
        ),
        ([*TREAT[1:], "--level", "8.3"], 2, r"steps of 0\.5 mA; nearest 8 mA or 8\.5 mA"),
        ([*TREAT[1:], "--level", "16.1"], 2, r"--level 16\.1 mA: levels are steps of 0\.5 mA"),
        ([*TREAT[1:], "--level", "30", "--region", "suboccipital"], 4, "asked 30 mA.* up to 20 mA"),
        ([*TREAT[1:], "--seconds", "4000"], 4, r"asked 4000 s, allowed up to 1800 s"),
        ([*TREAT[1:], "--region", "moon"], 4, r"region: asked .*moon, allowed lower_back"),
        ([*TREAT[1:], "--region", "lower_back", "--pad-area", "2"], 4, r"pad area: asked 2 cm²"),
        ([*TREAT[1:], "--board", "nope"], 2, r"no board file nope; give .* one of reference"),
        (
            [*TREAT[1:], "--trace", "/nowhere/x.vcd"],
            2,
            r"x\.vcd cannot be written: there is no folder /nowhere",
        ),
        (
            [*TREAT[1:], "--rig", "hardware"],
            4,
            r"dummy load.* confirmed at a terminal; this is not a terminal",
        ),
        (["burst-ac", "--region", "neck"], 4, r"neck"),
        (["motor-point-find", "--minutes", "4"], 4, r"asked 240 s, allowed 60 s to 180 s"),
        (["motor-point-find", "--level", "26"], 4, r"asked 26 mA, allowed up to 25 mA"),
        (["motor-point-find", "--region", "neck"], 4, r"region: asked motor-point-find on neck"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused_in_one_line(
    house: House, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    records = tmp_path / "records"
    done = house.run("treat", *arguments, STIMKIOSK_DATA=str(records))
    assert (done.returncode, done.stdout) == (code, "")
    assert re.search(words, one_line(done.stderr)), done.stderr
    assert not (records / "records.db").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--level", "nan"],
        ["--level", "inf"],
        ["--level", "-1"],
        ["--seconds", "nan"],
        ["--pad-area", "inf"],
        ["--channels", "1,1"],
        ["--channels", "one"],
        ["--channels", "0"],
        ["--fast", "--rig", "hardware"],
        ["--trace", "x.vcd", "--rig", "hardware"],
    ],
)
def test_a_malformed_option_is_wrong_usage(house: House, arguments: list[str]) -> None:
    done = house.run(*TREAT, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert one_line(done.stderr).endswith("see `stimkiosk treat --help`")


def test_a_channel_the_board_lacks_is_refused_and_names_those_it_has(house: House) -> None:
    done = house.run(*TREAT, "--fast", "--channels", "1,3", "--json")
    summary = json.loads(done.stdout)
    assert (done.returncode, summary["outcome"], summary["session"]) == (4, "refused", None)
    assert "asked 3, allowed 1, 2 on this board" in summary["cause"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("supply_en = 26", "supply_en = 26\nsuply = 9"), "suply"),
        (("buzzer = 14", "buzzer = 4"), "4"),
        (("[pins]", "[pins"), "toml"),
    ],
)
def test_a_wrong_board_file_names_the_mistake(
    house: House, tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    wrong = tmp_path / "own.toml"
    wrong.write_text(BOARD.read_text("utf-8").replace(*change), "utf-8")
    for fast in (["--fast"], []):
        done = house.run(*TREAT, "--board", str(wrong), *fast)
        assert (done.returncode, done.stdout) == (2, "")
        line = one_line(done.stderr)
        assert line.startswith("stimkiosk: D101: ")
        assert words in line


@pytest.mark.parametrize(
    ("environment", "code", "words"),
    [
        ({"PIGPIO_PORT": "1"}, 3, r"D103: no virtual board on port 1; start one with"),
        ({"PIGPIO_PORT": "many"}, 2, r"PIGPIO_PORT is 'many': give a port from 1 to 65535"),
        ({"PIGPIO_PORT": "0"}, 2, r"PIGPIO_PORT is '0'"),
        ({"PIGPIO_PORT": "99999"}, 2, r"PIGPIO_PORT is '99999'"),
        ({"PIGPIO_ADDR": "clinic.example"}, 2, r"only a board on this machine"),
    ],
)
def test_a_daemon_that_is_missing_or_remote_is_refused_by_its_setting(
    house: House, environment: dict[str, str], code: int, words: str
) -> None:
    done = house.run(*TREAT, **environment)
    assert (done.returncode, done.stdout) == (code, "")
    assert re.search(words, one_line(done.stderr)), done.stderr


def test_a_daemon_that_is_no_virtual_board_is_refused_and_sent_nothing(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as foreign:
        foreign.settimeout(0)
        port = str(foreign.getsockname()[1])
        done = house.run(*TREAT, PIGPIO_PORT=port)
        assert done.returncode == 3
        assert "held by another program, which is no virtual board of ours" in one_line(done.stderr)
        with pytest.raises(BlockingIOError):
            foreign.accept()
        taken = house.run("board", "--port", port)
        assert taken.returncode == 75
        assert "D109" in one_line(taken.stderr)
        traced = house.run(*TREAT, "--trace", str(house.folder / "x.vcd"), PIGPIO_PORT=port)
        assert traced.returncode == 2
        assert "--trace records only a virtual board that this command starts" in one_line(
            traced.stderr
        )


@pytest.mark.skipif(Path("/proc/device-tree/model").exists(), reason="this may be a Raspberry Pi")
def test_hardware_is_refused_on_a_machine_that_is_no_raspberry_pi(house: House) -> None:
    done = house.run("engine", "--rig", "hardware")
    assert done.returncode == 5
    assert "not a Raspberry Pi" in one_line(done.stderr)


@pytest.mark.parametrize("fast", [True, False])
def test_no_treatment_starts_without_writable_records(house: House, fast: bool) -> None:
    arguments = (*TREAT, "--data", "/proc/records", *(["--fast"] if fast else []))
    done = house.run(*arguments)
    assert (done.returncode, done.stdout) == (5, "")
    assert "A102: records cannot be kept in /proc/records" in one_line(done.stderr)


@pytest.mark.parametrize("what", ["records", "recording"])
def test_a_full_disk_ends_a_stepped_treatment_with_a_message(house: House, what: str) -> None:
    trace = ["--trace", str(house.folder / "run.vcd")] if what == "recording" else []
    size = {"records": 200_000, "recording": 1_100_000}[what]
    done = subprocess.run(
        [*COMMAND, *TREAT, "--fast", "--level", "2", "--seconds", "180", *trace],
        check=False,
        capture_output=True,
        text=True,
        env={**house.environment, "STIMKIOSK_DATA": str(house.folder / what)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        timeout=HANG_S,
    )
    assert done.returncode == 5
    assert "Traceback" not in done.stderr
    assert "recording" in one_line(done.stderr) if trace else "T28" in done.stdout
    checked = house.run("sessions", "verify", "--data", str(house.folder / what))
    assert checked.returncode == 0, checked.stderr
