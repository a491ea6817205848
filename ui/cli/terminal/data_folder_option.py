"""Folders on the command line."""

import os
from pathlib import Path

import click


class DataFolder(click.Path):
    """A folder that need not be there yet; an empty name is none, least of all this folder."""

    def __init__(self) -> None:
        super().__init__(file_okay=False, readable=False, path_type=Path)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        """Return the path, or fail with what is accepted."""
        if not os.fspath(value):
            self.fail("an empty name is no folder: give one, or leave the option out", param, ctx)
        return super().convert(value, param, ctx)
