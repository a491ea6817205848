"""`stimkiosk operators`: who may sign in, their PINs, and the first set-up of a unit.

PINs are typed without echo, or read from standard input one a line: first that of who decides
(`--by`), then the old one, then the new one. A one-time PIN is drawn by the unit and printed once.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.cli.terminal.console import console, fail, print_json, warn
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.lazy_group import PlainGroup
from ui.cli.terminal.option_types import PrintableText
from ui.cli.terminal.records_options import data_option, records_options
from ui.cli.terminal.tables import print_rows

if TYPE_CHECKING:
    from appliance.link.client import LinkClient
    from appliance.messages.replies import Reply
    from appliance.operators.accounts import Account
    from appliance.records.operator_facts import OperatorFacts

ROLES = ("clinician", "lead", "service")
by_option = click.option(
    "--by", type=PrintableText(), help="Who decides: signs in with a PIN on the locked unit."
)


@click.group(cls=PlainGroup)
def operators() -> None:
    """List, enrol and retire operators, set their PINs, do the first set-up.

    Example: stimkiosk operators enrol kim --role clinician --by lea
    """


@operators.command("list")
@records_options
def list_(data: Path | None, as_json: bool) -> None:
    """List who can sign in, and whether a reset of the lead clinicians is open.

    Example: stimkiosk operators list --json
    """
    folder, loaded = _read(data)
    accounts = loaded.accounts
    if as_json:
        reset = None if accounts.reset is None else {"by": accounts.reset.by}
        print_json({"operators": [_plain(one) for one in accounts.active()], "reset": reset})
        return
    if accounts.reset is not None:
        warn(f"{accounts.reset.by} cleared the PINs of all lead clinicians; set one with `pin`")
    if not accounts.active():
        warn(f"no operators in {folder}; `operators enrol NAME --role lead` adds the first one")
        return
    table = [(one.operator, one.role.value, _pin_in_words(one)) for one in accounts.active()]
    print_rows(console(), ("Operator", "Role", "PIN"), table)


@operators.command()
@click.argument("operator", type=PrintableText())
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--one-time", is_flag=True, help="The unit draws a PIN, only good for choosing one.")
@by_option
@data_option
def enrol(operator: str, *, role: str, one_time: bool, by: str | None, data: Path | None) -> None:
    """Add an operator; the first one is a lead clinician and needs no --by.

    Example: stimkiosk operators enrol lea --role lead
    """
    from appliance.messages.actions import EnrolOperator
    from ui.cli.engine.in_charge import ask
    from ui.cli.terminal.pins import ask_new_pin

    with _deciding(data, by) as link:
        pin = "" if one_time else ask_new_pin(operator)
        enrolment = EnrolOperator(operator=operator, role=role, pin=pin, one_time=one_time)
        reply = ask(link, enrolment)
    console().print(f"{operator} is enrolled as {role}")
    _print_once(reply)


@operators.command()
@click.argument("operator", type=PrintableText())
@click.option("--by", type=PrintableText(), required=True, help="A lead clinician, by PIN.")
@data_option
def retire(operator: str, by: str, data: Path | None) -> None:
    """Let an operator sign in no more; the name is not given again.

    Example: stimkiosk operators retire kim --by lea
    """
    from appliance.messages.actions import RetireOperator
    from ui.cli.engine.in_charge import ask

    with _deciding(data, by) as link:
        ask(link, RetireOperator(operator=operator))
    console().print(f"{operator} cannot sign in any more")


@operators.command()
@click.argument("operator", type=PrintableText())
@click.option("--one-time", is_flag=True, help="For somebody who forgot it: to be replaced.")
@by_option
@data_option
def pin(operator: str, *, one_time: bool, by: str | None, data: Path | None) -> None:
    """Replace the own PIN, or give somebody a one-time PIN.

    The unit draws a one-time PIN; it is printed once. It needs --by; for a lead clinician after
    `operators reset` it does not.

    Example: stimkiosk operators pin kim --one-time --by lea
    """
    from appliance.messages.actions import SetPin, TryPin
    from ui.cli.engine.in_charge import ask
    from ui.cli.terminal.pins import ask_new_pin, ask_pin

    if by is not None and not one_time:
        raise click.UsageError("--by gives a one-time PIN: add --one-time, or leave --by out")
    with _deciding(data, by) as link:
        old = "" if one_time else ask_pin(f"{operator} (old)")
        if not one_time:
            ask(link, TryPin(operator=operator, pin=old))
        new = "" if one_time else ask_new_pin(operator)
        setting = SetPin(operator=operator, pin=new, old_pin=old, one_time=one_time)
        reply = ask(link, setting)
    console().print(f"{operator} has a{' one-time' if one_time else ' new'} PIN")
    _print_once(reply)


@operators.command()
@data_option
def reset(data: Path | None) -> None:
    """Clear the PINs of all lead clinicians: for when every lead has forgotten it.

    It is recorded with the name of this user and shown on the lock screen until a lead has a PIN
    again. Without an engine it is written into the records directly.

    Example: stimkiosk operators reset
    """
    from appliance.errors import LinkError
    from appliance.link.client import LinkClient
    from appliance.link.engine_socket import link_path
    from appliance.messages.actions import ResetOperators
    from appliance.records.storage.data_folder import has_records, locate_data_folder
    from ui.cli.engine.in_charge import ask

    folder = locate_data_folder(data)
    if not has_records(folder):
        fail(f"there are no records in {folder}; give their folder with --data", ExitCode.USAGE)
    try:
        link = LinkClient.connect(link_path(folder), "operators")
    except LinkError:
        _reset_records(folder)
    else:
        with link:
            ask(link, ResetOperators())
    console().print(
        "the PINs of all lead clinicians are cleared; now give one of them a one-time PIN: "
        "stimkiosk operators pin NAME --one-time",
    )


@operators.command("set-up")
@click.option("--language", type=PrintableText(), help="Language of the screen, for example en.")
@click.option("--clinic", type=PrintableText(), help="Name of the clinic; only shown.")
@click.option("--telephone", type=PrintableText(), help="Number of the clinic, for the sheet.")
@click.option("--clock-right", is_flag=True, help="Date and time of this machine are right.")
@click.option("--board-checked", is_flag=True, help="The board was checked as its page says.")
@by_option
@records_options
def set_up(
    *,
    language: str | None,
    clinic: str | None,
    telephone: str | None,
    clock_right: bool,
    board_checked: bool,
    by: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Do steps of the first set-up, and show which are missing; exit code 1 if any is.

    Example: stimkiosk operators set-up --language en --clinic North --by lea
    """
    from appliance.messages.actions import SetUpUnit
    from appliance.messages.replies import Refused
    from appliance.texts.english import english
    from appliance.texts.text import Text
    from ui.cli.engine.in_charge import ask
    from ui.cli.engine.running_engine import refused

    asked = SetUpUnit(
        language=language,
        clinic=clinic,
        telephone=telephone,
        clock_confirmed=clock_right,
        board_checked=board_checked,
    )
    with _deciding(data, by) as link:
        if asked != SetUpUnit():
            ask(link, asked)
        page = link.query("set_up")
    if isinstance(page, Refused):
        refused(page)
    done = {str(row["step"]): bool(row["done"]) for row in page.rows}
    if as_json:
        print_json(done)
    for step, is_done in done.items() if not as_json else ():
        console().print(f"{'done   ' if is_done else 'missing'} {english(Text(f'set_up.{step}'))}")
    if not all(done.values()):
        raise SystemExit(ExitCode.CHECK_FAILED)


def _print_once(reply: "Reply") -> None:
    """Print a one-time PIN: nothing else ever shows it."""
    if reply.pin:
        console().print(f"one-time PIN: {reply.pin} (not shown again)")


@contextmanager
def _deciding(data: Path | None, by: str | None) -> Iterator["LinkClient"]:
    """Connect to the engine, or start one, with `by` signed in."""
    from appliance.records.storage.data_folder import data_folder
    from ui.cli.engine.hosts import RunTarget, daemon_port, engine_host
    from ui.cli.engine.in_charge import signed_in
    from ui.cli.engine.running_engine import newest
    from ui.cli.terminal.pins import ask_pin

    decider_pin = None if by is None else ask_pin(by)
    with engine_host(RunTarget(data_folder(data), port=daemon_port())) as host:
        newest(host.link)
        if by is None or decider_pin is None:
            yield host.link
            return
        with signed_in(host.link, by, decider_pin):
            yield host.link


def _reset_records(folder: Path) -> None:
    """Write the reset as the user that the records belong to; root may act for that user."""
    import pwd

    from appliance.records.operators_reset import reset_operators

    who = pwd.getpwuid(os.getuid()).pw_name
    owner = folder.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.setegid(owner.st_gid)
        os.seteuid(owner.st_uid)
    reset_operators(folder, f"user {who}")


def _read(data: Path | None) -> tuple[Path, "OperatorFacts"]:
    from appliance.records.operator_facts import OperatorFacts
    from appliance.records.storage.data_folder import has_records, locate_data_folder

    folder = locate_data_folder(data)
    loaded = OperatorFacts.load(folder) if has_records(folder) else OperatorFacts()
    if loaded.fault is not None:
        fail(f"the operators cannot be read: {loaded.fault}", ExitCode.DATA_INTEGRITY)
    return folder, loaded


def _pin_in_words(account: "Account") -> str:
    if not account.has_pin:
        return "none"
    return "one-time" if account.must_change_pin else "set"


def _plain(account: "Account") -> dict[str, object]:
    return {
        "operator": account.operator,
        "role": account.role.value,
        "has_pin": account.has_pin,
        "one_time": account.must_change_pin,
        "wrong_pins": account.attempts.failures,
    }
