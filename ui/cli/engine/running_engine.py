"""Connect to a running engine, to read its state, stop or acknowledge. Never starts one."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from ui.cli.terminal.console import fail
from ui.cli.terminal.exit_codes import ExitCode

if TYPE_CHECKING:
    from appliance.link.client import LinkClient
    from appliance.messages.actions import Action
    from appliance.messages.replies import Refused
    from appliance.messages.snapshot import Snapshot

KEPT_S = 10.0
"""Longest wait for a reply that needs the disk; the engine's own time limit is much shorter."""
ANSWER_S = 2.0
"""Longest wait for a snapshot; an engine publishes 20 per second."""


@contextmanager
def running_engine(
    data: Path | None, peer: str, first: "Action | None" = None
) -> Iterator["LinkClient"]:
    """Connect to the engine of a data folder, or end the command with exit code 3 or 6.

    `first` is sent at once, before any answer.
    """
    from appliance.link.client import LinkClient
    from appliance.link.engine_socket import link_path
    from appliance.records.storage.data_folder import locate_data_folder

    with LinkClient.connect(link_path(locate_data_folder(data)), peer, first=first) as link:
        yield link


def newest(link: "LinkClient", wanted: Callable[["Snapshot"], bool] | None = None) -> "Snapshot":
    """Wait for a snapshot that satisfies `wanted`; at the timeout return the newest one."""
    until_s = time.monotonic() + ANSWER_S
    while time.monotonic() < until_s:
        link.next_message(0.1)
        snapshot = link.snapshot()
        if snapshot is not None and (wanted is None or wanted(snapshot)):
            return snapshot
    snapshot = link.snapshot()
    if snapshot is None:
        fail("the engine does not answer; see its error output", ExitCode.UNREACHABLE)
    return snapshot


def refused(answer: "Refused") -> NoReturn:
    """End the command with the engine's refusal; exit code 6 if this user may not do it."""
    from ui.cli.terminal.refusal_text import in_words

    code = ExitCode.NOT_PERMITTED if answer.rule == "refusal.role" else ExitCode.REFUSED
    fail(f"refused: {in_words(answer)}", code)
