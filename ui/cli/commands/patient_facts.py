"""`stimkiosk patients add`, `missing` and `record`: facts about patients."""

import json
from pathlib import Path

import click

from ui.cli.commands.known_records import known_patients, known_unit
from ui.cli.terminal.console import console, fail, print_json
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.option_types import PrintableText, WholeNumber
from ui.cli.terminal.records_options import data_option, json_option, records_options

operator_option = click.option(
    "--operator", type=PrintableText(), required=True, help="Name of the person who says so."
)
REGIONS = ("neck", "suboccipital", "upper_back", "lower_back")
SIDES = ("left", "right", "both")


@click.command()
@click.option(
    "--born",
    type=WholeNumber(1900, 2100),
    required=True,
    metavar="YEAR",
    help="Year of birth; adults only.",
)
@click.option(
    "--alias", type=PrintableText(), help="2 to 6 letters and digits, one digit at least; no name."
)
@click.option("--eighteen", is_flag=True, help="The 18th birthday, this year, has been.")
@click.option(
    "--other-than",
    multiple=True,
    type=PrintableText(),
    metavar="ID",
    help="A similar patient that is somebody else; may be given several times.",
)
@operator_option
@data_option
@json_option
def add(
    *,
    born: int,
    alias: str | None,
    eighteen: bool,
    other_than: tuple[str, ...],
    operator: str,
    data: Path | None,
    as_json: bool,
) -> None:
    """Register a patient; the unit makes the id and this command prints it.

    Write id and name into the clinic's own file: no name is kept on this unit.

    Example: stimkiosk patients add --born 1980 --alias KT8 --operator anna
    """
    from ui.cli.engine.fact_sender import send_fact

    values: dict[str, object] = {"born": born, "eighteen": eighteen, "other_than": list(other_than)}
    if alias is not None:
        values["alias"] = alias
    patient = send_fact("patient_registered", values, operator, data)
    if as_json:
        print_json({"patient": patient})
    else:
        console().print(patient)


@click.command()
@click.argument("patient", type=PrintableText())
@click.argument("kind", type=PrintableText())
@click.argument("values", nargs=-1, type=PrintableText(), metavar="KEY=VALUE...")
@click.option("--simulated", is_flag=True, help="Nobody was asked: for a virtual rig only.")
@operator_option
@data_option
def record(
    *,
    patient: str,
    kind: str,
    values: tuple[str, ...],
    simulated: bool,
    operator: str,
    data: Path | None,
) -> None:
    """Record one fact about a patient, for scripts; docs/records.md lists kinds and keys.

    A value is JSON, or else a text.

    Example: stimkiosk patients record P-0013 pads_removed session=0001-001 --operator anna
    """
    from ui.cli.engine.fact_sender import send_fact

    fields = dict(map(_field, values))
    send_fact(kind, {**fields, "patient": patient}, operator, data, simulated=simulated)
    console().print(f"{patient.strip().upper()}: {kind} is recorded")


@click.command()
@click.argument("patient", type=PrintableText())
@click.argument("programme", type=PrintableText())
@click.option("--region", type=click.Choice(REGIONS), help="Default: that of the programme.")
@click.option("--side", type=click.Choice(SIDES), default="both", show_default=True)
@records_options
def missing(
    patient: str, programme: str, region: str | None, side: str, data: Path | None, as_json: bool
) -> None:
    """List what is missing before a patient may be treated, in the order of the work.

    Without it there is no contact check. Exit code 1 if anything but notes is missing.

    Example: stimkiosk patients missing P-0013 conventional-tens --side left
    """
    from appliance.clinical.catalogue import find
    from appliance.control.pages.missing import finding_row, missing_of
    from appliance.core.refusal import Refusal
    from appliance.texts.english import english

    known, unit = known_patients(data), known_unit(data)
    found = find(programme)
    if isinstance(found, tuple):
        fail(f"no programme {programme!r}; nearest: {', '.join(found)}", ExitCode.USAGE)
    if ":" in patient:
        fail("a patient is an id as `patients list` shows it", ExitCode.USAGE)
    findings = missing_of(f"{patient}:{found.name}:{region or found.region}:{side}", known, unit)
    if isinstance(findings, Refusal):
        fail(english(findings.text()), ExitCode.USAGE)
    if as_json:
        print_json([_plain(finding_row(finding)) for finding in findings])
    for finding in findings if not as_json else ():
        console().print(f"{finding.consequence.value:<8} {english(finding.text())}")
    if any(finding.consequence.blocks for finding in findings):
        raise SystemExit(ExitCode.CHECK_FAILED)
    if not findings and not as_json:
        console().print("nothing is missing")


def _field(given: str) -> tuple[str, object]:
    name, equals, value = given.partition("=")
    if not equals or not name:
        raise click.UsageError("give each value as KEY=VALUE, for example session=0001-001")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _plain(row: dict[str, object]) -> object:
    import msgspec

    return msgspec.to_builtins(row, str_keys=True)
