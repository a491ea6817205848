"""`stimkiosk patients close-out` and `to-complete`: what a session left to be done."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.cli.commands.known_records import known_patients
from ui.cli.terminal.console import console, fail, print_json
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.option_types import PrintableText
from ui.cli.terminal.records_options import records_options
from ui.cli.terminal.tables import print_rows

if TYPE_CHECKING:
    from appliance.clinical.closing.steps import CloseOutStep


@click.command("close-out")
@click.argument("wanted", type=PrintableText(), metavar="PATIENT|SESSION")
@records_options
def close_out(wanted: str, data: Path | None, as_json: bool) -> None:
    """Show the close-out of a patient's last session, or of a session, step by step.

    `patients record` answers a step. Exit code 1 while pads or skin have no answer: until then
    nobody is treated on this unit.

    Example: stimkiosk patients close-out P-0013
    """
    from appliance.clinical.closing.steps import close_out_steps
    from appliance.control.pages.close_out import find_close_out, rows_of
    from appliance.core.refusal import Refusal
    from appliance.texts.english import english

    known = known_patients(data)
    found = find_close_out(wanted, known)
    if isinstance(found, Refusal):
        fail(english(found.text()), ExitCode.USAGE)
    file, closing = found
    if as_json:
        print_json(_plain(list(rows_of(file, closing, known))))
    else:
        region = closing.region.value.replace("_", " ")
        console().print(f"{file.patient}, session {closing.session}, {region}")
        steps = close_out_steps(closing, outcomes_due=False)
        print_rows(console(), ("Step", "State", "To do"), [_line(step) for step in steps])
    if closing.holds_up:
        raise SystemExit(ExitCode.CHECK_FAILED)


@click.command("to-complete")
@records_options
def to_complete(data: Path | None, as_json: bool) -> None:
    """List what is still to be done of every session, the oldest first.

    Example: stimkiosk patients to-complete --json
    """
    from appliance.control.pages.close_out import open_step_rows, open_steps

    known = known_patients(data)
    if as_json:
        print_json(_plain(list(open_step_rows(known))))
        return
    found = [
        (closing.session, file.patient, *_line(step)) for file, closing, step in open_steps(known)
    ]
    if found:
        print_rows(console(), ("Session", "Patient", "Step", "State", "To do"), found)
    else:
        console().print("nothing is to be completed")


def _line(step: "CloseOutStep") -> tuple[str, str, str]:
    """Return name, state and what to do of a step, in words."""
    from appliance.clinical.choice import choice_text
    from appliance.texts.english import english

    name = english(choice_text(step.part))
    if step.outcome is None:
        return name, "open" if step.required else "offered", english(step.to_do)
    return name, english(choice_text(step.outcome)), english(step.to_do) if step.is_open else ""


def _plain(rows: list[dict[str, object]]) -> object:
    import msgspec

    return msgspec.to_builtins(rows, str_keys=True)
