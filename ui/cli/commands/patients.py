"""`stimkiosk patients`: who is registered, recorded sessions, and the maximum levels set.

A patient is known only by a pseudonym of letters, digits and dashes.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import click

from ui.cli.commands.close_out import close_out, to_complete
from ui.cli.commands.known_records import known_patients
from ui.cli.commands.patient_facts import add, missing, record
from ui.cli.terminal.console import console, fail, print_json, warn
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.lazy_group import PlainGroup
from ui.cli.terminal.option_types import PrintableText, shown, whole_number
from ui.cli.terminal.records_options import data_option, records_options
from ui.cli.terminal.tables import print_rows

if TYPE_CHECKING:
    from appliance.clinical.patients.registration import PatientIdentity
    from appliance.control.pages.page import KnownPatients
    from appliance.core.limits.patient_limits import PatientBounds, PatientHistory
    from appliance.records.patient_history import CeilingRow, PatientSession

UA_PER_MA = 1_000
SCOPES = ("neck", "back")
HARDWARE = "hardware"


class Rows(NamedTuple):
    """The records of all patients; `rigs` are the kinds of rig that occur in them."""

    ceilings: "tuple[CeilingRow, ...]" = ()
    sessions: "tuple[PatientSession, ...]" = ()
    rigs: tuple[str, ...] = (HARDWARE,)
    known: "KnownPatients | None" = None

    @property
    def names(self) -> list[str]:
        """Return every patient, sorted."""
        with_ceiling = {row.patient for row in self.ceilings}
        return sorted(
            set(self.registered) | with_ceiling | {session.patient for session in self.sessions}
        )

    @property
    def registered(self) -> "dict[str, PatientIdentity]":
        """Return who is registered, by id."""
        identities = () if self.known is None else self.known.files.identities()
        return {identity.patient: identity for identity in identities}

    def ceiling(self, name: str, scope: str) -> "CeilingRow | None":
        """Return the current ceiling of a patient, None if none is set."""
        return next(
            (row for row in self.ceilings if (row.patient, row.scope) == (name, scope)), None
        )

    def given(self, name: str, scope: str, rig: str) -> "tuple[PatientSession, ...]":
        """Return a patient's sessions on one kind of rig."""
        wanted = (name, scope, rig)
        return tuple(
            session
            for session in self.sessions
            if (session.patient, session.scope, session.rig) == wanted
        )


class Milliamps(click.ParamType[int]):
    """A current written `25mA`, `25 mA` or `25`; converted to µA."""

    name = "MA"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the current in µA; fail with the accepted form."""
        if isinstance(value, int):
            return value
        text = str(value).strip()
        bare = text[:-2].strip() if text.lower().endswith("ma") else text
        integer, _, decimals = bare.partition(".")
        milliamps, microamps = whole_number(integer), whole_number(decimals.ljust(3, "0"))
        fits = len(decimals) <= 3 and not bare.endswith(".")  # noqa: PLR2004 - µA are thousandths
        if milliamps is None or microamps is None or not fits:
            self.fail(f"{shown(value)} is not a current, for example 25mA or 12.5mA", param, ctx)
        return milliamps * UA_PER_MA + microamps


@click.group(cls=PlainGroup)
def patients() -> None:
    """Register patients, list and show them, set a patient's maximum level between sessions.

    Example: stimkiosk patients ceiling P-17 --back --max 25mA --reason "sore" --operator anna
    """


for command in (add, close_out, missing, record, to_complete):
    patients.add_command(command)


@patients.command("list")
@records_options
def list_(data: Path | None, as_json: bool) -> None:
    """List every patient who is registered, or has a ceiling or a session.

    The columns Days show on how many days the patient felt a motor session, for each kind of rig.

    Example: stimkiosk patients list --json
    """
    folder, rows = _read(data)
    if as_json:
        print_json([_plain(name, rows) for name in rows.names])
        return
    if not rows.names:
        warn(f"no patients in {folder}; `patients add` registers one")
        return
    table = [
        (
            name,
            *_identity_in_words(name, rows),
            *(_ceiling_in_words(rows.ceiling(name, scope)) for scope in SCOPES),
            *(_days_in_words(name, scope, rows) for scope in SCOPES),
        )
        for name in rows.names
    ]
    ceilings_and_days = ("Ceiling neck", "Ceiling back", "Days neck", "Days back")
    headings = ("Patient", "Alias", "Born", *ceilings_and_days)
    print_rows(console(), headings, table)


@patients.command()
@records_options
@click.argument("patient")
def show(data: Path | None, as_json: bool, patient: str) -> None:
    """Show a patient's identity, ceilings with reasons, and limits of the next motor session.

    With --json also the whole file, each row as a screen gets it.

    Sessions on hardware and on a virtual board are counted separately.

    Example: stimkiosk patients show P-17
    """
    from appliance.records.patient_history import pseudonym

    folder, rows = _read(data)
    name = pseudonym(patient)
    if name is None:
        fail("a patient is 1 to 32 letters, digits and dashes, for example P-17", ExitCode.USAGE)
    if name not in rows.names:
        known = ", ".join(rows.names[:5])
        fail(f"no patient {name} in {folder}; known: {known or 'none'}", ExitCode.USAGE)
    if as_json:
        print_json({**_plain(name, rows), "file": _file(name, rows)})
        return
    out = console()
    out.print(f"Patient {name}")
    alias, born = _identity_in_words(name, rows)
    out.print(f"  born {born}, alias {alias}" if born else "  not registered")
    for scope in SCOPES:
        for line in _scope_lines(name, scope, rows):
            out.print(line)


@patients.command()
@click.argument("patient", type=PrintableText())
@click.option("--neck", is_flag=True, help="Set the ceiling for the neck.")
@click.option("--back", is_flag=True, help="Set the ceiling for the back.")
@click.option(
    "--max",
    "ceiling_ua",
    type=Milliamps(),
    required=True,
    help="Highest level in mA, for example 25mA.",
)
@click.option(
    "--reason", type=PrintableText(), required=True, help="The clinician's reason; it is recorded."
)
@click.option(
    "--operator", type=PrintableText(), required=True, help="Name of the person who sets it."
)
@data_option
def ceiling(
    patient: str,
    *,
    neck: bool,
    back: bool,
    ceiling_ua: int,
    reason: str,
    operator: str,
    data: Path | None,
) -> None:
    """Set a patient's ceiling, the highest level this patient may get, between sessions.

    The limits for all patients still hold. A kiosk can only lower the ceiling; only the engine's
    owner or maintenance can raise it again, and this is recorded. Once this command has printed
    the ceiling, it is saved on disk.

    Example: stimkiosk patients ceiling P-17 --neck --max 12.5mA --reason "dizzy" --operator anna
    """
    from appliance.messages.actions import SetCeiling
    from appliance.messages.replies import Refused
    from appliance.records.storage.data_folder import data_folder
    from ui.cli.engine.hosts import RunTarget, daemon_port, engine_host
    from ui.cli.engine.running_engine import KEPT_S, newest, refused
    from ui.cli.terminal.quantity_format import in_ma

    if neck == back:
        raise click.UsageError("give either --neck or --back; each has its own ceiling")
    scope: Literal["neck", "back"] = "neck" if neck else "back"
    action = SetCeiling(
        patient=patient, scope=scope, ceiling_ua=ceiling_ua, reason=reason, operator=operator
    )
    with engine_host(RunTarget(data_folder(data), port=daemon_port())) as host:
        newest(host.link)
        answer = host.link.wait_reply(host.link.send(action), KEPT_S)
    if isinstance(answer, Refused):
        refused(answer)
    console().print(
        f"{patient.strip().upper()}: at most {in_ma(ceiling_ua)} on the {scope}, from the next "
        "prescription on",
    )


def _read(data: Path | None) -> tuple[Path, Rows]:
    from appliance.records.drills import rig_of_records
    from appliance.records.patient_history import read_ceilings, read_patient_sessions
    from appliance.records.storage.data_folder import has_records, locate_data_folder
    from appliance.records.storage.store import open_read_only

    folder = locate_data_folder(data)
    if not has_records(folder):
        return folder, Rows()
    with open_read_only(folder) as db:
        sessions = tuple(session for session in read_patient_sessions(db) if session.counts)
        rigs = {rig_of_records(db) or HARDWARE, *(session.rig for session in sessions)}
        ceilings = read_ceilings(db)
    return folder, Rows(ceilings, sessions, tuple(sorted(rigs)), known_patients(data))


def _identity_in_words(name: str, rows: Rows) -> tuple[str, str]:
    """Return alias and year of birth, "" for what is unknown."""
    identity = rows.registered.get(name)
    return ("", "") if identity is None else (identity.alias or "none", str(identity.born))


def _ceiling_in_words(row: "CeilingRow | None") -> str:
    from ui.cli.terminal.quantity_format import in_ma

    return "none" if row is None else in_ma(row.ceiling_ua)


def _days_in_words(name: str, scope: str, rows: Rows) -> str:
    days_by_rig = ((rig, _history(name, scope, rig, rows).motor_sessions) for rig in rows.rigs)
    return ", ".join(f"{days} {rig}" for rig, days in days_by_rig)


def _scope_lines(name: str, scope: str, rows: Rows) -> tuple[str, ...]:
    from appliance.texts.untrusted import one_line
    from ui.cli.terminal.quantity_format import in_ma

    lines = [f"  {scope}"]
    row = rows.ceiling(name, scope)
    if row is None:
        lines.append("    ceiling        none set")
    else:
        when = datetime.fromtimestamp(row.utc_us // 1_000_000, UTC).strftime("%Y-%m-%d %H:%M")
        lines.append(f"    ceiling        {in_ma(row.ceiling_ua)}, set by {one_line(row.operator)}")
        lines.append(f"                   on {when} UTC: {one_line(row.reason)}")
    for rig in rows.rigs:
        lines += _rig_lines(name, scope, rig, rows)
    return tuple(lines)


def _rig_lines(name: str, scope: str, rig: str, rows: Rows) -> tuple[str, ...]:
    """Return the sessions on one kind of rig, and the limits of the next motor session on it."""
    from appliance.texts.english import english
    from appliance.texts.text import Text
    from ui.cli.terminal.quantity_format import in_ma, in_seconds

    given, history = rows.given(name, scope, rig), _history(name, scope, rig, rows)
    comfortable_ua = history.comfortable_ua
    tolerated = f", tolerated {in_ma(comfortable_ua)}" if comfortable_ua else ""
    felt = sum(session.felt for session in given)
    sessions = "1 session" if len(given) == 1 else f"{len(given)} sessions"
    days = f"motor sessions felt on {history.motor_sessions} days before today"
    lines = [f"    {rig:<14} {sessions}, {felt} felt; {days}{tolerated}"]
    bounds = _bounds(scope, history)
    if bounds.ceiling_ua is not None:
        text = f"at most {in_ma(bounds.ceiling_ua)} ({english(Text(bounds.ceiling_by))})"
        if bounds.duration_us is not None:
            text += f", {in_seconds(bounds.duration_us)}, single taps"
        lines.append(f"    next motor     {text}")
    return tuple(lines)


def _history(name: str, scope: str, rig: str, rows: Rows) -> "PatientHistory":
    from appliance.core.limits.patient_limits import CeilingScope
    from appliance.core.prescription.sessions_per_patient import history_of
    from appliance.records.wall_clock import SystemWallClock, now_of

    row = rows.ceiling(name, scope)
    ceiling_ua = None if row is None else row.ceiling_ua
    given = [session.given() for session in rows.given(name, scope, rig)]
    return history_of(ceiling_ua, given, CeilingScope(scope), now_of(SystemWallClock()))


def _bounds(scope: str, history: "PatientHistory") -> "PatientBounds":
    from appliance.core.limits.limits import Purpose
    from appliance.core.limits.patient_limits import CeilingScope, bounds_of

    return bounds_of(history, CeilingScope(scope), Purpose.MOTOR)


def _plain(name: str, rows: Rows) -> dict[str, object]:
    identity = rows.registered.get(name)
    return {
        "patient": name,
        "alias": identity and identity.alias,
        "born": identity and identity.born,
        "ceilings": [row._asdict() for row in rows.ceilings if row.patient == name],
        "sessions": [row._asdict() for row in rows.sessions if row.patient == name],
        "motor_days": {
            scope: {rig: _history(name, scope, rig, rows).motor_sessions for rig in rows.rigs}
            for scope in SCOPES
        },
    }


def _file(name: str, rows: Rows) -> list[object]:
    import msgspec

    from appliance.control.pages.patient_file import file_rows

    if rows.known is None:
        return []
    found = file_rows(rows.known.files.of(name), rows.known)
    return [msgspec.to_builtins(row, str_keys=True) for row in found]
