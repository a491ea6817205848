"""Files that a command writes: never over an earlier one unless told, and none left half done.

One rule for every command: a name that is taken is refused with 2, and `--force` replaces what is
there. A live recording is written under its own name as it grows, so that a killed board leaves
what it had; everything else is written beside its name and renamed once whole. Pipes and devices
hold nothing that could be lost: they are written into as they are.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ui.cli.terminal.console import fail
from ui.cli.terminal.exit_codes import ExitCode

BEFORE = ".before"
"""Where an earlier recording waits until there is something to put in its place."""

force_option = click.option("--force", is_flag=True, help="Replace a file that is there already.")


class OutputFile(click.Path):
    """A file to write; an empty name is none."""

    def __init__(self, suffix: str = "") -> None:
        super().__init__(dir_okay=False, path_type=Path)
        self._suffix = suffix

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        """Return the path, or fail with what is accepted."""
        name = os.fspath(value)
        if not name:
            self.fail("an empty name is no file: give one, or leave the option out", param, ctx)
        if not name.lower().endswith(self._suffix):
            self.fail(
                f"{name} does not end in {self._suffix}, and nothing else is written", param, ctx
            )
        return super().convert(value, param, ctx)


def check_free(path: Path | None, option: str, *, force: bool) -> None:
    """End with 2 where there is no folder for a file, or where one is that must not be replaced."""
    if path is None:
        return
    if not path.absolute().parent.is_dir():
        fail(
            f"{option} {path} cannot be written: no folder {path.absolute().parent}", ExitCode.USAGE
        )
    if path.is_file() and not force:
        fail(
            f"{option} {path} is there already; give another name, or --force to replace it",
            ExitCode.USAGE,
        )


@contextmanager
def replacing(path: Path | None) -> Iterator[Callable[[], None]]:
    """Put an earlier recording aside; give what to call once the new one is worth more than it.

    If that is never called, what was begun is taken away and the earlier one comes back.
    """
    if path is None or (path.exists() and not path.is_file()):
        yield lambda: None
        return
    aside = _put_aside(path)
    worth: list[bool] = []
    try:
        yield lambda: worth.append(True)
    finally:
        if not worth:
            path.unlink(missing_ok=True)
        if aside is not None and worth:
            aside.unlink(missing_ok=True)
        elif aside is not None:
            aside.replace(path)


def _put_aside(path: Path) -> Path | None:
    if not path.is_file():
        return None
    aside = path.with_name(path.name + BEFORE)
    if aside.exists():
        fail(
            f"{aside} is what an earlier run could not put back; move it away first",
            ExitCode.USAGE,
        )
    path.rename(aside)
    return aside
