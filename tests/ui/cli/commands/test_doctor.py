"""`stimkiosk doctor` as a command: lines, JSON, exit code; and that it changes nothing."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.ui.cli.conftest import House
from ui.cli.main import stimkiosk

pytestmark = pytest.mark.proves_none


def told(*arguments: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(stimkiosk, ["doctor", "--json", *arguments])
    return result.exit_code, json.loads(result.stdout)


def by_name(found: dict[str, Any]) -> dict[str, Any]:
    return {line["name"]: line for line in found["lines"]}


def a_pi(root: Path, model: str) -> Path:
    for path, text in {
        "proc/device-tree/model": f"{model}\0",
        "etc/os-release": "VERSION_CODENAME=trixie\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def test_a_pi_5_in_a_folder_is_wrong_with_exit_code_1(tmp_path: Path) -> None:
    root = a_pi(tmp_path, "Raspberry Pi 5 Model B Rev 1.0")
    code, found = told("--root", str(root), "--data", str(tmp_path / "none"))
    assert (code, found["ok"]) == (1, False)
    assert "use one of" in by_name(found)["model"]["found"]


def test_the_table_says_what_to_do_and_what_does_not_apply(tmp_path: Path) -> None:
    root = a_pi(tmp_path, "Raspberry Pi 4 Model B Rev 1.5")
    arguments = ["doctor", "--root", str(root), "--data", str(tmp_path / "none")]
    result = CliRunner().invoke(stimkiosk, arguments)
    words = " ".join(result.stdout.split())
    assert result.exit_code == 1
    assert "ok model Raspberry Pi 4 Model B Rev 1.5" in words
    assert "sudo deploy/install.sh" in words
    assert "does not apply here: " in words
    assert words.endswith(("warnings", "warning"))


def test_a_folder_that_does_not_exist_is_wrong_usage() -> None:
    result = CliRunner().invoke(stimkiosk, ["doctor", "--root", "/no/such/folder"])
    assert result.exit_code == 2


def test_the_records_of_an_installed_unit_are_those_of_its_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STIMKIOSK_DATA", raising=False)
    monkeypatch.delenv("STIMKIOSK_SOCKET", raising=False)
    root = a_pi(tmp_path, "Raspberry Pi 4 Model B Rev 1.5")
    (root / "etc/stimkiosk").mkdir(parents=True)
    (root / "etc/stimkiosk/install.conf").write_text("display=800x480\n", encoding="utf-8")
    _, found = told("--root", str(root))
    assert f"{root}/var/lib/stimkiosk" in by_name(found)["database"]["found"]


@pytest.mark.slow
def test_a_running_engine_and_its_records_are_looked_at_and_left_as_they_are(house: House) -> None:
    _, port = house.board()
    house.engine(port)
    begun_s = time.monotonic()
    shown = house.run("doctor", "--json")
    took_s = time.monotonic() - begun_s
    found = by_name(json.loads(shown.stdout))
    assert (shown.returncode, shown.stderr) == (0, "")
    assert (found["engine"]["status"], found["e-stop loop"]["found"]) == ("ok", "closed")
    assert (found["database"]["status"], found["chain"]["status"]) == ("ok", "ok")
    assert took_s < 20
    again = house.run("sessions", "verify", "--json")
    assert json.loads(again.stdout)["ok"]
    assert json.loads(house.run("status", "--json").stdout)["state"] == "Locked"


def test_help_and_the_list_of_commands_name_it(house: House) -> None:
    assert "doctor" in house.run("--help").stdout
    assert "Exit code 1 if something is wrong" in house.run("doctor", "--help").stdout
