"""`stimkiosk stop`: end the output of a running engine, from any shell."""

import json
from pathlib import Path

import click

from ui.cli.running import newest, refused, running_engine, running_options

PLAYING = ("RampUp", "Delivering", "Resting", "RampDown", "ContactCheck")


@click.command()
@click.option("--cut", is_flag=True, help="At once, instead of the fall of 250 to 450 ms.")
@running_options
def stop(cut: bool, data: Path | None, as_json: bool) -> None:
    """Stop a running treatment. Never refused, whoever asks.

    Example: stimkiosk stop --cut
    """
    from appliance.messages import Refused, Stop

    with running_engine(data, "stop") as link:
        before = newest(link)
        answer = link.ask(Stop(cut=cut))
        if isinstance(answer, Refused):
            refused(answer)
        after = newest(link, lambda seen: seen.tick > before.tick and seen.state not in PLAYING)
    if as_json:
        click.echo(json.dumps({"was": before.state, "is": after.state, "session": before.session}))
        return
    if before.state in PLAYING:
        click.echo(f"stopped: {before.state}, now {after.state}")
    else:
        click.echo(f"nothing was playing: {after.state}")
