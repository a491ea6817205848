"""`stimkiosk patients`: recorded sessions of patients, and the maximum levels set for them.

A patient is known only by a pseudonym of letters, digits and dashes.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import click

from ui.cli.terminal.console import console, fail, print_json, warn
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.lazy_group import PlainGroup
from ui.cli.terminal.option_types import PrintableText, shown, whole_number
from ui.cli.terminal.records_options import data_option, records_options
from ui.cli.terminal.tables import print_rows

if TYPE_CHECKING:
    from appliance.core.limits.patient_limits import PatientBounds, PatientHistory
    from appliance.records.patient_history import CeilingRow, PatientSession

UA_PER_MA = 1_000
SCOPES = ("neck", "back")
HARDWARE = "hardware"


class Rows(NamedTuple):
    """The records of all patients; `rigs` are the kinds of rig in them."""

    ceilings: "tuple[CeilingRow, ...]" = ()
    sessions: "tuple[PatientSession, ...]" = ()
    rigs: tuple[str, ...] = (HARDWARE,)

    @property
    def names(self) -> list[str]:
        """Return every patient, sorted."""
        known = {each.patient for each in self.ceilings}
        return sorted(known | {each.patient for each in self.sessions})

    def ceiling(self, name: str, scope: str) -> "CeilingRow | None":
        """Return the current ceiling of a patient."""
        found = (each for each in self.ceilings if (each.patient, each.scope) == (name, scope))
        return next(found, None)

    def given(self, name: str, scope: str, rig: str) -> "tuple[PatientSession, ...]":
        """Return a patient's sessions on one kind of rig."""
        wanted = (name, scope, rig)
        return tuple(
            each for each in self.sessions if (each.patient, each.scope, each.rig) == wanted
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
        whole, _, part = bare.partition(".")
        found = whole_number(whole), whole_number(part.ljust(3, "0"))
        fits = len(part) <= 3 and not bare.endswith(".")  # noqa: PLR2004 - µA are thousandths
        if found[0] is None or found[1] is None or not fits:
            self.fail(f"{shown(value)} is no current, for example 25mA or 12.5mA", param, ctx)
        return found[0] * UA_PER_MA + found[1]


@click.group(cls=PlainGroup)
def patients() -> None:
    """List patients, show one, set a patient's maximum level between sessions.

    Example: stimkiosk patients ceiling P-17 --back --max 25mA --reason "sore" --operator anna
    """


@patients.command("list")
@records_options
def list_(data: Path | None, as_json: bool) -> None:
    """List every patient with a ceiling or a session.

    The columns Days count days with a motor session that was felt, for each kind of rig.

    Example: stimkiosk patients list --json
    """
    folder, rows = _read(data)
    if as_json:
        print_json([_plain(name, rows) for name in rows.names])
        return
    if not rows.names:
        warn(f"no patients in {folder}; `treat --patient ID` or `patients ceiling` adds one")
        return
    table = [
        (
            name,
            *(_ceiling_in_words(rows.ceiling(name, scope)) for scope in SCOPES),
            *(_days_in_words(name, scope, rows) for scope in SCOPES),
        )
        for name in rows.names
    ]
    headings = ("Patient", "Ceiling neck", "Ceiling back", "Days neck", "Days back")
    print_rows(console(), headings, table)


@patients.command()
@records_options
@click.argument("patient")
def show(data: Path | None, as_json: bool, patient: str) -> None:
    """Show a patient's ceilings with their reasons, and the limits of the next motor session.

    Sessions on hardware and on a virtual board are counted separately.

    Example: stimkiosk patients show P-17
    """
    from appliance.records.patient_history import pseudonym

    folder, rows = _read(data)
    name = pseudonym(patient)
    if name is None:
        fail("a patient is 1 to 32 letters, digits and dashes, as P-17", ExitCode.USAGE)
    if name not in rows.names:
        known = ", ".join(rows.names[:5])
        fail(f"no patient {name} in {folder}; known: {known or 'none'}", ExitCode.USAGE)
    if as_json:
        print_json(_plain(name, rows))
        return
    out = console()
    out.print(f"Patient {name}")
    for scope in SCOPES:
        for line in _scope_lines(name, scope, rows):
            out.print(line)


@patients.command()
@click.argument("patient", type=PrintableText())
@click.option("--neck", is_flag=True, help="Set the ceiling of the neck.")
@click.option("--back", is_flag=True, help="Set the ceiling of the back.")
@click.option(
    "--max", "ceiling_ua", type=Milliamps(), required=True, help="Highest level, for example 25mA."
)
@click.option(
    "--reason", type=PrintableText(), required=True, help="The clinician's reason; it is recorded."
)
@click.option("--operator", type=PrintableText(), required=True, help="Who sets the ceiling.")
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
    """Set the highest level that a patient may ever get (the ceiling), between sessions.

    It never raises the limits that hold for everybody. A kiosk can only lower it; only the engine's
    owner or maintenance can raise it again, and the raise is recorded. The ceiling is saved to disk
    when this command has printed it.

    Example: stimkiosk patients ceiling P-17 --neck --max 12.5mA --reason "dizzy" --operator anna
    """
    from appliance.messages.actions import SetCeiling
    from appliance.messages.replies import Refused
    from appliance.records.storage.data_folder import data_folder
    from ui.cli.engine.hosts import RunTarget, daemon_port, engine_host
    from ui.cli.engine.running_engine import KEPT_S, newest, refused
    from ui.cli.terminal.exact_quantities import in_ma

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
        sessions = read_patient_sessions(db)
        rigs = {rig_of_records(db) or HARDWARE, *(each.rig for each in sessions)}
        return folder, Rows(read_ceilings(db), sessions, tuple(sorted(rigs)))


def _ceiling_in_words(found: "CeilingRow | None") -> str:
    from ui.cli.terminal.exact_quantities import in_ma

    return "none" if found is None else in_ma(found.ceiling_ua)


def _days_in_words(name: str, scope: str, rows: Rows) -> str:
    found = ((rig, _standing(name, scope, rig, rows).motor_sessions) for rig in rows.rigs)
    return ", ".join(f"{days} {rig}" for rig, days in found)


def _scope_lines(name: str, scope: str, rows: Rows) -> tuple[str, ...]:
    from appliance.texts.untrusted import one_line
    from ui.cli.terminal.exact_quantities import in_ma

    lines = [f"  {scope}"]
    found = rows.ceiling(name, scope)
    if found is None:
        lines.append("    ceiling        none of its own")
    else:
        when = datetime.fromtimestamp(found.utc_us // 1_000_000, UTC).strftime("%Y-%m-%d %H:%M")
        lines.append(
            f"    ceiling        {in_ma(found.ceiling_ua)}, set by {one_line(found.operator)}"
        )
        lines.append(f"                   on {when} UTC: {one_line(found.reason)}")
    for rig in rows.rigs:
        lines += _rig_lines(name, scope, rig, rows)
    return tuple(lines)


def _rig_lines(name: str, scope: str, rig: str, rows: Rows) -> tuple[str, ...]:
    """Return the sessions on one kind of rig, and the limits of the next motor session on it."""
    from appliance.texts.english import english
    from appliance.texts.text import Text
    from ui.cli.terminal.exact_quantities import in_ma, in_seconds

    had, standing = rows.given(name, scope, rig), _standing(name, scope, rig, rows)
    kept = f", {in_ma(standing.comfortable_ua)} kept in one" if standing.comfortable_ua else ""
    felt = sum(each.felt for each in had)
    sessions = f"{len(had)} sessions, {felt} felt" if len(had) != 1 else f"1 session, {felt} felt"
    lines = [f"    {rig:<14} {sessions}; {standing.motor_sessions} motor days before today{kept}"]
    bounds = _bounds(scope, standing)
    if bounds.ceiling_ua is not None:
        text = f"at most {in_ma(bounds.ceiling_ua)} ({english(Text(bounds.ceiling_by))})"
        if bounds.duration_us is not None:
            text += f", {in_seconds(bounds.duration_us)}, single taps"
        lines.append(f"    next motor one {text}")
    return tuple(lines)


def _standing(name: str, scope: str, rig: str, rows: Rows) -> "PatientHistory":
    from appliance.core.limits.patient_limits import CeilingScope
    from appliance.core.prescription.sessions_per_patient import history_of
    from appliance.records.wall_clock import SystemWallClock, now_of

    found = rows.ceiling(name, scope)
    ceiling_ua = None if found is None else found.ceiling_ua
    given = [each.given() for each in rows.given(name, scope, rig)]
    return history_of(ceiling_ua, given, CeilingScope(scope), now_of(SystemWallClock()))


def _bounds(scope: str, standing: "PatientHistory") -> "PatientBounds":
    from appliance.core.limits.limits import Purpose
    from appliance.core.limits.patient_limits import CeilingScope, bounds_of

    return bounds_of(standing, CeilingScope(scope), Purpose.MOTOR)


def _plain(name: str, rows: Rows) -> dict[str, object]:
    return {
        "patient": name,
        "ceilings": [each._asdict() for each in rows.ceilings if each.patient == name],
        "sessions": [each._asdict() for each in rows.sessions if each.patient == name],
        "motor_days": {
            scope: {rig: _standing(name, scope, rig, rows).motor_sessions for rig in rows.rigs}
            for scope in SCOPES
        },
    }
