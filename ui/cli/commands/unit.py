"""`stimkiosk unit`: what is known of the unit, what is due, and facts about it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ui.cli.commands.known_records import known_patients, known_unit, records_folder
from ui.cli.commands.unit_facts import (
    calibration,
    check,
    clean,
    inspect,
    out_of_use,
    release,
    safety_check,
)
from ui.cli.terminal.console import console, print_json
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.lazy_group import PlainGroup
from ui.cli.terminal.records_options import records_options
from ui.cli.terminal.tables import print_rows

if TYPE_CHECKING:
    from appliance.control.pages.page import PageSources

    Row = dict[str, Any]


@click.group(cls=PlainGroup)
def unit() -> None:
    """Show what is due on the unit; record checks, care, and that it is out of use.

    Example: stimkiosk unit check --operator anna
    """


for command in (check, clean, inspect, safety_check, calibration, out_of_use, release):
    unit.add_command(command)


@unit.command()
@records_options
def show(data: Path | None, as_json: bool) -> None:
    """Show every part, the care of the unit, and whether it is out of use.

    Exit code 1 while the unit is out of use or a part is damaged.

    Example: stimkiosk unit show
    """
    from appliance.control.pages.unit import unit_rows

    rows = _plain(unit_rows("", _sources(data)))
    damaged = any(row["kind"] == "out_of_use" or row.get("damaged_since") for row in rows)
    if as_json:
        print_json(rows)
    else:
        _print_unit(rows)
    if damaged:
        raise SystemExit(ExitCode.CHECK_FAILED)


@unit.command()
@records_options
def due(data: Path | None, as_json: bool) -> None:
    """List all care and every drill: when each is due, and from when it locks.

    Example: stimkiosk unit due
    """
    from appliance.control.pages.unit import all_due_rows

    rows = _plain(all_due_rows("", _sources(data)))
    if as_json:
        print_json(rows)
        return
    table = [
        (row["item"], row["status"], _day(row["since"]), _due(row), _note(row)) for row in rows
    ]
    print_rows(console(), ("Item", "Status", "Done", "Due", "Note"), table, breaks=("Note",))


def _print_unit(rows: "list[Row]") -> None:
    from appliance.texts.untrusted import one_line

    out = console()
    for row in rows:
        if row["kind"] == "out_of_use":
            words = f": {one_line(row['words'])}" if row["words"] else ""
            out.print(f"OUT OF USE since {_day(row['since'])}, {row['reason']}{words}")
    table = [
        (row["part"], _state(row), _day(row["since"])) for row in rows if row["kind"] == "part"
    ]
    print_rows(out, ("Part", "State", "Looked at"), table)
    for row in rows:
        if row["kind"] == "cleaning":
            out.print(f"cleaned {_day(row['since'])}{', due again' if row['due'] else ''}")
        if row["kind"] == "care":
            out.print(_note(row))


def _state(row: "Row") -> str:
    if row["damaged_since"]:
        return f"damaged since {_day(row['damaged_since'])}"
    if row["state"] is None:
        return "never looked at"
    return f"{row['state']}{'' if row['looked_at_today'] else ', not looked at today'}"


def _note(row: "Row") -> str:
    import msgspec

    from appliance.link.text_conversion import text_of
    from appliance.messages.wire import TextView
    from appliance.texts.english import english

    return english(text_of(msgspec.convert(row["note"], TextView)))


def _day(at: "Row | None") -> str:
    if at is None:
        return "never"
    return _day_of(at["utc_us"]) if at["trusted"] else "at an unknown time"


def _due(row: "Row") -> str:
    """Return the day; what was never done is due now."""
    never = row["since"] is None and row["due_utc_us"] is None
    return "now" if never else _day_of(row["due_utc_us"])


def _day_of(utc_us: int | None) -> str:
    if utc_us is None:
        return "unknown"
    return datetime.fromtimestamp(utc_us // 1_000_000, UTC).strftime("%Y-%m-%d")


def _plain(rows: Any) -> "list[Row]":
    import msgspec

    return [msgspec.to_builtins(row, str_keys=True) for row in rows]


def _sources(data: Path | None) -> "PageSources":
    from appliance.control.pages.page import PageSources
    from appliance.drills.schedule import Today, standings
    from appliance.records.drills import load_drills
    from appliance.records.wall_clock import SystemWallClock
    from appliance.safety.arming_policy import policy_of
    from drivers.board_file import load_board_file

    folder, rig = records_folder(data)
    wall = SystemWallClock()
    last = {} if rig is None else load_drills(folder, rig)
    drills = standings(last, Today(wall.utc_us(), wall.trusted), policy_of(rig or "virtual"))
    return PageSources(known_patients(data), known_unit(data), drills, folder, load_board_file())
