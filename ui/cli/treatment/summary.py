"""What was delivered, on one screen or as JSON."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from appliance.messages.snapshot import ChannelView
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.table import TRIP_KINDS
from drivers.quantities import US_PER_S
from ui.cli.engine.hosts import EngineHost, RunTarget
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.suggested_commands import to_paste
from ui.cli.terminal.tables import print_rows
from ui.cli.terminal.units import in_charge, in_clock, in_ma, in_ohm
from ui.cli.treatment.autopilot import Autopilot
from ui.cli.treatment.run import TreatmentRun

if TYPE_CHECKING:
    from rich.console import Console

DISCLAIMER = "Reference design, not a cleared medical device."
SIMULATED = "Simulated on a virtual board."
WORTH_TELLING_US = 100_000
EXIT_CODES = {
    TripCode.ESTOP: ExitCode.REFUSED,
    TripCode.HAND_SWITCH: ExitCode.REFUSED,
    TripCode.DAEMON_LOST: ExitCode.UNREACHABLE,
}
"""A person's stop is no fault; every trip that is not named here is one of the hardware."""

LATENESS = (
    TripCode.READINGS_STALE,
    TripCode.GUARD_SAW_SILENCE,
    TripCode.MARKER_GAP,
    TripCode.UNDERRUN,
    TripCode.LOOP_OVERRUN,
)
"""How it shows that engine or board did not run in time, unless a fault was put in."""
LATE_REMEDY = (
    "If no fault was put in, this machine was late. End other programs, take an account with "
    "real-time priority, or let the board wait: `treat --time waiting`, `board --waiting`."
)


@dataclass(frozen=True, slots=True)
class TreatmentEnd:
    """How a treatment ended: outcome and cause in words, and the exit code that says so.

    `trip` is the code of the trip, where one ended it, `remedy` what to do about it.
    """

    outcome: str
    cause: str
    code: ExitCode
    trip: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class TreatmentSummary:
    """All that a summary tells."""

    course: TreatmentRun
    director: Autopilot
    place: RunTarget
    ending: TreatmentEnd
    where: str


def report_on(
    course: TreatmentRun, director: Autopilot, place: RunTarget, host: EngineHost
) -> TreatmentSummary:
    """Put together what a treatment came to."""
    return TreatmentSummary(course, director, place, ending_of(course, director), host.words)


def ending_of(course: TreatmentRun, director: Autopilot) -> TreatmentEnd:
    """Judge how the treatment ended; a trip says more than what it led to."""
    last, failure = course.last, director.failure
    if failure is not None and failure.code is ExitCode.BUSY:  # what trips there is somebody else's
        return TreatmentEnd("busy", failure.text, failure.code)
    if course.trips or (failure is None and last is not None and last.trip is not None):
        return _tripped(course)
    if course.lost is not None:
        words = f" ({course.last_words.text})" if course.last_words else ""
        return TreatmentEnd("lost", f"{course.lost}{words}", ExitCode.UNREACHABLE)
    if failure is not None:
        return TreatmentEnd("refused", failure.text, failure.code)
    if director.was_interrupted:
        return TreatmentEnd("stopped", "interrupted", ExitCode.INTERRUPTED)
    return _completed(course, director)


def _completed(course: TreatmentRun, director: Autopilot) -> TreatmentEnd:
    last = course.last
    if director.stop_sent or last is None:
        return TreatmentEnd("completed", "as ordered, by a stop", ExitCode.OK)
    if last.remaining_us > 0:
        return TreatmentEnd("stopped", "by somebody else", ExitCode.REFUSED)
    if director.held_from_us is None:
        highest_ua = min((view.highest_ua for view in last.channels), default=0)
        cause = f"the programme ended at {in_ma(highest_ua)}, before the level was reached"
        return TreatmentEnd("completed", cause, ExitCode.OK)
    return TreatmentEnd("completed", "to the programme's end", ExitCode.OK)


def _tripped(course: TreatmentRun) -> TreatmentEnd:
    facts = course.trips[0].facts if course.trips else {}
    trip = course.last.trip if course.last is not None else None
    code = TripCode(str(facts.get("code", trip.code if trip is not None else "T35")))
    kind = TRIP_KINDS[code]
    said = course.last_words
    detail = "; ".join(filter(None, (str(facts.get("detail") or ""), said.text if said else "")))
    cause = f"{code} {kind.happened}" + (f" ({detail})" if detail else "")
    remedy = kind.remedy
    if said is None and code in LATENESS and course.last is not None:
        remedy = LATE_REMEDY if course.last.rig == "virtual" else remedy
    of_trip = EXIT_CODES.get(code, ExitCode.HARDWARE_FAULT)
    return TreatmentEnd("tripped", cause, of_trip if said is None else said.code, code, remedy)


def as_json(report: TreatmentSummary) -> dict[str, object]:
    """Return the summary as plain values; currents in µA, charges in pC, times in µs.

    Keys are only ever added. `charge_pc` is the charge moved one way; as much went back.
    """
    course, order, ending = report.course, report.director.order, report.ending
    last, trace = course.own, report.place.trace
    return {
        "programme": order.prescribe.programme,
        "rig": course.last.rig if course.last is not None else report.place.rig,
        "outcome": ending.outcome,
        "cause": ending.cause,
        "trip": ending.trip,
        "remedy": ending.remedy,
        "exit_code": int(ending.code),
        "session": course.session,
        "level_ua": order.level_ua,
        "hold_us": order.hold_us,
        "elapsed_us": last.elapsed_us if last is not None else 0,
        "at_level_us": course.at_level_us,
        "level_reached_ua": course.level_reached_ua,
        "drift_ppm": last.drift_ppm if last is not None else None,
        "channels": [_channel(view, course) for view in last.channels] if last else [],
        "data": str(report.place.data),
        "trace": str(trace) if trace is not None else None,
        "waited_us": course.waited_us,
        "cleared_device": False,
    }


def _channel(view: ChannelView, course: TreatmentRun) -> dict[str, object]:
    full = _at_full(view, course)
    return {
        "channel": view.channel,
        "set_ua": full.amplitude_ua or view.highest_ua,
        "measured_ua": full.measured_ua,
        "highest_ua": view.highest_ua,
        "worst_error_ua": view.worst_error_ua,
        "contact_ohm": full.contact_ohm,
        "pulses": view.pulses,
        "charge_pc": view.charge_pc,
        "rms_ua": view.rms_ua,
    }


def _at_full(view: ChannelView, course: TreatmentRun) -> ChannelView:
    """Return the channel as it was when most flowed: at the end nothing flows any more."""
    views = course.full.channels if course.full is not None else ()
    return next((full for full in views if full.channel == view.channel), view)


def print_summary(report: TreatmentSummary) -> None:
    """Print the summary to standard output: one screen of 80 by 24."""
    from rich.text import Text

    from ui.cli.terminal.console import console

    out, course, place = console(), report.course, report.place
    ending, last = report.ending, course.last
    style = "green" if ending.code is ExitCode.OK else "bold red"
    head = Text.assemble((report.director.order.title, "bold"), "  ", (ending.outcome, style))
    head.append(f": {ending.cause}")
    out.print(head)
    if ending.remedy is not None:
        out.print(ending.remedy)
    if course.own is not None and course.session is not None:
        _print_delivered(report, out)
    out.print(f"ran on    {report.where}")
    if course.waited_us is not None and course.waited_us >= WORTH_TELLING_US:
        out.print(f"waited    {course.waited_us / US_PER_S:.1f} s in all: this machine was late")
    if course.session is not None:
        out.print(f"records   {place.data}", soft_wrap=True)
        look = to_paste("sessions", "show", course.session, "--data", str(place.data))
        out.print(f"look at   {look}", soft_wrap=True)
    if place.trace is not None and place.trace.exists():  # none is kept of what was refused
        out.print(f"recording {place.trace}", soft_wrap=True)
    simulated = f"{SIMULATED} " if last is None or last.rig == "virtual" else ""
    out.print(f"{simulated}{DISCLAIMER}")


def _times(report: TreatmentSummary) -> str:
    """Say how long it was and how long of that at the level, as it was and not as ordered."""
    course, director = report.course, report.director
    elapsed = in_clock(course.own.elapsed_us if course.own is not None else 0)
    least = "at least " if course.lost is not None else ""  # what was last heard of it
    whole = f"{least}{elapsed} of treatment time"
    if not course.at_level_us:
        reached = in_ma(course.level_reached_ua)
        return f"{whole},\n{reached} was the highest level of {in_ma(director.order.level_ua)}"
    where = "at the ceiling" if director.is_capped else "at the level ordered"
    return f"{whole}, {in_clock(course.at_level_us)} of it {where}"


def _print_delivered(report: TreatmentSummary, out: "Console") -> None:
    course = report.course
    last = course.own
    out.print(f"session {course.session}: {_times(report)}")
    headings = ("channel", "set", "measured", "worst\nerror", "contact", "pulses")
    rows = []
    for view in last.channels if last is not None else ():
        full = _at_full(view, course)
        row = (
            str(view.channel),
            in_ma(full.amplitude_ua or view.highest_ua),
            in_ma(full.measured_ua),
            in_ma(view.worst_error_ua),
            in_ohm(full.contact_ohm),
            str(view.pulses),
            in_charge(view.charge_pc),
            in_ma(view.rms_ua),
        )
        rows.append(row)
    print_rows(out, (*headings, "charge\none way", "worst\nr.m.s."), rows, right=True)
