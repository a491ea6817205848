"""Record a fact about a patient in an engine: a running one, or one started for it.

A locked unit is unlocked in the operator's name and locked again afterwards. Where somebody has
unlocked already, the operator has to be that person.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ui.cli.engine.running_engine import KEPT_S, newest, refused
from ui.cli.terminal.console import fail
from ui.cli.terminal.exit_codes import ExitCode

if TYPE_CHECKING:
    from appliance.link.client import LinkClient
    from appliance.messages.actions import Action
    from appliance.messages.replies import Reply

READY_S = 30.0
"""Longest wait for the self-test after unlocking; it takes some seconds."""


def send_fact(
    kind: str,
    values: Mapping[str, object],
    operator: str,
    data: Path | None,
    *,
    simulated: bool = False,
) -> str:
    """Record a fact and return whom it is about, once it is on the disk; end with its refusal."""
    from appliance.messages.actions import RecordFact
    from appliance.records.storage.data_folder import data_folder
    from ui.cli.engine.hosts import RunTarget, daemon_port, engine_host

    action = RecordFact(kind=kind, values=dict(values), operator=operator, simulated=simulated)
    with (
        engine_host(RunTarget(data_folder(data), port=daemon_port())) as host,
        _unlocked(host.link, operator),
    ):
        return _ask(host.link, action).patient or ""


@contextmanager
def _unlocked(link: "LinkClient", operator: str) -> Iterator[None]:
    from appliance.messages.actions import Lock, Unlock

    if newest(link).state != "Locked":
        yield
        return
    _ask(link, Unlock(operator=operator))
    until_s = time.monotonic() + READY_S
    newest(link, lambda view: view.state == "SelfTest")
    while (view := newest(link, lambda view: view.state != "SelfTest")).state != "Ready":
        if view.state != "SelfTest" or time.monotonic() > until_s:
            fail(f"the unit is not ready: {view.state}; see `status`", ExitCode.HARDWARE_FAULT)
    try:
        yield
    finally:
        link.wait_reply(link.send(Lock()), KEPT_S)


def _ask(link: "LinkClient", action: "Action") -> "Reply":
    from appliance.messages.replies import Refused

    newest(link)
    answer = link.wait_reply(link.send(action), KEPT_S)
    if isinstance(answer, Refused):
        refused(answer)
    return answer
