"""What was delivered, on one screen or as JSON."""

from dataclasses import dataclass
from pathlib import Path

from appliance.messages import ChannelView
from ui.cli.conduct import Course
from ui.cli.director import Director
from ui.cli.exit_codes import ExitCode
from ui.cli.words import in_clock, in_ma, in_uc

DISCLAIMER = "Reference design, not a cleared medical device."
SIMULATED = "Simulated on a virtual board."
STOPPED_BY_PERSON = ("T01", "T02")
DAEMON_LOST = "T30"
RECORDS = "T28"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a treatment ended: outcome and cause in words, and the exit code that says so."""

    outcome: str
    cause: str
    code: ExitCode


def ending_of(course: Course, director: Director) -> Ending:
    """Judge how the treatment ended."""
    last = course.last
    if course.trips or (last is not None and last.trip is not None):
        return _tripped(course)
    if director.was_interrupted:
        return Ending("stopped", "interrupted by Ctrl-C", ExitCode.INTERRUPTED)
    if director.refusal is not None:
        refused = director.refusal
        cause = f"{refused.limit}: asked {refused.asked}, allowed {refused.allowed}"
        return Ending("refused", f"{cause}; nearest: {refused.nearest}", ExitCode.REFUSED)
    if director.failure is not None:
        return Ending("refused", director.failure, ExitCode.REFUSED)
    return Ending("completed", "as ordered", ExitCode.OK)


def _tripped(course: Course) -> Ending:
    facts = course.trips[0].facts if course.trips else {}
    trip = course.last.trip if course.last is not None else None
    code = str(facts.get("code", trip.code if trip is not None else ""))
    text = str(facts.get("text", trip.text if trip is not None else ""))
    detail = f" ({facts['detail']})" if facts.get("detail") else ""
    exit_code = ExitCode.HARDWARE_FAULT
    if code in STOPPED_BY_PERSON:
        exit_code = ExitCode.REFUSED
    elif code == DAEMON_LOST:
        exit_code = ExitCode.UNREACHABLE
    return Ending("tripped", f"{code} {text}{detail}", exit_code)


def as_json(
    course: Course, ending: Ending, programme: str, data: Path, trace: Path | None
) -> dict[str, object]:
    """Return the summary as plain values; currents in µA, charges in pC, times in µs."""
    last = course.last
    return {
        "programme": programme,
        "rig": last.rig if last is not None else None,
        "outcome": ending.outcome,
        "cause": ending.cause,
        "session": course.session,
        "elapsed_us": last.elapsed_us if last is not None else 0,
        "drift_ppm": last.drift_ppm if last is not None else None,
        "channels": [_channel(view, course) for view in last.channels] if last else [],
        "data": str(data),
        "trace": str(trace) if trace is not None else None,
        "cleared_device": False,
    }


def _channel(view: ChannelView, course: Course) -> dict[str, object]:
    full = _at_full(view.channel, course)
    return {
        "channel": view.channel,
        "set_ua": full.amplitude_ua if full is not None else view.highest_ua,
        "measured_ua": full.measured_ua if full is not None else view.measured_ua,
        "highest_ua": view.highest_ua,
        "worst_error_ua": view.worst_error_ua,
        "contact_ohm": (full or view).contact_ohm,
        "pulses": view.pulses,
        "charge_pc": view.charge_pc,
        "rms_ua": view.rms_ua,
    }


def _at_full(channel: int, course: Course) -> ChannelView | None:
    views = course.full.channels if course.full is not None else ()
    return next((view for view in views if view.channel == channel), None)


def print_summary(
    course: Course, ending: Ending, title: str, data: Path, trace: Path | None
) -> None:
    """Print the summary to standard output."""
    from rich.table import Table

    from ui.cli.report import console

    out, last = console(), course.last
    out.print(f"[bold]{title}[/bold]  {ending.outcome}: {ending.cause}")
    if last is not None and last.channels:
        elapsed = in_clock(last.elapsed_us)
        table = Table(title=f"delivered in {elapsed} of treatment time", title_justify="left")
        headings = ("channel", "set", "measured", "worst error", "contact", "pulses", "charge")
        for heading in (*headings, "r.m.s."):
            table.add_column(heading, justify="right")
        for view in last.channels:
            table.add_row(*_row(view, course))
        out.print(table)
    out.print(f"session {course.session or '-'}, records in {data}")
    if course.session is not None:
        out.print(f"look at it: stimkiosk sessions show {course.session} --data {data}")
    if trace is not None:
        out.print(f"recording {trace}")
    simulated = f"{SIMULATED} " if last is None or last.rig == "virtual" else ""
    out.print(f"{simulated}{DISCLAIMER}")


def _row(view: ChannelView, course: Course) -> tuple[str, ...]:
    full = _at_full(view.channel, course) or view
    return (
        str(view.channel),
        in_ma(full.amplitude_ua),
        "-" if full.measured_ua is None else in_ma(full.measured_ua),
        in_ma(view.worst_error_ua),
        "-" if full.contact_ohm is None else f"{full.contact_ohm} Ω",
        str(view.pulses),
        in_uc(view.charge_pc),
        in_ma(view.rms_ua),
    )
