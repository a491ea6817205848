"""`stimkiosk status`: what a running engine is doing, and what stands in its way."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.cli.engine.attach import newest, running_engine, running_options
from ui.cli.terminal.console import console, print_json
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.units import in_clock, in_ma, state_in_words

if TYPE_CHECKING:
    from appliance.messages.snapshot import DrillView, LastSession, Snapshot

OVER = ("Finished", "Tripped")
INTERRUPTED = "interrupted"


@click.command()
@running_options
def status(data: Path | None, as_json: bool) -> None:
    """Show the state of a running engine.

    Ends with 0 where all is well and 1 where the unit has tripped.

    Example: stimkiosk status --json
    """
    with running_engine(data, "status") as link:
        found = newest(link)
        build = link.engine_build
    if as_json:
        print_json(found)
    else:
        out = console()
        for line in _lines(found, build):
            out.print(line)
    if found.trip is not None:
        raise SystemExit(int(ExitCode.CHECK_FAILED))


def _lines(found: "Snapshot", build: str) -> list[str]:
    """Return the picture as lines of a label and what it says."""
    pairs = [
        ("state", state_in_words(found)),
        ("engine", f"stimkiosk {build} on the {found.rig} board"),
    ]
    if found.trip is not None:
        pairs.insert(1, ("trip", f"{found.trip.code}  {found.trip.text}"))
        pairs.insert(2, ("next", _next_step(found)))
    if found.drill is not None:
        pairs.append(("drill", _drill(found.drill)))
    if found.programme is not None:
        whole_us = found.elapsed_us + found.remaining_us
        pairs.append(("session", _session(found)))
        pairs.append(("time", f"{in_clock(found.elapsed_us)} of {in_clock(whole_us)}"))
    for each in found.channels:
        level = f"level {in_ma(each.level_ua)} of {in_ma(each.ceiling_ua)}"
        text = f"{level}, measured {in_ma(each.measured_ua)}, {each.pulses} pulses"
        pairs.append((f"channel {each.channel}", text))
    if found.programme is None and found.last_session is not None:
        pairs.append(("last", _last(found.last_session)))
    pairs.append(("inputs", _inputs(found)))
    pairs += [("note", note) for note in (*found.notes, *found.drill_notes)]
    return [f"{label:<10} {text}" for label, text in pairs]


def _session(found: "Snapshot") -> str:
    """Say which session runs, or that the one shown is over or has not begun."""
    last = found.last_session
    if found.session is not None:
        return f"{found.session}, {found.programme}"
    if last is not None and (found.elapsed_us or found.state in OVER):
        return f"{last.session} is over ({last.outcome}), {found.programme}"
    return f"not begun, {found.programme}"


def _drill(view: "DrillView") -> str:
    """Say which drill is under way; `stop` ends it where whoever began it has gone."""
    if view.result is not None:
        return f"{view.kind}, {'passed' if view.result.passed else 'NOT PASSED'}"
    return f"{view.kind}, step {view.step} of {view.of}: {view.text}"


def _next_step(found: "Snapshot") -> str:
    if found.trip is not None and found.trip.cause_present:
        return "its cause is still present: remove it, then `stimkiosk acknowledge`"
    if found.trip is not None and not found.trip.cause_watched:
        return (
            "nobody can see with the output off whether its cause is gone: "
            "see to it, then `stimkiosk acknowledge`"
        )
    return "its cause is gone: `stimkiosk acknowledge`"


def _last(session: "LastSession") -> str:
    """Say how the last session ended; one that was cut off is known by what was kept of it."""
    said = f"session {session.session}, {session.outcome}"
    if session.outcome != INTERRUPTED:
        return said
    return f"{said}: its engine, power or disk went away; its dose is at least what was kept"


def _inputs(found: "Snapshot") -> str:
    words = [
        "e-stop closed" if found.estop_closed else "e-stop OPEN",
        "hand switch closed" if found.hand_switch_closed else "hand switch open",
        "supply good" if found.supply_good else "supply off",
        "fault latch clear" if found.latch_clear else "fault latch set",
    ]
    return ", ".join(words)
