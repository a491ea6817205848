"""Sheets of patients in the data folder: their names, which there are, and how they are erased."""

from pathlib import Path

from appliance.records.storage.atomic_files import erase_file

FOLDER = "sheets"
_END = ".pdf"


def sheet_name(session: str, language: str) -> str:
    """Return the name of the sheet of a session in a language."""
    return f"{session}.{language}{_END}"


def kept_languages(folder: Path, session: str) -> tuple[str, ...]:
    """Return the languages in which a session has a sheet."""
    named = (folder / FOLDER).glob(f"{session}.*{_END}")
    return tuple(sorted(path.name.removesuffix(_END).partition(".")[2] for path in named))


def erase_sheets(folder: Path) -> None:
    """Erase every sheet: each can be made again from what the records still say.

    Raises `JournalError`.
    """
    for path in sorted((folder / FOLDER).glob(f"*{_END}*")):
        erase_file(path)
