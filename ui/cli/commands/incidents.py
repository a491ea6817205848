"""`stimkiosk sessions capsules` and `capsule`: sealed recordings of the minute before a stop."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.text import Text

from appliance.records.incidents.audit import (
    SealedEntry,
    find_incident,
    list_incidents,
    list_lost,
    problems_of,
    was_erased,
)
from appliance.records.incidents.format import Incident, read
from appliance.records.incidents.store import FOLDER
from appliance.records.storage.data_folder import has_records, locate_data_folder
from appliance.records.storage.store import open_read_only
from drivers.quantities import US_PER_S
from ui.cli.terminal.console import console, fail, print_json, warn
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.record_text import (
    NOT_TRUSTED,
    milliamps,
    moment,
    moment_short,
    short_facts,
    stop_lines,
)
from ui.cli.terminal.records_options import records_options
from ui.cli.terminal.tables import print_rows

EVENTS_SHOWN = 40
SECONDS_SHOWN = 10
NEAREST = 3


@click.command()
@records_options
def capsules(data: Path | None, as_json: bool) -> None:
    """List the capsules: the sealed recording of the minute before a stop.

    There is one for each stop except planned ends and pauses. Exit code 7 if one was altered.

    Example: stimkiosk sessions capsules
    """
    folder = locate_data_folder(data)
    entries: tuple[SealedEntry, ...] = ()
    lost: tuple[str, ...] = ()
    if has_records(folder):
        with open_read_only(folder) as db:
            entries, lost = list_incidents(db), list_lost(db)
    checked = [(entry, problems_of(entry, folder / FOLDER)) for entry in entries]
    if as_json:
        rows = [{**msgspec.to_builtins(entry), "problems": problems} for entry, problems in checked]
        print_json(rows)
    elif not entries:
        warn(f"no capsules in {folder}")
    else:
        _print_list(checked)
    if lost:
        newest = ", ".join(lost[-NEAREST:])
        warn(f"{len(lost)} could not be sealed, `sessions show` says why; the newest: {newest}")
    altered = sum(bool(problems) for _, problems in checked)
    if altered:
        fail(f"{altered} of {len(entries)} capsules are not as sealed", ExitCode.DATA_INTEGRITY)


@click.command()
@records_options
@click.argument("capsule")
@click.option(
    "--all", "whole", is_flag=True, help=f"Show every event, not only the last {EVENTS_SHOWN}."
)
def capsule(data: Path | None, as_json: bool, capsule: str, whole: bool) -> None:
    """Show one capsule (the minute before a stop) and check its seal.

    CAPSULE is the name of a capsule, or a session's id for the newest capsule of that session. Exit
    code 7 if it was altered.

    Example: stimkiosk sessions capsule 0003-001-1
    """
    folder = locate_data_folder(data)
    entry = _find(folder, capsule)
    path = folder / FOLDER / Path(entry.file).name
    problems = problems_of(entry, path.parent)
    incident = _read(path)
    if as_json and incident is not None:
        shown = {"header": incident.header, "rows": incident.rows, "events": incident.events}
        print_json({**shown, "seal": incident.seal, "problems": problems}, indent=None)
    elif incident is not None and incident.header:
        try:
            _print(entry, incident, whole=whole)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            if not problems:
                raise
            warn("the content cannot be shown as text; use --json to print it as it is")
    for problem in problems:
        warn(problem)
    if problems:
        fail(f"capsule {entry.name} is not as sealed", ExitCode.DATA_INTEGRITY)
    if not as_json:
        console().print("✓ as sealed: content, signature and journal agree")


def _read(path: Path) -> Incident | None:
    """Read the file; None if it cannot be read (`problems_of` says why)."""
    try:
        return read(path)
    except OSError:
        return None


def _find(folder: Path, name: str) -> SealedEntry:
    """Return the capsule of that name, or the session's newest; else end with code 2 or 1."""
    with open_read_only(folder) as db:
        entry = find_incident(db, name)
        known = list_incidents(db)
        erased = was_erased(db, name)
    if entry is None:
        entry = next((earlier for earlier in reversed(known) if earlier.session == name), None)
    if entry is None and erased:
        fail(f"capsule {name} was erased with the records of its session", ExitCode.CHECK_FAILED)
    if entry is None:
        newest = ", ".join(recent.name for recent in known[-NEAREST:])
        hint = f"the newest are {newest}" if newest else "there are none yet"
        fail(f"no capsule {name}; {hint}", ExitCode.USAGE)
    return entry


def _print_list(checked: Sequence[tuple[SealedEntry, tuple[str, ...]]]) -> None:
    rows = [
        (
            entry.name,
            moment_short(entry.utc_us, trusted=entry.clock_trusted),
            entry.session or "–",
            entry.cause,
            f"{entry.bytes / 1024:.0f} KiB",
            Text(f"✗ {problems[0]}", "red") if problems else "✓",
        )
        for entry, problems in checked
    ]
    headings = ("Capsule", "Sealed (UTC)", "Session", "Cause", "Size", "")
    print_rows(console(), headings, rows, breaks=("Cause", ""))
    if not all(entry.clock_trusted for entry, _ in checked):
        console().print(NOT_TRUSTED)


def _print(entry: SealedEntry, incident: Incident, *, whole: bool) -> None:
    out = console()
    for line in _heading(entry, incident):
        out.print(line)
    zero_us = _cause_us(incident)
    if incident.rows:
        _print_seconds(incident, zero_us)
        out.print("held: nothing is set; sample-and-hold keeps its last pulse until the next")
    shown = incident.events if whole else incident.events[-EVENTS_SHOWN:]
    _print_timeline(shown, zero_us)
    if len(shown) < len(incident.events):
        out.print(f"{len(incident.events) - len(shown)} earlier events: --all shows them")


def _heading(entry: SealedEntry, incident: Incident) -> Iterator[str]:
    header = incident.header
    opened, versions = header.get("opened", {}), header.get("versions", {})
    yield f"Capsule {entry.name}: {header.get('cause', entry.cause)}"
    programme, region = opened.get("programme", "–"), opened.get("region", "–")
    yield f"  session  {entry.session or 'none: before one was open'}: {programme}, {region}"
    yield f"  sealed   {moment(entry.utc_us, trusted=entry.clock_trusted)} in boot {header['boot']}"
    if header.get("source") == "journal":
        yield "  holds    what the journal had: engine, power or disk went away"
    elif incident.rows:
        span_us = incident.rows[-1][0] - incident.rows[0][0]
        counts = f"{len(incident.rows)} rows, {len(incident.events)} events"
        yield f"  holds    {span_us / US_PER_S:.1f} s in {counts}"
    for stop in header.get("stops", ()):
        yield from stop_lines(stop)
    zero_us = header.get("measured_zero_us")
    if zero_us is not None:
        yield f"           held readings showed nothing any more after {zero_us / 1000:.0f} ms"
    named = ("build", "python", "pigpio", "daemon", "board", "rig", "machine")
    yield "  versions " + ", ".join(f"{name} {versions.get(name, '–')}" for name in named)


def _cause_us(incident: Incident) -> int:
    """Return the time zero of the listing: the first stop's cause, else the newest entry, in µs."""
    for stop in incident.header.get("stops", ()):
        if stop.get("cause_at_us") is not None:
            return int(stop["cause_at_us"])
    last = incident.events[-1]["at_us"] if incident.events else 0
    return int(incident.rows[-1][0] if incident.rows else last)


def _print_seconds(incident: Incident, zero_us: int) -> None:
    """Print one row per second before the cause, then two rows after it."""
    given = incident.header.get("opened", {}).get("channels")
    every = [name[-1] for name in incident.header["columns"] if name.startswith("set_ua_")]
    channels = [number for number in every if not given or int(number) in given]
    headings = ("From cause", "State", *(f"Channel {n}: set, measured, contact" for n in channels))
    rows = []
    states = incident.header.get("states", ())
    columns = incident.header["columns"]
    for row in _picked(incident.rows, zero_us):
        values = dict(zip(columns, row, strict=True))
        state = values["state"]
        at = f"{(values['at_us'] - zero_us) / US_PER_S:+.2f} s"
        state_name = str(states[state]) if 0 <= state < len(states) else "–"
        rows.append((at, state_name, *(_channel(values, number) for number in channels)))
    print_rows(console(), headings, rows, breaks=headings[2:])


def _picked(rows: Sequence[list[Any]], zero_us: int) -> Iterator[list[Any]]:
    wanted = [zero_us - second * US_PER_S for second in range(SECONDS_SHOWN, 0, -1)]
    wanted += [zero_us, zero_us + US_PER_S // 2]
    last_index = -1
    for at_us in wanted:
        index = next((n for n, row in enumerate(rows) if row[0] >= at_us), len(rows) - 1)
        if index != last_index:
            yield rows[index]
        last_index = index


def _channel(values: dict[str, Any], number: str) -> str:
    held_ua, ohm = values[f"held_ua_{number}"], values[f"contact_ohm_{number}"]
    set_ua = values[f"set_ua_{number}"]
    measured = milliamps(None if held_ua is None else abs(held_ua))
    if not set_ua and held_ua is not None:
        measured += " held"
    contact = "–" if ohm is None else f"{ohm} Ω"
    return f"{milliamps(set_ua)}, {measured}, {contact}"


def _print_timeline(events: Sequence[dict[str, Any]], zero_us: int) -> None:
    rows = []
    for event in events:
        after = f"{(event['at_us'] - zero_us) / US_PER_S:+.3f} s"
        if "measurement" in event:
            rows.append((after, "measured", short_facts(_measured(event["measurement"]))))
            continue
        rows.append((after, str(event["event"]), short_facts(event["facts"])))
    print_rows(console(), ("From cause", "What", "Facts"), rows, breaks=("Facts",))


def _measured(row: dict[str, Any]) -> dict[str, Any]:
    names = ("channel", "state", "level_ua", "amplitude_ua", "measured_ua", "contact_ohm", "pulses")
    return {name: row.get(name) for name in names}
