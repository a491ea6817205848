"""The summary of a treatment, as text for one screen or as JSON."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from appliance.messages.snapshot import ChannelView, Snapshot
from appliance.messages.wire import Subject
from appliance.records.texts import read_text
from appliance.safety.trips.codes import TripCode, instruction, title
from appliance.texts.english import english
from drivers.quantities import US_PER_S
from ui.cli.engine.hosts import EngineHost, RunTarget
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.pasteable_commands import to_paste
from ui.cli.terminal.tables import print_rows
from ui.cli.terminal.units import in_charge, in_clock, in_ma, in_ohm
from ui.cli.treatment.autopilot import Autopilot
from ui.cli.treatment.run import TreatmentRun
from ui.cli.treatment.simulated_clinician import SimulatedClinician

if TYPE_CHECKING:
    from rich.console import Console

DISCLAIMER = "Reference design, not a cleared medical device."
SIMULATED = "Simulated on a virtual board."
SHOWN_WAIT_US = 100_000
"""A total wait shorter than this is not printed."""
EXIT_CODES = {
    TripCode.ESTOP: ExitCode.REFUSED,
    TripCode.HAND_SWITCH: ExitCode.REFUSED,
    TripCode.DAEMON_LOST: ExitCode.UNREACHABLE,
}
"""A stop by a person is not a fault; every trip not listed here is a hardware fault."""

LATENESS = (
    TripCode.READINGS_STALE,
    TripCode.GUARD_SAW_SILENCE,
    TripCode.MARKER_GAP,
    TripCode.UNDERRUN,
    TripCode.LOOP_OVERRUN,
)
"""Trips that mean a late engine or board, unless a fault was injected."""
LATE_REMEDY = (
    "If no fault was injected, this machine was late. End other programs, take an account with "
    "real-time priority, or let the board wait: `treat --time waiting`, `board --waiting`."
)


@dataclass(frozen=True, slots=True)
class TreatmentEnd:
    """How a treatment ended: outcome, cause and exit code.

    `trip` is the code of the trip that ended it, if any; `remedy` says what to do about it.
    """

    outcome: str
    cause: str
    code: ExitCode
    trip: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class TreatmentSummary:
    """All data of a summary."""

    run: TreatmentRun
    autopilot: Autopilot
    target: RunTarget
    end: TreatmentEnd
    where: str


def summarise(
    run: TreatmentRun, autopilot: Autopilot, target: RunTarget, host: EngineHost
) -> TreatmentSummary:
    """Collect the data of the summary, including how the treatment ended."""
    return TreatmentSummary(run, autopilot, target, end_of(run, autopilot), host.description)


def end_of(run: TreatmentRun, autopilot: Autopilot) -> TreatmentEnd:
    """Return how the treatment ended; a trip counts before its consequences."""
    last, failure = run.own or run.last, autopilot.failure
    if failure is not None and failure.code is ExitCode.BUSY:  # what trips there is somebody else's
        return TreatmentEnd("busy", failure.text, failure.code)
    if run.trips or (failure is None and last is not None and last.trip is not None):
        return _tripped(run)
    if run.lost is not None:
        reason = f" ({run.child_end.text})" if run.child_end else ""
        return TreatmentEnd("lost", f"{run.lost}{reason}", ExitCode.UNREACHABLE)
    if failure is not None:
        return TreatmentEnd("refused", failure.text, failure.code)
    if autopilot.was_interrupted:
        return TreatmentEnd("stopped", "interrupted", ExitCode.INTERRUPTED)
    return _completed(run, autopilot)


def _completed(run: TreatmentRun, autopilot: Autopilot) -> TreatmentEnd:
    last = run.own or run.last
    if autopilot.stop_sent or last is None:
        return TreatmentEnd("completed", "stopped after the requested time", ExitCode.OK)
    if last.remaining_us > 0:
        return TreatmentEnd("stopped", "by somebody else", ExitCode.REFUSED)
    if autopilot.at_level_from_us is None:
        highest_ua = min((view.highest_ua for view in last.channels), default=0)
        cause = f"the programme ended at {in_ma(highest_ua)}, before the level was reached"
        return TreatmentEnd("completed", cause, ExitCode.OK)
    return TreatmentEnd("completed", "to the programme's end", ExitCode.OK)


def _tripped(run: TreatmentRun) -> TreatmentEnd:
    facts = run.trips[0].facts if run.trips else {}
    last = run.own or run.last
    trip = last.trip if last is not None else None
    code = TripCode(str(facts.get("code", trip.code if trip is not None else "T35")))
    said = run.child_end
    seen = read_text(facts, "detail")
    said_of_it = (seen.english if seen is not None else "", said.text if said is not None else "")
    detail = "; ".join(filter(None, said_of_it))
    cause = f"{code} {english(title(code))}" + (f" ({detail})" if detail else "")
    remedy = english(instruction(code))
    if said is None and code in LATENESS and last is not None:
        remedy = LATE_REMEDY if last.rig == "virtual" else remedy
    of_trip = EXIT_CODES.get(code, ExitCode.HARDWARE_FAULT)
    return TreatmentEnd("tripped", cause, of_trip if said is None else said.code, code, remedy)


def as_json(summary: TreatmentSummary) -> dict[str, object]:
    """Return the summary as plain values; currents in µA, charges in pC, times in µs.

    Keys are only ever added. `charge_pc` is the charge moved one way; as much went back.
    """
    run, request, end = summary.run, summary.autopilot.request, summary.end
    clinician = summary.autopilot.clinician
    last, trace = run.own, summary.target.trace
    return {
        "programme": request.prescribe.programme,
        "subject": request.prescribe.subject,
        "patient": clinician.patient or None if clinician else request.prescribe.patient,
        "rig": run.last.rig if run.last is not None else summary.target.rig,
        "outcome": end.outcome,
        "cause": end.cause,
        "trip": end.trip,
        "remedy": end.remedy,
        "exit_code": int(end.code),
        "session": run.session,
        "level_ua": request.level_ua,
        "hold_us": request.plateau_us,
        "elapsed_us": last.elapsed_us if last is not None else 0,
        "at_level_us": run.at_level_us,
        "level_reached_ua": run.level_reached_ua,
        "drift_ppm": last.drift_ppm if last is not None else None,
        "channels": [_channel(view, run) for view in last.channels] if last else [],
        "data": str(summary.target.data),
        "trace": str(trace) if trace is not None else None,
        "waited_us": run.waited_us,
        "cleared_device": False,
        "simulated_facts": [fact.kind for fact in clinician.entered] if clinician else [],
    }


def _channel(view: ChannelView, run: TreatmentRun) -> dict[str, object]:
    full = _at_full(view, run)
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


def _at_full(view: ChannelView, run: TreatmentRun) -> ChannelView:
    """Return the channel as it was at its highest current; at the end the current is zero."""
    views = run.full.channels if run.full is not None else ()
    return next((full for full in views if full.channel == view.channel), view)


def print_summary(summary: TreatmentSummary) -> None:
    """Print the summary to standard output: one screen of 80 by 24."""
    from rich.text import Text

    from ui.cli.terminal.console import console

    out, run, target = console(), summary.run, summary.target
    end, last = summary.end, run.last
    style = "green" if end.code is ExitCode.OK else "bold red"
    head = Text.assemble((summary.autopilot.request.title, "bold"), "  ", (end.outcome, style))
    head.append(f": {end.cause}")
    out.print(head)
    if end.remedy is not None:
        out.print(end.remedy)
    if run.own is not None and run.session is not None:
        _print_delivered(summary, out)
    if run.own is not None:
        out.print(f"pads on   {_subject(run.own)}")
    if summary.autopilot.clinician is not None:
        _print_facts(summary.autopilot.clinician, out)
    out.print(f"ran on    {summary.where}")
    if run.waited_us is not None and run.waited_us >= SHOWN_WAIT_US:
        out.print(f"waited    {run.waited_us / US_PER_S:.1f} s in all: this machine was late")
    if run.session is not None:
        out.print(f"records   {target.data}", soft_wrap=True)
        show = to_paste("sessions", "show", run.session, "--data", str(target.data))
        out.print(f"show      {show}", soft_wrap=True)
    if target.trace is not None and target.trace.exists():  # none is kept of what was refused
        out.print(f"recording {target.trace}", soft_wrap=True)
    simulated = f"{SIMULATED} " if last is None or last.rig == "virtual" else ""
    out.print(f"{simulated}{DISCLAIMER}")


def _subject(view: Snapshot) -> str:
    simulated = ", simulated" if view.rig == "virtual" else ""
    if view.subject is Subject.TEST_LOAD:
        return f"test loads{simulated}"
    return f"patient {view.patient}{simulated}"


def _print_facts(clinician: SimulatedClinician, out: "Console") -> None:
    """Print how many simulated facts were entered, and why the close-out is open, if it is."""
    if clinician.entered:
        what = "fact" if len(clinician.entered) == 1 else "facts"
        entered = f"{len(clinician.entered)} simulated {what} entered for {clinician.patient}"
        out.print(f"facts     {entered}: nobody was asked")
    if clinician.left_open is not None:
        out.print(f"close-out open: {clinician.left_open}")


def _times(summary: TreatmentSummary) -> str:
    """Return the actual treatment time and the actual time at the level."""
    run, autopilot = summary.run, summary.autopilot
    elapsed = in_clock(run.own.elapsed_us if run.own is not None else 0)
    seen_to_the_end = run.lost is None and run.own is run.last
    least = "" if seen_to_the_end else "at least "  # what was last heard of it
    whole = f"{least}{elapsed} of treatment time"
    if not run.at_level_us:
        reached = in_ma(run.level_reached_ua)
        return f"{whole},\n{reached} was the highest level of {in_ma(autopilot.request.level_ua)}"
    where = "at the ceiling" if autopilot.is_capped else "at the requested level"
    return f"{whole}, {in_clock(run.at_level_us)} of it {where}"


def _print_delivered(summary: TreatmentSummary, out: "Console") -> None:
    run = summary.run
    last = run.own
    out.print(f"session {run.session}: {_times(summary)}")
    headings = ("channel", "set", "measured", "worst\nerror", "contact", "pulses")
    rows = []
    for view in last.channels if last is not None else ():
        full = _at_full(view, run)
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
