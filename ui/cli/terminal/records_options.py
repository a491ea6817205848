"""The options --data and --json of commands that read records or a running engine."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., object])


class DataFolder(click.Path):
    """A folder that need not exist yet; an empty name is refused, it is not the current folder."""

    def __init__(self) -> None:
        super().__init__(file_okay=False, readable=False, path_type=Path)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        """Return the path; fail with the accepted form."""
        if not os.fspath(value):
            self.fail("the folder name is empty: give a name, or leave the option out", param, ctx)
        return super().convert(value, param, ctx)


data_option = click.option(
    "--data",
    type=DataFolder(),
    help="Folder of the records (default: $STIMKIOSK_DATA, else ~/.local/state/stimkiosk).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def records_options(command: _Command) -> _Command:
    """Add --data and --json to a command."""
    return data_option(json_option(command))
