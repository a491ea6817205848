"""Wrong usage: one line that says what is accepted, and nothing lost."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.support.hang import HANG_S
from tests.ui.cli.conftest import COMMAND, TREAT, House, a_house, one_line
from ui.cli.main import COMMANDS, stimkiosk
from ui.cli.terminal.option_types import DecimalNumber, WholeNumber

NO_NUMBERS = ("", " ", "abc", "nan", "inf", "-inf", "1e308", "-1", "²", "9" * 5_000)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return one house for all tests: no command here gets far enough to change it."""
    with a_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.mark.parametrize("typed", [*NO_NUMBERS, "0", "5", "1.5", "٣"])
def test_a_value_that_is_no_whole_number_in_range_is_answered_with_the_range(typed: str) -> None:
    with pytest.raises(click.BadParameter, match=r"is not a whole number from 1 to 4$") as found:
        WholeNumber(1, 4).convert(typed, None, None)
    assert len(found.value.message) < 100


@pytest.mark.parametrize("typed", NO_NUMBERS)
def test_a_value_that_is_no_number_in_range_is_answered_with_the_range(typed: str) -> None:
    with pytest.raises(click.BadParameter, match=r"is not a number from 0 to 1000$") as found:
        DecimalNumber(0, 1_000).convert(typed, None, None)
    assert len(found.value.message) < 100


def test_the_ends_of_a_range_belong_to_it_unless_stated_otherwise() -> None:
    assert [WholeNumber(1, 4).convert(text, None, None) for text in ("1", "4", 2)] == [1, 4, 2]
    assert [DecimalNumber(0, 9.5).convert(text, None, None) for text in ("0", "9.5", 2.0)] == [
        0,
        9.5,
        2,
    ]
    with pytest.raises(click.BadParameter, match="above 0, up to 9"):
        DecimalNumber(0, 9, min_open=True).convert("0", None, None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sesions",), "No such command 'sesions'; there are demo, board, .*sessions; see "),
        (("fault", "put"), "there are clear, list, set, status; see `stimkiosk fault --help`"),
        (("treat",), "give the name of a programme, or --programme-file, not both; see"),
        ((*TREAT, "--lvl", "3"), "'--level'; see"),
        ((*TREAT, "--level", "1e308"), "'1e308' is not a number from 0 to 1000; see"),
        ((*TREAT, "--channels", "9" * 5_000), "is not a list of channels, for example 1,2; see"),
        ((*TREAT, "--level", "0.0001"), r"steps of 0\.5 mA; nearest 0 mA or 0\.5 mA"),
        ((*TREAT, "--data", ""), "the folder name is empty"),
        (("status", "--data", __file__), "is a file"),
        (("patients", "list", "--data", __file__), "is a file"),
        (("board", "--port", "0", "--speed", "nan"), "'nan' is not a number from 0.001 to 1000"),
        (("drill", "watchdog", "--operator", "a\nb"), "is not plain text: give one line"),
        ((*TREAT, "--reason", "\x1b[31m"), "is not plain text: give one line"),
        ((*TREAT, "--patient", "\udcff"), "is not plain text: give one line"),
        (("fault", "set", "\udcff"), "is not plain text: give one line"),
        (("board", "--port", "abc"), "'abc' is not a whole number from 0 to 65535"),
        (("board", "--wire", "9" * 5_000 + ":1"), "is not two GPIO from 0 to 27"),
        (("board", "--wire", "5:5"), "is not two GPIO from 0 to 27"),
    ],
)
def test_wrong_usage_is_one_line_that_says_what_is_accepted(
    house: House, arguments: tuple[str, ...], words: str
) -> None:
    done = house.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    line = one_line(done.stderr)
    assert re.search(words, line), line
    assert len(line) < 300


def test_a_port_of_thousands_of_digits_is_refused(house: House) -> None:
    done = house.run(*TREAT, PIGPIO_PORT="9" * 5_000)
    assert done.returncode == 2
    assert "give a port from 1 to 65535" in one_line(done.stderr)


def test_a_ceiling_of_thousands_of_digits_is_refused(house: House) -> None:
    done = house.run(
        "patients",
        "ceiling",
        "P-1",
        "--back",
        "--max",
        "9" * 5_000,
        *("--reason", "r", "--operator", "o"),
    )
    assert done.returncode == 2
    assert "is not a current, for example 25mA" in one_line(done.stderr)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "sessions"])
def test_no_listing_cuts_a_summary_off(name: str) -> None:
    command = stimkiosk.get_command(click.Context(stimkiosk), name)
    assert command is not None
    text = command.get_help(click.Context(command, info_name=name, terminal_width=60))
    assert "..." not in text.partition("\n")[2]  # the first line is the usage


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((*TREAT, "--rig", "hardware"), 4, "confirmed at a terminal; this is not a terminal"),
        (("status",), 3, "no engine answers"),
    ],
)
def test_closed_standard_input_is_not_reported_as_a_program_error(
    house: House, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *COMMAND, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=house.environment,
        timeout=HANG_S,
    )
    assert done.returncode == code
    assert words in one_line(done.stderr)


@pytest.mark.parametrize("name", ["same", "hard link", "soft link"])
def test_a_picture_never_overwrites_its_recording(house: House, tmp_path: Path, name: str) -> None:
    recording, other = tmp_path / "run.png", tmp_path / "other.png"
    made = house.run(*TREAT, "--fast", "--seconds", "1", "--level", "1", "--trace", str(recording))
    assert made.returncode == 0
    before = recording.read_bytes()
    if name == "hard link":
        os.link(recording, other)
    elif name == "soft link":
        other.symlink_to(recording)
    picture = recording if name == "same" else other
    done = house.run("trace", str(recording), "--png", str(picture))
    assert (done.returncode, done.stdout) == (2, "")
    assert "is the recording itself; give another file" in one_line(done.stderr)
    assert recording.read_bytes() == before


def test_an_unencodable_letter_is_replaced_and_the_drill_continues(house: House) -> None:
    drill = ("drill", "known-load", "--load", "500", "--fast", "--virtual-hands")
    done = house.run(*drill, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, "")
    assert "channel 1, 500 ?" in done.stdout
    assert "known-load drill passed" in done.stdout


@pytest.mark.parametrize("buffered", [{}, {"PYTHONUNBUFFERED": "1"}])
def test_a_full_disk_at_standard_output_is_not_reported_as_a_finding(
    house: House, buffered: dict[str, str]
) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "programmes", "list"],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**house.environment, **buffered},
            timeout=HANG_S,
        )
    assert done.returncode == 5
    assert "No space left on device" in one_line(done.stderr)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nonsense",), 2),
        (("programmes", "show", "none"), 2),
        ((*TREAT, "--level", "90", "--fast"), 4),
    ],
)
def test_a_full_disk_at_standard_error_does_not_change_the_exit_code(
    house: House, arguments: tuple[str, ...], code: int
) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, *arguments],
            check=False,
            stdout=subprocess.PIPE,
            stderr=full,
            env=house.environment,
            timeout=HANG_S,
        )
    assert done.returncode == code
