"""`stimkiosk status`: the state of a running engine, its trip and its notes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.cli.engine.running_engine import newest, running_engine
from ui.cli.terminal.console import console, print_json
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.records_options import records_options
from ui.cli.terminal.units import in_clock, in_ma, state_in_words

if TYPE_CHECKING:
    from appliance.messages.snapshot import (
        DrillView,
        LastSession,
        LatchView,
        PlanView,
        Snapshot,
        SoundView,
        TripView,
    )

OVER = ("Finished", "Tripped")
INTERRUPTED, PAUSED_TOO_LONG = "interrupted", "paused_too_long"
MILLIHERTZ = 1_000
US_PER_S, US_PER_MS = 1_000_000, 1_000
_LATCHES = {"fault_latch": "latch", "guard": "guard"}
"""Latches and the labels of their lines."""


@click.command()
@records_options
def status(data: Path | None, as_json: bool) -> None:
    """Show the state of a running engine.

    Exit code 1 if the unit has tripped, else 0.

    Example: stimkiosk status --json
    """
    with running_engine(data, "status") as link:
        snapshot = newest(link)
        build = link.engine_build
    if as_json:
        from ui.cli.terminal.snapshot_text import as_plain

        print_json(as_plain(snapshot))
    else:
        out = console()
        for line in _lines(snapshot, build):
            out.print(line)
    if snapshot.trip is not None:
        raise SystemExit(int(ExitCode.CHECK_FAILED))


def _lines(snapshot: "Snapshot", build: str) -> list[str]:
    """Return the snapshot as lines of a label and a text."""
    from ui.cli.terminal.snapshot_text import drill_notes_of, latch_text, notes_of, trip_text

    pairs = [
        ("state", state_in_words(snapshot)),
        ("engine", f"stimkiosk {build} on the {snapshot.rig} board"),
    ]
    if snapshot.trip is not None:
        pairs.insert(1, ("trip", f"{snapshot.trip.code}  {trip_text(snapshot.trip)}"))
        pairs.insert(2, ("when", _when(snapshot.trip)))
        pairs.insert(3, ("next", _next_step(snapshot)))
    if snapshot.sound is not None:
        pairs.append(("sound", _sound(snapshot.sound)))
    pairs += [(_LATCHES[latch.latch], latch_text(latch)) for latch in _others(snapshot)]
    if snapshot.drill is not None:
        pairs.append(("drill", _drill(snapshot.drill)))
    if snapshot.programme is not None:
        whole_us = snapshot.elapsed_us + snapshot.remaining_us
        pairs.append(("session", _session(snapshot)))
        if snapshot.session is None and snapshot.state == "Finished" and snapshot.last_session:
            pairs.append(("ended", _ended(snapshot.last_session)))
        pairs.append(("time", f"{in_clock(snapshot.elapsed_us)} of {in_clock(whole_us)}"))
    if snapshot.plan is not None:
        pairs.append(("pulses", _pulses(snapshot.plan)))
        pairs.append(("for", _purpose(snapshot.plan)))
    for view in snapshot.channels:
        level = f"level {in_ma(view.level_ua)} of {in_ma(view.ceiling_ua)}"
        text = f"{level}, measured {in_ma(view.measured_ua)}, {view.pulses} pulses"
        text += f", contact {view.contact.value}"
        pairs.append((f"channel {view.channel}", text))
    if snapshot.programme is None and snapshot.last_session is not None:
        pairs.append(("last", _last(snapshot.last_session)))
    pairs.append(("inputs", _inputs(snapshot)))
    pairs += [("note", note) for note in (*notes_of(snapshot), *drill_notes_of(snapshot))]
    return [f"{label:<10} {text}" for label, text in pairs]


def _session(snapshot: "Snapshot") -> str:
    """Return the open session, or that the one shown is over or has not begun."""
    last = snapshot.last_session
    if snapshot.session is not None:
        return f"{snapshot.session}, {snapshot.programme}"
    if last is not None and (snapshot.elapsed_us or snapshot.state in OVER):
        return f"{last.session} is over ({last.outcome}), {snapshot.programme}"
    return f"not begun, {snapshot.programme}"


def _sound(sound: "SoundView") -> str:
    """Return what sounds, and for how long it stays silent where a person silenced it."""
    from ui.cli.terminal.snapshot_text import sound_text

    if sound.silenced_for_us is None:
        return sound_text(sound)
    return f"{sound_text(sound)} (silent for {in_clock(sound.silenced_for_us)})"


def _when(trip: "TripView") -> str:
    """Return how long ago a trip was, when by the clock, and how its output ended."""
    text = f"{in_clock(trip.ago_us)} ago"
    if trip.utc_us is not None:
        at = datetime.fromtimestamp(trip.utc_us / US_PER_S, tz=UTC)
        text += f", at {at:%Y-%m-%d %H:%M:%S} UTC"
    return text + (_end(trip.layer, trip.time_to_zero_us) or ", the output was off")


def _end(layer: str, time_to_zero_us: int | None) -> str:
    """Return which layer ended the output and how fast, "" where there was none to end."""
    if not layer:
        return ""
    from ui.cli.terminal.snapshot_text import layer_text

    ended = f", {layer_text(layer)} ended the output"
    return (
        ended if time_to_zero_us is None else f"{ended} within {time_to_zero_us / US_PER_MS:.1f} ms"
    )


def _others(snapshot: "Snapshot") -> list["LatchView"]:
    """Return the latches besides the trip, which has lines of its own."""
    return [latch for latch in snapshot.latches if latch.latch.value in _LATCHES]


def _pulses(plan: "PlanView") -> str:
    """Return rate and width as they are now."""
    rate = f"{plan.rate_millihertz / MILLIHERTZ:g} per second"
    if plan.pulses_in_burst > 1 and plan.pulse_period_us is not None:
        within = f"{US_PER_S / plan.pulse_period_us:g} per second"
        rate = f"bursts of {plan.pulses_in_burst} at {within}, {rate}"
    playing = f"{plan.pulses_per_second} pulses play per second now"
    return f"{rate}, phases of {plan.phase_us} µs; {playing}"


def _purpose(plan: "PlanView") -> str:
    """Return what a programme is for and where its pads are."""
    side = f", {plan.side}" if plan.side else ""
    return f"{plan.purpose} ({plan.kind.replace('_', ' ')}), {plan.region.replace('_', ' ')}{side}"


def _drill(view: "DrillView") -> str:
    """Return which drill is in progress and its step."""
    from ui.cli.terminal.snapshot_text import step_text

    if view.result is not None:
        return f"{view.kind}, {'passed' if view.result.passed else 'NOT PASSED'}"
    return f"{view.kind}, step {view.step} of {view.of}: {step_text(view)}"


def _next_step(snapshot: "Snapshot") -> str:
    if snapshot.trip is not None and snapshot.trip.cause_present:
        return "the cause is still present: remove it, then run `stimkiosk acknowledge`"
    if snapshot.trip is not None and not snapshot.trip.cause_watched:
        return (
            "with the output off, the unit cannot detect whether the cause is gone: "
            "check it, then run `stimkiosk acknowledge`"
        )
    return "the cause is gone: run `stimkiosk acknowledge`"


def _last(session: "LastSession") -> str:
    """Return how the last session ended; of an interrupted one only the recorded part is known."""
    text = f"session {session.session}, {session.outcome}"
    if session.outcome != INTERRUPTED or session.cause == PAUSED_TOO_LONG:
        return f"{text}: {_ended(session)}"
    return f"{text}: engine, power or disk failed; the dose was at least what is recorded"


def _ended(session: "LastSession") -> str:
    """Return why a session ended, which layer ended its output and how fast."""
    from ui.cli.terminal.snapshot_text import because_of

    return because_of(session).rstrip(".") + _end(session.layer, session.time_to_zero_us)


def _inputs(snapshot: "Snapshot") -> str:
    states = [
        "e-stop closed" if snapshot.estop_closed else "e-stop OPEN",
        "hand switch closed" if snapshot.hand_switch_closed else "hand switch open",
        "supply good" if snapshot.supply_good else "supply off",
        "fault latch clear" if snapshot.latch_clear else "fault latch set",
    ]
    return ", ".join(states)
