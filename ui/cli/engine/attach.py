"""Talk to an engine that runs already: look, stop, acknowledge. Nothing is started here."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import click

from ui.cli.terminal.console import fail
from ui.cli.terminal.data_folder_option import DataFolder
from ui.cli.terminal.exit_codes import ExitCode

if TYPE_CHECKING:
    from appliance.link.client import LinkClient
    from appliance.link.interfaces import ClientLink
    from appliance.messages.actions import Action
    from appliance.messages.replies import Refused
    from appliance.messages.snapshot import Snapshot

_Command = TypeVar("_Command", bound=Callable[..., object])
KEPT_S = 10.0
"""How long a reply may take that waits for the disk; the engine gives up on it much sooner."""
ANSWER_S = 2.0
"""An engine publishes 20 times a second; one that says nothing for so long does not answer."""


def running_options(command: _Command) -> _Command:
    """Add --data and --json."""
    data = click.option(
        "--data",
        type=DataFolder(),
        help="Folder of the records (else STIMKIOSK_DATA, else the XDG state folder).",
    )
    plain = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    return data(plain(command))


@contextmanager
def running_engine(
    data: Path | None, peer: str, first: "Action | None" = None
) -> Iterator["LinkClient"]:
    """Connect to the engine of a data folder, or end the command with 3 or 6.

    `first` is sent before anything is waited for.
    """
    from appliance.link.address import link_path
    from appliance.link.client import LinkClient
    from appliance.records.storage.data_folder import locate_data_folder

    with LinkClient.connect(link_path(locate_data_folder(data)), peer, first=first) as link:
        yield link


def newest(link: "ClientLink", wanted: Callable[["Snapshot"], bool] | None = None) -> "Snapshot":
    """Wait for a snapshot that is as wanted, or for the newest one there is at the timeout."""
    until_s = time.monotonic() + ANSWER_S
    while time.monotonic() < until_s:
        link.next_message(0.1)
        found = link.snapshot()
        if found is not None and (wanted is None or wanted(found)):
            return found
    found = link.snapshot()
    if found is None:
        fail("the engine says nothing; look at its own messages", ExitCode.UNREACHABLE)
    return found


def refused(answer: "Refused") -> NoReturn:
    """End the command with what the engine refused; 6 where this user may not."""
    from ui.cli.terminal.refusal_text import in_words

    code = ExitCode.NOT_PERMITTED if answer.rule == "refusal.role" else ExitCode.REFUSED
    fail(f"refused: {in_words(answer)}", code)
