"""A database of an older engine shows today what its own programs showed, byte for byte.

`older_database` holds the records and incidents of an engine of commit 13497b9, from before texts
had keys: a patient with a ceiling, drills that passed and failed, a caution, trips and a refusal.
`said` holds what the commands of that commit printed of them.
"""

import shutil
from pathlib import Path

import pytest

from tests.appliance.records.conftest import Run
from tests.support.clinic import DAY_US, open_clinic

OLDER = Path(__file__).parent / "older_database"
COMMANDS = {
    "verify": ("verify",),
    "verify-json": ("verify", "--json"),
    "list": ("list",),
    "list-json": ("list", "--json"),
    "show-1": ("show", "0001-001"),
    "show-1-json": ("show", "0001-001", "--json"),
    "show-2": ("show", "0001-002"),
    "show-2-all": ("show", "0001-002", "--all"),
    "show-2-json": ("show", "0001-002", "--json"),
    "capsules": ("capsules",),
    "capsule": ("capsule", "0001-002-1"),
}


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Return a copy of the older records that may be opened."""
    return Path(shutil.copytree(OLDER, tmp_path / "records", ignore=_without_said))


def _without_said(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name == "said"]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_the_same_of_an_older_database(older: Path, run: Run, name: str) -> None:
    result = run(older, *COMMANDS[name])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (OLDER / "said" / f"{name}.txt").read_text(encoding="utf-8")


def test_every_output_of_the_older_commands_is_compared() -> None:
    assert {path.stem for path in (OLDER / "said").iterdir()} == set(COMMANDS)


def test_reading_leaves_an_older_database_as_it_was(older: Path, run: Run) -> None:
    for command in COMMANDS.values():
        run(older, *command)
    assert (older / "records.db").read_bytes() == (OLDER / "records.db").read_bytes()


def test_an_engine_of_today_goes_on_with_an_older_database(
    older: Path, run: Run, tmp_path: Path
) -> None:
    with open_clinic(tmp_path / "clinic", data=older, after_us=DAY_US) as clinic:
        clinic.treat(level_ua=1_000, channels=(1,))
        clinic.board.fault_set("estop")
        assert clinic.trip() == "T01"
        clinic.wait(1_500)
    assert run(older, "verify").exit_code == 0
    for name in ("show-1", "show-1-json", "show-2", "show-2-all", "show-2-json"):
        said = (OLDER / "said" / f"{name}.txt").read_text(encoding="utf-8")
        assert run(older, *COMMANDS[name]).stdout == said
    shown = run(older, "show", "0002-001").stdout
    assert "code T01" in shown
