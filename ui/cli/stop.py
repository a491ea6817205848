"""`stimkiosk stop`: end the output of a running engine, from any shell."""

import json
from pathlib import Path

import click

from ui.cli.causes import exit_code_of
from ui.cli.exit_codes import ExitCode
from ui.cli.report import fail
from ui.cli.running import newest, refused, running_engine, running_options
from ui.cli.words import STATES

PLAYING = ("RampUp", "Delivering", "Resting", "RampDown", "ContactCheck")


@click.command()
@click.option("--cut", is_flag=True, help="At once, instead of the fall of 250 to 450 ms.")
@running_options
def stop(cut: bool, data: Path | None, as_json: bool) -> None:
    """Stop a running treatment. Never refused, whoever asks.

    Example: stimkiosk stop --cut
    """
    from appliance.errors import LinkError
    from appliance.messages import Refused, Stop

    try:
        with running_engine(data, "stop") as link:
            before = newest(link)
            answer = link.ask(Stop(cut=cut))
            if isinstance(answer, Refused):
                refused(answer)
            after = newest(link, lambda seen: seen.tick > before.tick and seen.state not in PLAYING)
    except LinkError as error:
        text = f"{error.code}: no stop is confirmed: {error}; in doubt press the emergency stop"
        fail(text, exit_code_of(error))
    if as_json:
        click.echo(json.dumps({"was": before.state, "is": after.state, "session": before.session}))
    text, code = verdict(before.state, after.state)
    if before.drill is not None and before.drill.result is None and code is ExitCode.OK:
        text = f"{text}; the {before.drill.kind} drill is ended and counts as not passed"
    if code is not ExitCode.OK:
        fail(text, code)
    if not as_json:
        click.echo(text)


def verdict(before: str, after: str) -> tuple[str, ExitCode]:
    """Say what became of a stop, from the states before and after it."""
    if after in PLAYING:
        text = (
            f"the stop was taken, but the unit is still {STATES[after]}: press the emergency stop"
        )
        return text, ExitCode.HARDWARE_FAULT
    if before in PLAYING:
        return f"stopped: was {STATES[before]}, now {STATES[after]}", ExitCode.OK
    return f"nothing was playing: {STATES[after]}", ExitCode.OK
