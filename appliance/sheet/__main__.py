"""`python -m appliance.sheet keep|export DATA SESSION LANGUAGE MOUNTS`: run by the engine.

It writes nothing where the sheet is written, else the refusal as the link has it; any other failure
ends it with an error.
"""

import os
import sys
from pathlib import Path

import msgspec

from appliance.core.refusal import Refusal
from appliance.errors import ApplianceError
from appliance.link.text_conversion import refused
from appliance.sheet.make import export_sheet, keep_sheet
from appliance.texts.fonts import FontsMissing

NICE = 10


def main(what: str, folder: str, session: str, language: str, mounts: str) -> None:
    """Make a sheet and say what became of it."""
    os.nice(NICE)
    made: object
    if what == "export":
        made = export_sheet(Path(folder), session, language, Path(mounts))
    else:
        made = keep_sheet(Path(folder), session, language)
    if isinstance(made, Refusal):
        answer = refused(0, made.rule, made.asked, made.allowed, made.nearest)
        sys.stdout.write(msgspec.json.encode(answer).decode())


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (ApplianceError, FontsMissing) as error:
        sys.exit(str(error))
