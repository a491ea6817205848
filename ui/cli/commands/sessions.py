"""`stimkiosk sessions`: list and show recorded sessions, and check that nothing was altered.

Only reads, also while an engine writes to the folder; `appliance.records.storage.store` says why
that is safe.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from appliance.records.queries import (
    EventRecord,
    SessionRecord,
    SessionSummary,
    list_sessions,
    nearest_sessions,
    read_session,
)
from appliance.records.session_events import EventName
from appliance.records.storage.data_folder import has_records, locate_data_folder
from appliance.records.storage.store import open_read_only
from appliance.records.verify import VerifyReport
from appliance.records.verify import verify as verify_records
from ui.cli.commands.incidents import capsule, capsules
from ui.cli.terminal.console import console, fail, print_json, warn
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.lazy_group import PlainGroup
from ui.cli.terminal.output_files import OutputFile, check_free, force_option
from ui.cli.terminal.record_text import (
    NOT_TRUSTED,
    counted,
    duration,
    is_least,
    milliamps,
    moment,
    moment_short,
    short_facts,
    stop_lines,
)
from ui.cli.terminal.records_options import data_option, records_options
from ui.cli.terminal.tables import print_rows

EVENTS_SHOWN = 30


@click.group(cls=PlainGroup)
def sessions() -> None:
    """List, show and verify recorded sessions.

    Example: stimkiosk sessions show 0003-001
    """


@sessions.command("list")
@records_options
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1, 1000),
    metavar="NUMBER",
    help="Number of sessions to list.",
)
@click.option(
    "--after",
    default=0,
    type=click.IntRange(0, 2**63 - 1),
    metavar="NUMBER",
    help="List only sessions older than this number of the column Event.",
)
def list_(data: Path | None, as_json: bool, limit: int, after: int) -> None:
    """List sessions, newest first.

    Example: stimkiosk sessions list --limit 5
    """
    folder = locate_data_folder(data)
    summaries: tuple[SessionSummary, ...] = ()
    if has_records(folder):
        with open_read_only(folder) as db:
            summaries = list_sessions(db, after, limit)
    if as_json:
        print_json(summaries)
        return
    if not summaries:
        warn(f"no sessions in {folder}" + (f" before event {after}" if after else ""))
        return
    _print_list(summaries)
    if len(summaries) == limit and summaries[-1].opening > 1:
        console().print(f"older ones: stimkiosk sessions list --after {summaries[-1].opening}")


@sessions.command()
@records_options
@click.argument("session")
@click.option(
    "--all", "whole", is_flag=True, help=f"Show every event, not only the last {EVENTS_SHOWN}."
)
def show(data: Path | None, as_json: bool, session: str, whole: bool) -> None:
    """Show one session: the prescription, the events and the delivered dose.

    Example: stimkiosk sessions show 0003-001 --json
    """
    session = session.encode(errors="replace").decode()  # SQLite accepts only valid UTF-8
    with open_read_only(locate_data_folder(data)) as db:
        record = read_session(db, session)
        nearest = () if record else nearest_sessions(db, session)
    if record is None:
        hint = f"nearest: {', '.join(nearest)}" if nearest else "there are none yet"
        fail(f"no session {session}; {hint}", ExitCode.USAGE)
    if as_json:
        print_json({**msgspec.to_builtins(record), "dose": record.dose})
        return
    _print_session(record, whole=whole)


@sessions.command()
@data_option
@click.argument("session")
@click.option(
    "--out", type=OutputFile(".pdf"), required=True, metavar="FILE", help="File to write, .pdf."
)
@click.option("--language", default="en", show_default=True, help="Language of the patient.")
@force_option
def sheet(data: Path | None, session: str, out: Path, language: str, *, force: bool) -> None:
    """Write the sheet that the patient of a session takes home, as PDF.

    Example: stimkiosk sessions sheet 0003-001 --out sheet.pdf
    """
    from appliance.core.refusal import Refusal
    from appliance.sheet.make import make_sheet
    from appliance.texts.english import english
    from appliance.texts.fonts import FontsMissing
    from appliance.texts.languages import OFFERED

    check_free(out, "--out", force=force)
    if language not in OFFERED:
        fail(f"no sheet in {language}; languages: {', '.join(OFFERED)}", ExitCode.USAGE)
    session = session.encode(errors="replace").decode()
    try:
        made = make_sheet(locate_data_folder(data), session, language)
    except FontsMissing as error:
        fail(str(error), ExitCode.USAGE)
    if isinstance(made, Refusal):
        fail(english(made.text()), ExitCode.USAGE)
    out.write_bytes(made)
    console().print(f"the sheet of session {session} is in {out}")


@sessions.command()
@records_options
def verify(data: Path | None, as_json: bool) -> None:
    """Check that no record was altered. Exit code 7 if one was.

    Example: stimkiosk sessions verify --data /mnt/copy
    """
    folder = locate_data_folder(data)
    with open_read_only(folder) as db:
        report = verify_records(db)
    if as_json:
        print_json({**msgspec.to_builtins(report), "ok": not report.findings})
    else:
        _print_report(report)
    if report.findings:
        count = len(report.findings)
        what = "one finding" if count == 1 else f"{count} findings"
        fail(f"the records in {folder} are not what was written: {what}", ExitCode.DATA_INTEGRITY)


def _print_session(record: SessionRecord, *, whole: bool) -> None:
    out = console()
    for line in _heading(record):
        out.print(line)
    if record.dose:
        _print_dose(record)
    shown = record.events if whole else record.events[-EVENTS_SHOWN:]
    _print_events(shown, record.events[0])
    if len(shown) < len(record.events):
        out.print(f"{len(record.events) - len(shown)} earlier events: --all shows them")


def _print_report(report: VerifyReport) -> None:
    out = console()
    out.print(
        f"{report.events} events, {report.erased} of them erased, "
        f"{counted(report.sessions, 'session')}, {counted(report.boots, 'boot')}, "
        f"{counted(report.measurements, 'measurement')}"
    )
    if report.incidents or report.incidents_erased:
        gone = f", {report.incidents_erased} erased" if report.incidents_erased else ""
        out.print(f"{counted(report.incidents, 'capsule')}{gone}")
    if report.incidents_waiting:
        out.print(f"{report.incidents_waiting} capsules are not in the journal yet: an engine runs")
        out.print("here, or its journal failed and takes them in at its next start")
    if report.unsealed:
        out.print(f"{report.unsealed} measurements are not under a seal yet: an engine runs here,")
        out.print("or was cut off and seals them at its next start")
    out.print(f"head {report.head}", soft_wrap=True)
    for finding in report.findings:
        out.print(f"✗ {finding.where}: {finding.text}", style="red")
    if not report.findings:
        out.print("✓ every record is what was written")


def _print_list(summaries: tuple[SessionSummary, ...]) -> None:
    rows = [
        (
            row.id,
            str(row.opening),
            moment_short(row.opened_utc_us, trusted=row.clock_trusted),
            row.programme or "erased",
            row.region or "",
            duration(row),
            row.outcome or "open",
            row.rig or "",
            row.operator or "",
        )
        for row in summaries
    ]
    headings = ("Session", "Event", "Opened (UTC)", "Programme", "Region", "Length", "Outcome")
    every = (*headings, "Rig", "Operator")
    print_rows(console(), every, rows, breaks=("Programme",), spare=("Operator", "Region"))
    if not all(row.clock_trusted for row in summaries):
        console().print(NOT_TRUSTED)


def _print_dose(record: SessionRecord) -> None:
    """Print the dose of each channel; for an interrupted session, at least the recorded part."""
    headings = ("Channel", "Level", "Highest", "Measured", "Pulses", "Charge", "R.m.s.", "Contact")
    least = "at least " if is_least(record.summary) else ""
    dose: tuple[Any, ...] = record.dose
    rows = [
        (
            str(channel["channel"]),
            milliamps(channel["level_ua"]),
            milliamps(channel["highest_ua"]),
            milliamps(channel["measured_ua"]),
            f"{least}{channel['pulses']}",
            f"{least}{channel['charge_pc'] / 1e6:.1f} µC",
            milliamps(channel["rms_ua"]),
            "–" if channel["contact_ohm"] is None else f"{channel['contact_ohm']} Ω",
        )
        for channel in dose
    ]
    print_rows(console(), headings, rows, breaks=("Pulses", "Charge"))


def _print_events(events: tuple[EventRecord, ...], opening: EventRecord) -> None:
    """Print the events with their time since the opening; another boot has no common clock."""
    rows = []
    for event in events:
        facts = "erased" if event.facts is None else short_facts(event.facts)
        after = f"{(event.monotonic_us - opening.monotonic_us) / 1e6:.3f} s"
        if event.boot != opening.boot:
            after = f"boot {event.boot}"
        rows.append((str(event.number), after, event.name, facts))
    print_rows(console(), ("Event", "After", "What", "Facts"), rows, breaks=("Facts",))


def _heading(record: SessionRecord) -> Iterator[str]:
    summary = record.summary
    opened = moment(summary.opened_utc_us, trusted=summary.clock_trusted)
    yield f"Session {summary.id}: {summary.programme or 'erased'}, {summary.region or '–'}"
    yield f"  opened   {opened} in boot {summary.boot}, operator {summary.operator or '–'}"
    if summary.patient is not None:
        yield f"  patient  {summary.patient}"
    if summary.closed_utc_us is None:
        yield "  closed   not yet, or cut off and not closed by a new start"
    else:
        outcome = f"{summary.outcome or 'erased'} after {duration(summary)}"
        yield f"  outcome  {outcome}" + (f": {summary.cause}" if summary.cause else "")
    for event in record.events:
        if event.name == EventName.STOP and event.facts is not None:
            yield from stop_lines(event.facts)
        if event.name == EventName.CAPSULE and event.facts is not None:
            yield f"  capsule  {event.facts['capsule']}: the minute before it"
        if event.name == EventName.CAPSULE_LOST and event.facts is not None:
            yield f"  capsule  none: it could not be sealed ({event.facts['why']})"
    yield f"  rig      {summary.rig or '–'}"
    yield f"  plan     {summary.plan_digest or '–'}"
    yield f"  board    {summary.board_digest or '–'}"
    yield f"  kept     {len(record.events)} events, {len(record.measurements)} measurements"


sessions.add_command(capsules)
sessions.add_command(capsule)
