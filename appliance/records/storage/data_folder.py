"""Finds and makes the data folder. Nothing here opens the records."""

import os
from pathlib import Path

from appliance.errors import JournalError

DATABASE = "records.db"
FOLDER_MODE = 0o700
"""Records are about persons: only their owner may enter the folder."""
ENVIRONMENT = "STIMKIOSK_DATA"


def locate_data_folder(override: Path | None) -> Path:
    """Return the path of the data folder: `override`, $STIMKIOSK_DATA, or the XDG state folder."""
    if override is not None:
        return override.expanduser()
    if from_environment := os.environ.get(ENVIRONMENT):
        return Path(from_environment).expanduser()
    # The XDG base directory specification: a relative path here must be ignored.
    state = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (state if state.is_absolute() else _home() / ".local" / "state") / "stimkiosk"


def data_folder(override: Path | None) -> Path:
    """Return the data folder, made with mode 0700 if need be; raises `JournalError`."""
    folder = locate_data_folder(override)
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise JournalError(_unusable(folder, error.strerror or str(error))) from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        why = "it is not writable"
        raise JournalError(_unusable(folder, why)) from PermissionError(why)
    return folder.absolute()


def has_records(folder: Path) -> bool:
    """Say whether a folder has a database of any kind; raises `JournalError` if unknown."""
    try:
        (folder / DATABASE).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise JournalError(f"the records in {folder} cannot be read: {why}") from error
    return True


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError as error:
        raise JournalError(f"there is no home folder; set {ENVIRONMENT} or give --data") from error


def _unusable(folder: Path, why: str) -> str:
    return f"records cannot be kept in {folder}: {why}; choose a folder with --data"
