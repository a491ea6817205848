"""`stimkiosk silence`: silence the buzzer of a running engine for two minutes."""

from pathlib import Path

import click

from ui.cli.engine.running_engine import KEPT_S, newest, refused, running_engine
from ui.cli.terminal.console import fail, print_json, say
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.records_options import records_options


@click.command()
@records_options
def silence(data: Path | None, as_json: bool) -> None:
    """Silence what sounds for 120 s; then it sounds again if its cause is still there.

    Only a trip, the hand switch and a contact warning can be silenced. State and output stay as
    they are.

    Example: stimkiosk silence
    """
    from appliance.messages.actions import Silence
    from appliance.messages.replies import Refused
    from ui.cli.terminal.snapshot_text import sound_text

    with running_engine(data, "silence") as link:
        sound = newest(link).sound
        if sound is None:
            fail("nothing sounds", ExitCode.REFUSED)
        answer = link.ask(Silence(sound=sound.name), KEPT_S)
        if isinstance(answer, Refused):
            refused(answer)
        after = newest(link, lambda newer: newer.sound != sound).sound
    if as_json:
        left_us = None if after is None else after.silenced_for_us
        print_json({"sound": sound.name, "silenced_for_us": left_us}, indent=None)
    else:
        say(f"silent for 120 s: {sound_text(sound)}")
