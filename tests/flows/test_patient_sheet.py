"""The sheet that a patient takes home: kept with the session, written to a stick, read back."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from appliance.core.refusal import Refusal
from appliance.messages.actions import (
    CloseSession,
    Pause,
    Resume,
    SetUpUnit,
    Stop,
)
from appliance.messages.replies import Refused, Reply
from appliance.messages.sheets import ExportSheet, MakeSheet
from appliance.records.sheets import FOLDER, erase_sheets, kept_languages
from appliance.records.storage.store import open_read_only
from appliance.sheet.content import SheetContent, read_content
from appliance.sheet.files import export, keep, sticks
from appliance.texts.english import english
from appliance.texts.text import Text, TextValue
from tests.support.clinic import Clinic
from tests.support.clinical_records import fact
from tests.support.texts import said
from tests.support.treated_patient import finished, treated
from ui.cli.commands.sessions import sessions

pytestmark = pytest.mark.proves_none

SESSION = "0001-001"
PDF = b"%PDF-"
EFFICACY = ("reliev", "heal", "cure", "therap", "effective", "improve", "recommended")


def test_the_sheet_is_made_by_the_modules_of_this_engine(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazard: what lies where the engine was started, as on a stick, is run in its place."""
    treated(clinic)
    clinic.do(Stop())
    clinic.until("Finished")
    for name in ("appliance", "fpdf", "msgspec"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not of this engine')")
    monkeypatch.chdir(tmp_path)
    assert isinstance(clinic.ask(MakeSheet(session=SESSION)), Reply)


def sheet_made(clinic: Clinic) -> dict[str, str]:
    """Return the only event that says that a sheet was made."""
    with open_read_only(clinic.data) as db:
        [(facts,)] = db.execute("SELECT facts FROM facts WHERE name = 'sheet_made'")
    return dict(json.loads(facts))


def words_of(content: SheetContent) -> str:
    values: list[TextValue] = [value for pair in content.facts for value in pair]
    for block in content.blocks:
        values += [block.title, *block.lines]
    for home in content.home:
        values += [home.title, home.dose, *home.steps, *home.stop]
    values += content.advice
    assert all(not isinstance(value, Text) or "." in value.key for value in values)
    return "\n".join(english(value) for value in values)


def test_a_sheet_is_kept_with_its_session_once_output_is_off(clinic: Clinic) -> None:
    patient = treated(clinic)
    refused = clinic.ask(MakeSheet(session=SESSION))
    assert isinstance(refused, Refused)
    assert "output" in said(refused).asked
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    assert isinstance(clinic.ask(MakeSheet(session=SESSION)), Reply)
    (kept,) = (clinic.data / FOLDER).iterdir()
    assert kept.read_bytes().startswith(PDF)
    assert (kept.stat().st_mode & 0o777, kept_languages(clinic.data, SESSION)) == (0o600, ("en",))
    before = kept.stat().st_mtime_ns
    made = sheet_made(clinic)
    assert (made["sheet_of"], made["language"], made["to"]) == (SESSION, "en", "unit")
    assert made["operator"] == clinic.view.operator != ""
    clinic.do(MakeSheet(session=SESSION))
    assert kept.stat().st_mtime_ns == before
    exercises = [{"exercise": "bridge", "sets": 2, "repetitions": 8, "days_a_week": 5}]
    clinic.do(fact("exercises_given", patient, session=SESSION, exercises=exercises))
    clinic.do(MakeSheet(session=SESSION))
    assert [path.stat().st_mtime_ns > before for path in kept.parent.iterdir()] == [True]
    erase_sheets(clinic.data)
    assert kept_languages(clinic.data, SESSION) == ()


def test_what_is_no_session_of_a_patient_or_no_language_is_refused(clinic: Clinic) -> None:
    finished(clinic)
    unknown = clinic.ask(MakeSheet(session="0009-001"))
    assert isinstance(unknown, Refused)
    assert said(unknown).nearest == SESSION
    other = clinic.ask(MakeSheet(session=SESSION, language="xx"))
    assert isinstance(other, Refused)
    assert not (clinic.data / FOLDER).exists()


def test_a_sheet_without_a_stick_is_kept_and_that_is_refused(clinic: Clinic) -> None:
    finished(clinic)
    answer = clinic.ask(ExportSheet(session=SESSION))
    assert isinstance(answer, Refused)
    assert "USB" in said(answer).asked
    assert kept_languages(clinic.data, SESSION) == ("en",)


def test_a_sheet_says_what_was_done_and_whom_to_call_and_claims_nothing(clinic: Clinic) -> None:
    patient = treated(clinic)
    clinic.wait(4_000)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    clinic.do(SetUpUnit(clinic="Physio Am Markt", telephone="030 1234"))
    clinic.wait(100)
    content = read_content(clinic.data, SESSION)
    assert isinstance(content, SheetContent)
    words = words_of(content)
    called = (content.clinic, content.telephone)
    assert (*called, content.alias) == ("Physio Am Markt", "030 1234", "")
    assert patient not in words
    assert "3 mA, 3 mA" in words
    assert "still red the next day" in words
    assert not [word for word in EFFICACY if word in words.lower()]


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    for name in ("anna/STICK", "empty"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def is_stick(path: Path) -> bool:
    return path.name.startswith("STICK")


def test_a_sheet_is_written_to_the_stick_and_nothing_there_is_overwritten(mounts: Path) -> None:
    stick = mounts / "anna" / "STICK"
    first = export(PDF, SESSION, "de", mounts, is_stick)
    second = export(PDF, SESSION, "de", mounts, is_stick)
    assert (first, second) == (
        stick / f"stimkiosk-{SESSION}-de.pdf",
        stick / f"stimkiosk-{SESSION}-de-2.pdf",
    )
    assert all(path.read_bytes() == PDF for path in stick.iterdir())


@pytest.mark.parametrize(("names", "asked"), [((), "without"), (("STICK1", "STICK2"), "2 USB")])
def test_none_or_several_sticks_are_refused(
    tmp_path: Path, names: tuple[str, ...], asked: str
) -> None:
    for name in names:
        (tmp_path / name).mkdir()
    answer = export(PDF, SESSION, "en", tmp_path, is_stick)
    assert isinstance(answer, Refusal)
    assert asked in english(answer.asked)


def test_a_link_is_no_stick_and_no_file_is_followed_off_it(mounts: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (mounts / "STICK-link").symlink_to(outside)
    assert sticks(mounts, is_stick) == (mounts / "anna" / "STICK",)
    name = f"stimkiosk-{SESSION}-en.pdf"
    (mounts / "anna" / "STICK" / name).symlink_to(outside / "victim")
    export(PDF, SESSION, "en", mounts, is_stick)
    assert list(outside.iterdir()) == []


def test_a_stick_that_cannot_be_written_is_refused_and_left_clean(
    mounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = export(PDF, SESSION, "en", mounts, is_stick)
    assert isinstance(answer, Refusal)
    assert "No space" in english(answer.asked)
    assert list((mounts / "anna" / "STICK").iterdir()) == []


def test_what_reads_back_otherwise_is_refused(
    mounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgets(descriptor: int, *_: int) -> None:
        (mounts / "anna" / "STICK" / f"stimkiosk-{SESSION}-en.pdf").write_bytes(b"other")

    monkeypatch.setattr(os, "posix_fadvise", forgets)
    answer = export(PDF, SESSION, "en", mounts, is_stick)
    assert isinstance(answer, Refusal)
    assert list((mounts / "anna" / "STICK").iterdir()) == []


def test_a_sheet_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    keep(tmp_path, SESSION, "en", b"one")
    kept = keep(tmp_path, SESSION, "en", b"two")
    assert kept.read_bytes() == b"two"
    assert [path.name for path in kept.parent.iterdir()] == [f"{SESSION}.en.pdf"]


def test_pausing_is_output_off_but_the_session_has_not_ended(clinic: Clinic) -> None:
    treated(clinic)
    clinic.do(Pause())
    clinic.until("Paused")
    answer = clinic.ask(MakeSheet(session=SESSION))
    assert isinstance(answer, Refused)
    assert "ended" in said(answer).allowed
    clinic.do(Resume())


def test_the_command_line_writes_the_same_sheet(clinic: Clinic, tmp_path: Path) -> None:
    finished(clinic)
    clinic.do(MakeSheet(session=SESSION))
    out = tmp_path / "sheet.pdf"
    arguments = ["sheet", SESSION, "--data", str(clinic.data), "--out", str(out)]
    done = CliRunner().invoke(sessions, arguments)
    assert done.exit_code == 0, done.output
    assert out.read_bytes() == (clinic.data / FOLDER / f"{SESSION}.en.pdf").read_bytes()
    assert CliRunner().invoke(sessions, arguments).exit_code == 2
