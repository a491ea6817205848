"""`stimkiosk programmes` as a person and as a script sees it."""

import json

import pytest
from click.testing import CliRunner, Result

from ui.cli.commands.programmes import programmes


def run(*arguments: str) -> Result:
    return CliRunner().invoke(programmes, arguments)


def test_the_list_names_every_programme() -> None:
    result = run("list")
    assert result.exit_code == 0
    for name in ("conventional-tens", "nmes-strengthening-neck", "burst-ac"):
        assert name in result.stdout


def test_the_list_is_available_as_json() -> None:
    found = json.loads(run("list", "--json").stdout)
    by_name = {each["name"]: each for each in found}
    assert list(by_name) == sorted(by_name)
    assert {"burst-ac", "relaxation-twitch"} < by_name.keys()
    assert by_name["conventional-tens"]["pad_area_mm2"] == 2_500


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("conventional-tens", ["2 x 150 µs", "80 per second", "60 mA", "9 µC"]),
        ("burst-tens", ["2 bursts per second", "10 pulses at 100 per second"]),
        ("modulated-tens", ["80 to 120 per second, 100 to 200 µs and back in 12 s"]),
        ("burst-ac", ["7 cycles of 2 x 190 µs", "10000 ms on, 50000 ms off", "2000 ms up"]),
    ],
)
def test_a_programme_is_shown_with_numbers_sources_and_evidence(
    name: str, lines: list[str]
) -> None:
    shown = run("show", name).stdout
    for line in [*lines, "Sources", "supporting", "opposing", "not a cleared medical device"]:
        assert line in shown


def test_a_programme_is_available_as_json() -> None:
    found = json.loads(run("show", "burst-tens", "--json").stdout)
    assert found["burst"] == {"pulses": 10, "rate_hz": 100}


def test_an_unknown_programme_is_one_line_with_the_nearest_and_wrong_usage() -> None:
    result = run("show", "convential-tens")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "nearest: conventional-tens" in result.stderr
