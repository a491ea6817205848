"""`stimkiosk programmes`: the catalogue with numbers, sources and evidence, and own programmes."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from appliance.clinical.catalogue import load_catalogue, to_prescription
from appliance.clinical.offers.evidence import load_evidence
from appliance.clinical.offers.offers import mechanism_of
from appliance.clinical.own.shelf import find_any
from appliance.clinical.programme import CallUse, Programme
from appliance.control.pages.programmes import what_it_is
from appliance.core.prescription.contracting_current import charge_pc
from appliance.core.prescription.densest import highest_rms_ua
from appliance.core.prescription.prescription import Prescription
from appliance.texts.english import english
from appliance.texts.text import Text as Message
from ui.cli.commands.own_programmes import (
    check,
    copy,
    export,
    import_file,
    kept_programmes,
    retire,
)
from ui.cli.terminal.console import console, fail, print_json
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.lazy_group import PlainGroup
from ui.cli.terminal.quantity_format import in_cm2, in_ma, in_seconds, in_uc
from ui.cli.terminal.records_options import records_options

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 110
"""Terminal columns that the table of all programmes needs."""
NOTICE = (
    "Reference design, not a cleared medical device. The evidence is reported as published; "
    "nothing here claims that a programme works."
)


@click.group(cls=PlainGroup)
def programmes() -> None:
    """List and show the programmes; make own ones of them.

    Example: stimkiosk programmes show conventional-tens
    """


for own_command in (copy, check, import_file, export, retire):
    programmes.add_command(own_command)


@programmes.command("list")
@records_options
def list_all(*, data: Path | None, as_json: bool) -> None:
    """List every programme of the catalogue, then the own ones of the records that are offered.

    Example: stimkiosk programmes list
    """
    every = (*load_catalogue().values(), *kept_programmes(data).usable())
    if as_json:
        print_json([_brief(programme) for programme in every])
        return
    out = console()
    if out.width < WIDE:
        _print_narrow(out, every)
        return
    table = Table("programme", "purpose", "region", "pads", "minutes", "what it is")
    for programme in every:
        minutes = f"{programme.duration_s / 60:g}"
        pads = in_cm2(programme.pad_area_mm2)
        region = programme.region
        table.add_row(programme.name, programme.purpose, region, pads, minutes, _what(programme))
    out.print(table)


def _print_narrow(out: "Console", catalogue: Iterable[Programme]) -> None:
    """Print each programme on its own lines, for terminals too narrow for the table."""
    for programme in catalogue:
        pads, minutes = in_cm2(programme.pad_area_mm2), f"{programme.duration_s / 60:g} min"
        out.print(programme.name, style="bold")
        facts = f"{programme.purpose}, {programme.region}, pads {pads}, {minutes}"
        for line in (facts, _what(programme)):
            out.print(Padding(Text(line), (0, 0, 0, 2)))


@programmes.command()
@click.argument("name")
@records_options
def show(name: str, *, data: Path | None, as_json: bool) -> None:
    """Show one programme with its numbers, sources and evidence.

    Example: stimkiosk programmes show burst-tens --json
    """
    programme = find_any(name, kept_programmes(data))
    if not isinstance(programme, Programme):
        near = ", ".join(programme)
        fail(f"no programme {name!r}; nearest: {near}", ExitCode.USAGE)
    if as_json:
        print_json(_whole(programme))
        return
    out = console()
    out.print(Text.assemble((programme.name, "bold"), f": {english(programme.title_text)}"))
    out.print(english(what_it_is(programme)))
    table = Table(show_header=False)
    for key, value in _numbers(programme, to_prescription(programme)).items():
        table.add_row(key, value)
    out.print(table)
    out.print(Text.assemble(("Sources", "bold"), " ((M) from memory, (D) derived or judged here)"))
    for key, value in programme.sources.items():
        out.print(f"  {key}: {value}")
    out.print("Evidence", style="bold")
    out.print(f"  supporting: {_words(programme.evidence.supporting)}")
    out.print(f"  opposing: {_words(programme.evidence.opposing)}")
    for line in _general(programme):
        out.print(f"  {line}")
    out.print(NOTICE)


def _general(programme: Programme) -> Iterable[str]:
    """Yield what is proposed to happen, and what guidelines advise beside it and against."""
    general, mechanism = load_evidence(), mechanism_of(programme.kind)
    keys = (general.guideline, mechanism, general.difference, general.not_identified)
    yield from (_words(key) for key in keys if key)
    beside = [f"{_words(each.what)} ({', '.join(each.pain)})" for each in general.alternative]
    yield f"advised beside or instead, by pain: {'; '.join(beside)}"
    yield f"advised against: {'; '.join(_words(each.what) for each in general.advised_against)}"


def _what(programme: Programme) -> str:
    """Return in a line what a programme is: the title of an own one, the summary of another."""
    return programme.own_title or english(what_it_is(programme))


def _words(key: str) -> str:
    return english(Message(key))


def _whole(programme: Programme) -> dict[str, object]:
    """Return every field of a programme, its texts in English."""
    whole: dict[str, object] = msgspec.to_builtins(programme)
    evidence = programme.evidence
    return whole | {
        "title": english(programme.title_text),
        "summary": english(what_it_is(programme)),
        "evidence": {
            "supporting": _words(evidence.supporting),
            "opposing": _words(evidence.opposing),
        },
    }


def _brief(programme: Programme) -> dict[str, object]:
    keys = ("name", "title", "summary", "kind", "purpose", "region", "regions")
    whole = _whole(programme)
    brief = {key: whole[key] for key in keys}
    return brief | {"pad_area_mm2": programme.pad_area_mm2, "duration_s": programme.duration_s}


def _numbers(programme: Programme, prescription: Prescription) -> dict[str, str]:
    """Return the numbers of a programme as labelled rows, with charge and r.m.s. at its ceiling."""
    rows = {
        "kind": f"{programme.kind}, {programme.purpose}",
        "regions": ", ".join(programme.regions),
        "pads": f"{in_cm2(programme.pad_area_mm2)} or more each, {programme.layout}",
        "ceiling": f"{in_ma(prescription.ceiling_ua)} ({prescription.region})",
        "session": in_seconds(prescription.duration_us),
        **_waveform(programme),
    }
    if programme.on_off is not None:
        times = programme.on_off
        rows["on and off"] = f"{times.whole_ms} ms on, {times.off_ms} ms off"
        rows["ramps"] = f"{times.ramp_up_ms} ms up, {times.ramp_down_ms} ms down (in the on-time)"
        if programme.on_call is not CallUse.NO:
            rows["on call"] = "a clinician may call each contraction (--contractions on-call)"
    rows |= _parts(programme)
    if programme.follows:
        rows["follows"] = f"{programme.follows}, after {programme.after_sessions} sessions"
    course = programme.course
    rows["course"] = f"{course.sessions} sessions, at most {course.per_week} in 7 days"
    rows["charge per phase"] = f"at most {in_uc(charge_pc(prescription))}"
    rows["r.m.s. current"] = f"at most {in_ma(highest_rms_ua(prescription))}"
    return rows


def _parts(programme: Programme) -> dict[str, str]:
    """Return the parts beside the programme's own train, a row each."""
    rows: dict[str, str] = {}
    for where, parts in (("before", programme.before), ("after", programme.after)):
        for number, part in enumerate(parts, start=1):
            train = f"{part.rate_hz} per second at {part.share_percent} % of the level"
            rows[f"part {number} {where}"] = f"{part.duration_s} s, {train}"
    rest = programme.active_rest
    if rest is not None and rest.on_off is not None:
        train = f"{rest.rate_hz} per second at {rest.share_percent} % of the level"
        silence = f"after {rest.after_ms} ms of silence"
        rows["active rest"] = f"{rest.on_off.whole_ms} ms, {train}, {silence}"
    return rows


def _waveform(programme: Programme) -> dict[str, str]:
    rows: dict[str, str] = {}
    if programme.pulse is not None:
        pulse = programme.pulse
        shape = f"2 x {pulse.phase_us} µs, {pulse.interphase_us} µs between"
        rows["pulse"] = f"{shape}, symmetric, {pulse.leading} first"
        rows["rate"] = f"{programme.rate_hz} per second"
    if programme.carrier is not None:
        carrier = programme.carrier
        shape = f"{carrier.cycles} cycles of 2 x {carrier.phase_us} µs"
        rows["carrier"] = f"{shape}, {carrier.gap_us} µs after each phase"
        rows["rate"] = f"{programme.rate_hz} bursts per second"
    if programme.burst is not None:
        burst = programme.burst
        rows["rate"] = f"{programme.rate_hz} bursts per second"
        rows["burst"] = f"{burst.pulses} pulses at {burst.rate_hz} per second"
    if programme.sweep is not None:
        sweep = programme.sweep
        parts = [f"{pair[0]} to {pair[1]} per second" for pair in (sweep.rate_hz,) if pair]
        parts += [f"{pair[0]} to {pair[1]} µs" for pair in (sweep.phase_us,) if pair]
        rows["sweep"] = f"{', '.join(parts)} and back in {sweep.cycle_s} s"
    return rows
