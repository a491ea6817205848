"""`stimkiosk stop`: end the output of a running engine, from any shell."""

import json
from pathlib import Path

import click

from ui.cli.engine.attach import ANSWER_S, newest, refused, running_engine, running_options
from ui.cli.terminal.console import fail
from ui.cli.terminal.error_causes import exit_code_of
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.units import STATES

PLAYING = ("RampUp", "Delivering", "Resting", "RampDown", "ContactCheck")


@click.command()
@click.option("--cut", is_flag=True, help="At once, instead of the fall of 250 to 450 ms.")
@running_options
def stop(cut: bool, data: Path | None, as_json: bool) -> None:
    """Stop a running treatment. Never refused, whoever asks.

    Example: stimkiosk stop --cut
    """
    from appliance.errors import LinkError
    from appliance.link.client import FIRST
    from appliance.messages.actions import Stop
    from appliance.messages.replies import Refused

    try:
        # The stop goes out with the hello: it waits for nothing, a full or silent engine included.
        with running_engine(data, "stop", Stop(cut=cut)) as link:
            answer = link.wait_reply(FIRST, ANSWER_S)
            if isinstance(answer, Refused):
                refused(answer)
            after = newest(link, lambda seen: seen.tick >= answer.tick and _is_off(seen.state))
            before = link.first if link.first and link.first.tick < answer.tick else None
    except LinkError as error:
        text = f"{error.code}: no stop is confirmed: {error}; in doubt press the emergency stop"
        fail(text, exit_code_of(error))
    was = before.state if before is not None else None
    if as_json:
        session = before.session if before is not None else answer.session
        click.echo(json.dumps({"was": was, "is": after.state, "session": session}))
    text, code = verdict(was, after.state)
    drill = before.drill if before is not None else None
    if drill is not None and drill.result is None and code is ExitCode.OK:
        text = f"{text}; the {drill.kind} drill is ended and counts as not passed"
    if code is not ExitCode.OK:
        fail(text, code)
    if not as_json:
        click.echo(text)


def _is_off(state: str) -> bool:
    return state not in PLAYING


def verdict(before: str | None, after: str) -> tuple[str, ExitCode]:
    """Say what became of a stop, from the states before (None: not seen) and after it."""
    if after in PLAYING:
        text = (
            f"the stop was taken, but the unit is still {STATES[after]}: press the emergency stop"
        )
        return text, ExitCode.HARDWARE_FAULT
    if before is None:
        return f"the stop was taken: now {STATES[after]}", ExitCode.OK
    if before in PLAYING:
        return f"stopped: was {STATES[before]}, now {STATES[after]}", ExitCode.OK
    return f"nothing was playing: {STATES[after]}", ExitCode.OK
