"""Output files of commands: replaced only with --force, and never left half written.

The same for every command: an existing file is refused with exit code 2; `--force` replaces it. A
recording is written under its own name while it runs, so that it exists up to there if the board is
killed; every other file is written under a temporary name and renamed when complete. Pipes and
devices have no content to lose and are opened as they are.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ui.cli.terminal.console import fail
from ui.cli.terminal.exit_codes import ExitCode

BEFORE = ".before"
"""Suffix of an earlier recording until the new one has content."""

force_option = click.option("--force", is_flag=True, help="Replace an existing file.")


class OutputFile(click.Path):
    """A file to write; an empty name is refused."""

    def __init__(self, suffix: str = "") -> None:
        super().__init__(dir_okay=False, path_type=Path)
        self._suffix = suffix

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        """Return the path; fail with the accepted form."""
        name = os.fspath(value)
        if not name:
            self.fail("the file name is empty: give a name, or leave the option out", param, ctx)
        if not name.lower().endswith(self._suffix):
            self.fail(
                f"{name} does not end in {self._suffix}; only such files are written", param, ctx
            )
        return super().convert(value, param, ctx)


def check_free(path: Path | None, option: str, *, force: bool) -> None:
    """End with code 2 if the folder of a file is missing, or if the file exists without `force`."""
    if path is None:
        return
    if not path.absolute().parent.is_dir():
        fail(
            f"{option} {path} cannot be written: there is no folder {path.absolute().parent}",
            ExitCode.USAGE,
        )
    if path.is_file() and not force:
        fail(
            f"{option} {path} exists already; give another name, or --force to replace it",
            ExitCode.USAGE,
        )


@contextmanager
def replacing(path: Path | None) -> Iterator[Callable[[], None]]:
    """Set an earlier recording aside; yield a function that confirms the new one.

    Without that call the new file is deleted and the earlier one is restored.
    """
    if path is None or (path.exists() and not path.is_file()):
        yield lambda: None
        return
    backup = _set_aside(path)
    confirmed: list[bool] = []
    try:
        yield lambda: confirmed.append(True)
    finally:
        if not confirmed:
            path.unlink(missing_ok=True)
        if backup is not None and confirmed:
            backup.unlink(missing_ok=True)
        elif backup is not None:
            backup.replace(path)


def _set_aside(path: Path) -> Path | None:
    if not path.is_file():
        return None
    backup = path.with_name(path.name + BEFORE)
    if backup.exists():
        fail(
            f"{backup} was left by an earlier run that could not restore it; move it away first",
            ExitCode.USAGE,
        )
    path.rename(backup)
    return backup
