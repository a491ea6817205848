"""docs/records.md says what the code does."""

import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from appliance.clinical.patients.events import fact_types
from appliance.clinical.unit.events import unit_fact_types
from appliance.records.session_events import EventName
from tests.appliance.records.conftest import Opener, Treatment

PAGE = (Path(__file__).parents[3] / "docs" / "records.md").read_text()


def _check_as_a_third_party(folder: Path) -> subprocess.CompletedProcess[str]:
    script = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]
    return subprocess.run(
        [sys.executable, "-I", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_script_of_the_page_verifies_our_records(
    open_journal: Opener, treat: Treatment, tmp_path: Path
) -> None:
    journal = open_journal()
    treat(journal, seconds=5)
    journal.close()
    checked = _check_as_a_third_party(tmp_path)
    assert checked.stdout == f"{journal.acknowledged} events, head {journal.head}\n"


def test_the_script_of_the_page_finds_an_altered_body(
    open_journal: Opener, treat: Treatment, tmp_path: Path
) -> None:
    journal = open_journal()
    treat(journal, seconds=5)
    journal.close()
    path = tmp_path / "records.db"
    path.write_bytes(path.read_bytes().replace(b"P-17", b"P-71"))
    assert "AssertionError" in _check_as_a_third_party(tmp_path).stderr


def test_the_page_explains_every_event() -> None:
    explained = set(re.findall(r"`([a-z_]+)`", PAGE.split("## Events")[1]))
    assert {str(name) for name in EventName} == explained


FACTS: dict[str, type[msgspec.Struct]] = {**fact_types(), **unit_fact_types()}


@pytest.mark.parametrize("name", FACTS)
def test_the_page_names_every_field_of_a_fact(name: str) -> None:
    (row,) = re.findall(rf"^\| `{name}` \|[^|]+\|([^|]*)\|$", PAGE, re.MULTILINE)
    fields = {field.name for field in msgspec.structs.fields(FACTS[name])}
    assert set(re.findall(r"\w+", row)) == fields - {"patient", "operator", "simulated"}
