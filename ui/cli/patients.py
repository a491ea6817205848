"""`stimkiosk patients`: what the records say of patients, and the ceilings set for them.

A patient is a pseudonym of letters, digits and dashes; who is meant is kept elsewhere.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import click

from ui.cli.exit_codes import ExitCode
from ui.cli.folders import DataFolder
from ui.cli.lazy_group import PlainGroup
from ui.cli.listing import print_rows
from ui.cli.numbers import Words, shown, whole_number
from ui.cli.report import console, fail, print_json, warn

if TYPE_CHECKING:
    from appliance.core.patient_limits import Bounds
    from appliance.records.patients import CeilingRow, MotorSession

_Command = TypeVar("_Command", bound=Callable[..., object])
UA_PER_MA = 1_000
Rows = tuple[tuple["CeilingRow", ...], tuple["MotorSession", ...]]


class Milliamps(click.ParamType[int]):
    """A current as `25mA`, `25 mA` or `25`; taken in µA."""

    name = "MA"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the current in µA, or fail with what is accepted."""
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


def _options(command: _Command) -> _Command:
    """Add --data and --json."""
    data = click.option(
        "--data",
        type=DataFolder(),
        help="Folder of the records (else STIMKIOSK_DATA, else the XDG state folder).",
    )
    plain = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    return data(plain(command))


@click.group(cls=PlainGroup)
def patients() -> None:
    """List patients, show one, set a ceiling out of session.

    Example: stimkiosk patients ceiling P-17 --back --max 25mA --reason "sore" --operator anna
    """


@patients.command("list")
@_options
def list_(data: Path | None, as_json: bool) -> None:
    """List every patient with a ceiling or a finished motor session.

    Example: stimkiosk patients list --json
    """
    folder, (ceilings, sessions) = _read(data)
    names = _names(ceilings, sessions)
    if as_json:
        print_json([_plain(name, ceilings, sessions) for name in names])
        return
    if not names:
        warn(f"no patients in {folder}; treat --patient ID or patients ceiling makes one known")
        return
    rows = [
        (
            name,
            *(_ceiling_in_words(name, scope, ceilings) for scope in ("neck", "back")),
            *(str(len(_sessions(name, scope, sessions))) for scope in ("neck", "back")),
        )
        for name in names
    ]
    headings = ("Patient", "Ceiling neck", "Ceiling back", "Motor sessions neck", "and back")
    print_rows(console(), headings, rows)


@patients.command()
@_options
@click.argument("patient")
def show(data: Path | None, as_json: bool, patient: str) -> None:
    """Show a patient's ceilings, with the reasons, and what holds in the next motor session.

    Example: stimkiosk patients show P-17
    """
    from appliance.records.patients import pseudonym

    folder, (ceilings, sessions) = _read(data)
    name = pseudonym(patient)
    if name is None:
        fail("a patient is 1 to 32 letters, digits and dashes, as P-17", ExitCode.USAGE)
    if name not in _names(ceilings, sessions):
        known = ", ".join(_names(ceilings, sessions)[:5])
        fail(f"no patient {name} in {folder}; known: {known or 'none'}", ExitCode.USAGE)
    if as_json:
        print_json(_plain(name, ceilings, sessions))
        return
    out = console()
    out.print(f"Patient {name}")
    for scope in ("neck", "back"):
        for line in _scope_lines(name, scope, ceilings, sessions):
            out.print(line)


@patients.command()
@click.argument("patient", type=Words())
@click.option("--neck", is_flag=True, help="For the neck.")
@click.option("--back", is_flag=True, help="For the back.")
@click.option("--max", "ceiling_ua", type=Milliamps(), required=True, help="As 25mA.")
@click.option("--reason", type=Words(), required=True, help="A clinician's reason; it is kept.")
@click.option("--operator", type=Words(), required=True, help="Who sets it.")
@click.option("--data", type=DataFolder(), help="Folder of the records.")
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
    """Set the highest level a patient may ever get, out of session.

    It can only lower what holds for everybody. From a kiosk it can only go down; raising it again
    takes the engine's owner or maintenance, and is kept as a raise.

    Example: stimkiosk patients ceiling P-17 --neck --max 12.5mA --reason "dizzy" --operator anna
    """
    from appliance.core.refusal import in_ma
    from appliance.messages import Refused, SetCeiling
    from appliance.records.paths import data_folder
    from ui.cli.hosts import Place, daemon_port, engine_host
    from ui.cli.running import newest, refused

    if neck == back:
        raise click.UsageError("say either --neck or --back; each has a ceiling of its own")
    scope: Literal["neck", "back"] = "neck" if neck else "back"
    action = SetCeiling(
        patient=patient, scope=scope, ceiling_ua=ceiling_ua, reason=reason, operator=operator
    )
    with engine_host(Place(data_folder(data), port=daemon_port())) as host:
        newest(host.link)
        answer = host.link.wait_reply(host.link.send(action))
    if isinstance(answer, Refused):
        refused(answer)
    console().print(
        f"{patient.strip().upper()}: at most {in_ma(ceiling_ua)} on the {scope}, from the next "
        "prescription on",
    )


def _read(data: Path | None) -> tuple[Path, Rows]:
    from appliance.records.paths import has_records, locate_data_folder
    from appliance.records.patients import read_ceilings, read_motor_sessions
    from appliance.records.store import open_read_only

    folder = locate_data_folder(data)
    if not has_records(folder):
        return folder, ((), ())
    with open_read_only(folder) as db:
        return folder, (read_ceilings(db), read_motor_sessions(db))


def _names(ceilings: "tuple[CeilingRow, ...]", sessions: "tuple[MotorSession, ...]") -> list[str]:
    return sorted({each.patient for each in ceilings} | {each.patient for each in sessions})


def _ceiling(name: str, scope: str, rows: "tuple[CeilingRow, ...]") -> "CeilingRow | None":
    return next((each for each in rows if (each.patient, each.scope) == (name, scope)), None)


def _sessions(
    name: str, scope: str, rows: "tuple[MotorSession, ...]"
) -> "tuple[MotorSession, ...]":
    return tuple(each for each in rows if (each.patient, each.scope) == (name, scope))


def _ceiling_in_words(name: str, scope: str, rows: "tuple[CeilingRow, ...]") -> str:
    from appliance.core.refusal import in_ma

    found = _ceiling(name, scope, rows)
    return "none" if found is None else in_ma(found.ceiling_ua)


def _scope_lines(
    name: str,
    scope: str,
    ceilings: "tuple[CeilingRow, ...]",
    sessions: "tuple[MotorSession, ...]",
) -> tuple[str, ...]:
    from appliance.core.refusal import in_ma, in_seconds
    from appliance.plain_text import one_line

    lines = [f"  {scope}"]
    found = _ceiling(name, scope, ceilings)
    if found is None:
        lines.append("    ceiling        none of its own")
    else:
        when = datetime.fromtimestamp(found.utc_us // 1_000_000, UTC).strftime("%Y-%m-%d %H:%M")
        lines.append(
            f"    ceiling        {in_ma(found.ceiling_ua)}, set by {one_line(found.operator)}"
        )
        lines.append(f"                   on {when} UTC: {one_line(found.reason)}")
    had = _sessions(name, scope, sessions)
    best_ua = max((each.comfortable_ua for each in had), default=0)
    kept = f", {in_ma(best_ua)} kept in one" if best_ua else ""
    lines.append(f"    motor sessions {len(had)} to their end{kept}")
    bounds = _bounds(scope, found, len(had), best_ua)
    if bounds.ceiling_ua is not None:
        text = f"at most {in_ma(bounds.ceiling_ua)} ({bounds.ceiling_by})"
        if bounds.duration_us is not None:
            text += f", {in_seconds(bounds.duration_us)}, single taps"
        lines.append(f"    next motor one {text}")
    return tuple(lines)


def _bounds(scope: str, found: "CeilingRow | None", count: int, best_ua: int) -> "Bounds":
    from appliance.core.limits import Purpose
    from appliance.core.patient_limits import Scope, Standing, bounds_of

    standing = Standing(None if found is None else found.ceiling_ua, count, best_ua)
    return bounds_of(standing, Scope(scope), Purpose.MOTOR)


def _plain(
    name: str, ceilings: "tuple[CeilingRow, ...]", sessions: "tuple[MotorSession, ...]"
) -> dict[str, object]:
    return {
        "patient": name,
        "ceilings": [each._asdict() for each in ceilings if each.patient == name],
        "motor_sessions": [each._asdict() for each in sessions if each.patient == name],
    }
