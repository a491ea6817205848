"""`stimkiosk programmes copy`, `check`, `import`, `export`, `retire`: own programmes as files."""

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from ui.cli.terminal.console import console, fail, print_json
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.option_types import MOST_SHOWN, PrintableText, shown
from ui.cli.terminal.output_files import OutputFile, check_free, force_option
from ui.cli.terminal.records_options import data_option

if TYPE_CHECKING:
    from appliance.clinical.own.draft import OwnDraft
    from appliance.clinical.own.shelf import OwnProgrammes
    from appliance.core.refusal import Refusal

operator_option = click.option(
    "--operator", type=PrintableText(), required=True, help="Name of the person who says so."
)
reason_option = click.option(
    "--reason", type=PrintableText(), required=True, help="Why; it is recorded."
)
input_file = click.argument("file", type=click.Path(path_type=Path))
output_file = click.argument("file", type=OutputFile())


@click.command()
@click.argument("name")
@output_file
@click.option("--title", type=PrintableText(), required=True, help="What people call it.")
@click.option(
    "--change",
    "changes",
    multiple=True,
    metavar="CHANGE",
    help="Add or remove something, for example add_before; may be repeated, done before --set.",
)
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Another value of a field, for example work.rate_hz=60; `check` lists them.",
)
@force_option
@data_option
def copy(
    name: str,
    file: Path,
    title: str,
    changes: tuple[str, ...],
    values: tuple[str, ...],
    *,
    force: bool,
    data: Path | None,
) -> None:
    """Copy the programme NAME into FILE, with other values; only what is accepted is written.

    Example: stimkiosk programmes copy nmes-strengthening mine.json --title "Longer rest"
    --set work.times.off_ms=60000
    """
    import msgspec

    from appliance.core.refusal import Refusal

    check_free(file, "FILE", force=force)
    wanted = kept_programmes(data).copy_of(name)
    if isinstance(wanted, Refusal):
        refused(wanted, ExitCode.USAGE)
    draft = msgspec.structs.replace(wanted.draft, title=title)
    for change in changes:
        draft = _changed(draft, change)
    for value in values:
        draft = _with(draft, value)
    _refuse(draft)
    _write(file, draft)
    console().print(f"{file}: {_in_short(draft)}")


@click.command()
@input_file
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(file: Path, *, as_json: bool) -> None:
    """Judge the own programme in FILE as a prescription, and say how far each field may go.

    Example: stimkiosk programmes check mine.json
    """
    from appliance.clinical.own.judge import judge
    from appliance.texts.english import english

    draft = read_own_file(file)
    broken = judge(draft).broken
    said = [english(each.refusal.text()) for each in broken]
    if as_json:
        import msgspec

        plain = msgspec.to_builtins(draft)
        print_json({"accepted": not broken, "refusals": said, "programme": plain})
    else:
        lines = [f"refused: {line}" for line in said] or [f"accepted: {_in_short(draft)}"]
        for line in lines:
            console().print(line)
        _print_fields(draft)
    if broken:
        raise SystemExit(int(ExitCode.REFUSED))


@click.command("import")
@input_file
@click.option(
    "--as",
    "as_name",
    metavar="NAME",
    help="Keep it as the next version of this own programme (default: as a new one).",
)
@operator_option
@reason_option
@data_option
def import_file(
    file: Path, as_name: str | None, operator: str, reason: str, data: Path | None
) -> None:
    """Keep the own programme in FILE on the unit, with author, date and reason.

    Example: stimkiosk programmes import mine.json --operator anna --reason "30 min are too long"
    """
    import msgspec

    from appliance.messages.replies import Refused
    from ui.cli.engine.fact_sender import record, unlocked_engine
    from ui.cli.engine.running_engine import refused as refused_by_engine

    draft = read_own_file(file)
    _refuse(draft)
    with unlocked_engine(operator, data) as link:
        page = link.query(f"own_edit:{as_name}" if as_name else f"own_copy:{draft.base}")
        if isinstance(page, Refused):
            refused_by_engine(page)
        name, version = str(page.rows[0]["name"]), page.rows[0]["version"]
        kept = {"draft": msgspec.to_builtins(draft), "reason": reason}
        record(link, "own_programme_kept", {"name": name, "version": version, **kept}, operator)
    console().print(f"kept as {name}@{version}: {draft.title}")


@click.command()
@click.argument("name")
@output_file
@force_option
@data_option
def export(name: str, file: Path, *, force: bool, data: Path | None) -> None:
    """Write the own programme NAME, or its version NAME@VERSION, into FILE.

    Example: stimkiosk programmes export own-3@2 mine.json
    """
    check_free(file, "FILE", force=force)
    own = kept_programmes(data)
    found = own.version_of(name)
    if found is None:
        near = f"nearest {', '.join([*own.versions][:3])}" if own.versions else "none is kept here"
        fail(f"no own programme {name[:MOST_SHOWN]!r}; {near}", ExitCode.USAGE)
    _write(file, found[2].draft)
    console().print(f"{file}: {found[0]}@{found[1]}, {found[2].draft.title}")


@click.command()
@click.argument("name")
@operator_option
@reason_option
@data_option
def retire(name: str, operator: str, reason: str, data: Path | None) -> None:
    """Offer the own programme NAME no more; sessions that were given with it still name it.

    Example: stimkiosk programmes retire own-3 --operator anna --reason "replaced by own-5"
    """
    from ui.cli.engine.fact_sender import send_fact

    send_fact("own_programme_retired", {"name": name, "reason": reason}, operator, data)
    console().print(f"{name} is retired")


def read_own_file(file: Path) -> "OwnDraft":
    """Return the draft of a file; end the command with what is wrong with it."""
    from appliance.clinical.own.files import MOST_BYTES, read_file
    from appliance.core.refusal import Refusal
    from ui.cli.terminal.input_files import read_at_most

    draft = read_file(read_at_most(file, MOST_BYTES))
    if isinstance(draft, Refusal):
        refused(draft, ExitCode.USAGE, file)
    return draft


def kept_programmes(data: Path | None) -> "OwnProgrammes":
    """Return the own programmes of the records; none without records."""
    from ui.cli.commands.known_records import known_unit

    return known_unit(data).file.own


def refused(
    refusal: "Refusal", code: ExitCode = ExitCode.REFUSED, file: Path | None = None
) -> NoReturn:
    """End the command with a refusal in one line, which begins with the file it is about."""
    from appliance.texts.english import english

    before = "" if file is None else f"{file}: "
    fail(f"{before}refused: {english(refusal.text())}", code)


def _refuse(draft: "OwnDraft") -> None:
    """End the command for a draft that breaks a limit, or whose title cannot be read."""
    from appliance.clinical.own.judge import refuse_draft
    from appliance.clinical.own.shelf import refuse_title

    refusal = refuse_title(draft.title) or refuse_draft(draft)
    if refusal is not None:
        refused(refusal)


def _changed(draft: "OwnDraft", change: str) -> "OwnDraft":
    """Return a draft after a change by its name, of the work or of PART:CHANGE."""
    from appliance.clinical.own.changes import changes_of
    from appliance.clinical.own.draft import parts_of

    part, _, name = change.rpartition(":")
    part = part or "work"
    found = {each.name: each for each in changes_of(draft, part)} if part in parts_of(draft) else {}
    if name not in found:
        near = ", ".join(found) or ", ".join(parts_of(draft))
        fail(f"--change {shown(change)} is not one of: {near}", ExitCode.USAGE)
    return found[name].draft


def _with(draft: "OwnDraft", asked: str) -> "OwnDraft":
    """Return a draft with the value of FIELD=VALUE."""
    from appliance.clinical.own.fields import chosen_fields, every_field, with_value

    path, _, value = asked.partition("=")
    choices, fields = chosen_fields(draft), dict(every_field(draft))
    if path in choices:
        if value not in choices[path]:
            names = ", ".join(choices[path])
            fail(f"--set {shown(asked)}: {path} is one of {names}", ExitCode.USAGE)
        return with_value(draft, path, choices[path][value])
    if path not in fields:
        names = ", ".join((*fields, *choices))
        fail(f"--set {shown(asked)}: no such field; there are {names}", ExitCode.USAGE)
    if not value.isascii() or not value.isdecimal() or len(value) > len(str(10**9)) - 1:
        fail(f"--set {shown(asked)}: give a whole number, in the unit of its name", ExitCode.USAGE)
    return with_value(draft, path, int(value))


def _write(file: Path, draft: "OwnDraft") -> None:
    """Write a file whole or not at all."""
    from appliance.clinical.own.files import file_of

    unfinished = file.with_name(f".{file.name}.part")
    try:
        unfinished.write_bytes(file_of(draft))
        unfinished.replace(file)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        fail(f"{file} cannot be written: {error.strerror}", ExitCode.USAGE)


def _in_short(draft: "OwnDraft") -> str:
    from ui.cli.terminal.quantity_format import in_ma

    region = draft.region.replace("_", " ")
    most = in_ma(draft.ceiling_ua)
    return f"{draft.title}: {draft.base} on the {region}, {draft.minutes} min, up to {most}"


def _print_fields(draft: "OwnDraft") -> None:
    """Print every field with how far it may go, everything else as it is."""
    from rich.table import Table

    from appliance.clinical.own.draft import parts_of
    from appliance.clinical.own.judge import countable
    from appliance.clinical.own.steps import steps_of

    if not countable(draft):
        return
    table = Table("field", "value", "least", "most", "unit")
    steps = {step.path: step for part in parts_of(draft) for step in steps_of(draft, part)}
    for path, step in steps.items():
        table.add_row(path, str(step.value), str(step.least), str(step.most), step.field.unit)
    console().print(table)
