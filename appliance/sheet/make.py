"""Makes the sheet of a session from the records, keeps it, and writes it to a stick."""

from pathlib import Path

from appliance.core.refusal import Refusal
from appliance.sheet.content import read_content
from appliance.sheet.drawing import draw_sheet
from appliance.sheet.files import export, keep
from appliance.texts.languages import language_of
from appliance.texts.translations import sayer_of


def make_sheet(folder: Path, session: str, language: str) -> bytes | Refusal:
    """Return the sheet of a session as PDF; raises `ApplianceError` or `FontsMissing`."""
    content = read_content(folder, session)
    if isinstance(content, Refusal):
        return content
    spoken = language_of(language)
    return draw_sheet(content, sayer_of(spoken), spoken)


def keep_sheet(folder: Path, session: str, language: str) -> bytes | Refusal:
    """Make a sheet, keep it in the data folder and return it."""
    sheet = make_sheet(folder, session, language)
    if not isinstance(sheet, Refusal):
        keep(folder, session, language, sheet)
    return sheet


def export_sheet(folder: Path, session: str, language: str, mounts: Path) -> Path | Refusal:
    """Make a sheet, keep it and write it to the only stick; return where it is there."""
    sheet = keep_sheet(folder, session, language)
    return sheet if isinstance(sheet, Refusal) else export(sheet, session, language, mounts)
