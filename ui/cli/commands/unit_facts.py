"""`stimkiosk unit check`, `clean`, `inspect`, `release` and so on: facts about the unit."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ui.cli.terminal.console import console
from ui.cli.terminal.option_types import PrintableText
from ui.cli.terminal.records_options import data_option

if TYPE_CHECKING:
    from appliance.link.client import LinkClient

operator_option = click.option(
    "--operator", type=PrintableText(), required=True, help="Name of the person who says so."
)
INSPECTED = ("hand_switch", "lead_1", "lead_2", "lead_3", "lead_4")
LOOKED_AT = ("case", "display", "plugs", "emergency_stop", *INSPECTED)
REASONS = ("shock", "burn", "fault", "other")
damaged_option = click.option(
    "--damaged",
    multiple=True,
    metavar="PART",
    type=click.Choice(LOOKED_AT),
    help="A part that is damaged: it is out of use until service releases it. May be repeated.",
)


@click.command()
@damaged_option
@click.option(
    "--out-of-reach",
    multiple=True,
    metavar="PART",
    type=click.Choice(("hand_switch", "emergency_stop")),
    help="What cannot be reached from where it is needed. May be repeated.",
)
@operator_option
@data_option
def check(
    damaged: tuple[str, ...], out_of_reach: tuple[str, ...], operator: str, data: Path | None
) -> None:
    """Record the daily look at the unit: every part is good but those named.

    Example: stimkiosk unit check --damaged lead_2 --operator anna
    """
    from ui.cli.engine.fact_sender import record, unlocked_engine

    states = {**dict.fromkeys(out_of_reach, "out_of_reach"), **dict.fromkeys(damaged, "damaged")}
    with unlocked_engine(operator, data) as link:
        answers = {**dict.fromkeys(_parts(link), "good"), **states}
        record(link, "unit_checked", {"answers": answers}, operator)
    console().print(_found("the look of today is recorded", damaged, out_of_reach))


@click.command()
@damaged_option
@operator_option
@data_option
def inspect(damaged: tuple[str, ...], operator: str, data: Path | None) -> None:
    """Record the weekly inspection of leads and hand switch: all good but those named.

    Example: stimkiosk unit inspect --operator anna
    """
    from ui.cli.engine.fact_sender import record, unlocked_engine

    with unlocked_engine(operator, data) as link:
        parts = [part for part in _parts(link) if part in INSPECTED]
        answers = {**dict.fromkeys(parts, "good"), **dict.fromkeys(damaged, "damaged")}
        record(link, "leads_inspected", {"answers": answers}, operator)
    console().print(_found("the inspection is recorded", damaged))


@click.command()
@operator_option
@data_option
def clean(operator: str, data: Path | None) -> None:
    """Record that the unit, its leads and the hand switch were wiped, between two patients.

    Example: stimkiosk unit clean --operator anna
    """
    _record("unit_cleaned", {}, operator, data, "the cleaning is recorded")


@click.command("safety-check")
@click.option("--date", required=True, metavar="YYYY-MM-DD", help="Day of the report.")
@click.option("--report", type=PrintableText(), required=True, help="Number of the report.")
@operator_option
@data_option
def safety_check(date: str, report: str, operator: str, data: Path | None) -> None:
    """Record the yearly electrical safety check; only service may.

    Example: stimkiosk unit safety-check --date 2026-11-29 --report R-17 --operator sam
    """
    values = {"date": date, "report": report}
    _record("safety_check_recorded", values, operator, data, "the safety check is recorded")


@click.command()
@click.option("--date", required=True, metavar="YYYY-MM-DD", help="Day of the certificate.")
@click.option("--certificate", type=PrintableText(), required=True, help="Its number.")
@operator_option
@data_option
def calibration(date: str, certificate: str, operator: str, data: Path | None) -> None:
    """Record day and certificate of a calibration; it changes no current. Only service may.

    Example: stimkiosk unit calibration --date 2026-11-29 --certificate C-17 --operator sam
    """
    values = {"date": date, "certificate": certificate}
    _record("calibration_recorded", values, operator, data, "the calibration is recorded")


@click.command("out-of-use")
@click.argument("reason", type=click.Choice(REASONS))
@click.option("--words", type=PrintableText(), default="", help="What happened; no names.")
@operator_option
@data_option
def out_of_use(reason: str, words: str, operator: str, data: Path | None) -> None:
    """Take the unit out of use: nobody is treated until service releases it.

    Example: stimkiosk unit out-of-use shock --operator anna
    """
    values = {"reason": reason, "words": words}
    _record("unit_taken_out_of_use", values, operator, data, "the unit is out of use")


@click.command()
@click.argument("part", required=False, type=click.Choice(LOOKED_AT))
@click.option(
    "--reason", type=PrintableText(), required=True, help="What was found and done; recorded."
)
@operator_option
@data_option
def release(part: str | None, reason: str, operator: str, data: Path | None) -> None:
    """Release the unit, or with PART a damaged part; only service may.

    Example: stimkiosk unit release lead_2 --reason "new lead" --operator sam
    """
    values: dict[str, object] = {"reason": reason}
    if part is None:
        _record("unit_released", values, operator, data, "the unit is released")
    else:
        _record("part_released", {**values, "part": part}, operator, data, f"released: {part}")


def _record(kind: str, values: dict[str, Any], operator: str, data: Path | None, done: str) -> None:
    from ui.cli.engine.fact_sender import send_fact

    send_fact(kind, values, operator, data)
    console().print(done)


def _parts(link: "LinkClient") -> list[str]:
    """Return the parts of the unit that runs, its leads included."""
    from appliance.messages.replies import Refused
    from ui.cli.engine.running_engine import refused

    page = link.query("unit")
    if isinstance(page, Refused):
        refused(page)
    return [str(row["part"]) for row in page.rows if row["kind"] == "part"]


def _found(done: str, *parts: tuple[str, ...]) -> str:
    named = [part for group in parts for part in group]
    return f"{done}; not good: {', '.join(named)}" if named else f"{done}; every part is good"
