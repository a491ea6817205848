"""Take charge of a locked unit for one command, and lock it again.

A unit with operators is unlocked by a sign-in, one without in the name that was given. Where
somebody is in charge already, nothing is taken over: that person may be treating.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ui.cli.engine.running_engine import KEPT_S, newest, refused
from ui.cli.terminal.console import fail
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.pins import ask_pin

if TYPE_CHECKING:
    from appliance.link.client import LinkClient
    from appliance.messages.actions import Action
    from appliance.messages.replies import Reply

READY_S = 30.0
"""Longest wait for the self-test after unlocking; it takes some seconds."""


def ask(link: "LinkClient", action: "Action") -> "Reply":
    """Send an action based on a new snapshot; end the command with a refusal."""
    from appliance.messages.replies import Refused

    newest(link)
    answer = link.wait_reply(link.send(action), KEPT_S)
    if isinstance(answer, Refused):
        refused(answer)
    return answer


def has_operators(link: "LinkClient") -> bool:
    """Return whether somebody has been enrolled on the unit."""
    from appliance.messages.replies import Refused

    page = link.query("operators")
    if isinstance(page, Refused):
        refused(page)
    return bool(page.rows)


@contextmanager
def signed_in(link: "LinkClient", operator: str, pin: str) -> Iterator[None]:
    """Sign in on a locked unit; afterwards sign out, which locks it."""
    from appliance.messages.actions import SignIn, SignOut

    view = newest(link)
    if view.state != "Locked":
        who = f"{view.operator} is in charge" if view.operator else f"it is {view.state}"
        fail(f"the unit is not locked ({who}): do it there, or lock it first", ExitCode.BUSY)
    link.token = ask(link, SignIn(operator=operator, pin=pin)).token
    wait_until_ready(link)
    try:
        yield
    finally:
        link.wait_reply(link.send(SignOut()), KEPT_S)
        link.token = ""


@contextmanager
def unlocked(link: "LinkClient", operator: str) -> Iterator[None]:
    """Unlock in the operator's name, by a PIN where the unit has operators, and lock again."""
    from appliance.messages.actions import Lock, Unlock

    if has_operators(link):
        with signed_in(link, operator, ask_pin(operator)):
            yield
        return
    if newest(link).state != "Locked":
        yield
        return
    ask(link, Unlock(operator=operator))
    wait_until_ready(link)
    try:
        yield
    finally:
        link.wait_reply(link.send(Lock()), KEPT_S)


def wait_until_ready(link: "LinkClient") -> None:
    """Wait for the self-test; end the command if it fails."""
    until_s = time.monotonic() + READY_S
    newest(link, lambda view: view.state == "SelfTest")
    while (view := newest(link, lambda view: view.state != "SelfTest")).state != "Ready":
        if view.state != "SelfTest" or time.monotonic() > until_s:
            fail(f"the unit is not ready: {view.state}; see `status`", ExitCode.HARDWARE_FAULT)
