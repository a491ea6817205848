"""The terminal output of drills: steps, measured values, and the list of all drills."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from textwrap import fill
from typing import TYPE_CHECKING, Any, TextIO

from appliance.drills.kinds import PROVES
from appliance.drills.schedule import DrillStanding, DrillStatus, notes
from appliance.messages.snapshot import DrillView
from appliance.messages.wire import DrillKind
from appliance.safety.arming_policy import ArmingPolicy
from appliance.texts.english import date_of, english
from appliance.texts.untrusted import one_line
from drivers.quantities import US_PER_MS, US_PER_S
from ui.cli.drills.autopilot import DrillAutopilot, DrillRun
from ui.cli.drills.person import fault_command, is_acknowledging
from ui.cli.terminal.console import console
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.pasteable_commands import to_paste
from ui.cli.terminal.snapshot_text import failures_of, step_text, trip_text
from ui.cli.terminal.tables import print_rows
from ui.cli.terminal.units import in_ma, in_ohm

if TYPE_CHECKING:
    from rich.console import Console

COLOURS = {DrillStatus.OK: "green", DrillStatus.DUE_SOON: "yellow"}
HANGING = " " * 7
"""Indent of the further lines of a step; most need two lines on a terminal of 60 columns."""
CLEAR_LINE = "\r\x1b[K"
LABELS = {
    "contact_us": "sensed contact open",
    "latch_us": "fault latch set",
    "guard_us": "guard tripped",
    "engine_us": "engine tripped",
    "squeeze_us": "squeezed: stopped",
    "unplug_us": "unplugged: stopped",
    "found_off_us": "unplugged lead found",
    "time_to_zero_us": "current at zero",
    "before_ohm": "contact before",
    "after_ohm": "contact after",
    "contact_ohm": "contact check",
}
AFTER = {
    DrillKind.ESTOP: "after the first sign",
    DrillKind.HAND_SWITCH: "after the switch was read as open",
    DrillKind.WATCHDOG: "after the last heartbeat",
    DrillKind.LEAD: "after the request to unplug it",
    DrillKind.KNOWN_LOAD: "",
}
ALLOWED = {
    (DrillKind.ESTOP, "contact_us"): "50 ms",
    (DrillKind.ESTOP, "latch_us"): "50 ms",
    (DrillKind.ESTOP, "engine_us"): "50 ms",
    (DrillKind.ESTOP, "guard_us"): "150 ms",
    (DrillKind.HAND_SWITCH, "squeeze_us"): "30 ms",
    (DrillKind.HAND_SWITCH, "unplug_us"): "30 ms",
    (DrillKind.WATCHDOG, "latch_us"): "120 to 200 ms",
    (DrillKind.WATCHDOG, "guard_us"): "80 to 100 ms",
    (DrillKind.KNOWN_LOAD, "time_to_zero_us"): "500 ms",
}


def step_line(view: DrillView) -> str:
    """Return a step as one line."""
    text = step_text(view)
    if is_acknowledging(view):
        text = f"{text.rstrip('.')}: press Enter."
    return f"  {view.step}/{view.of}  {text}"


def shown_steps(stream: TextIO, port: int | None = None) -> Callable[[DrillAutopilot], None]:
    """Return a function that prints each new step and each result.

    On a terminal the remaining seconds are shown below. With the `port` of a virtual board, which
    has no buttons, the command that replaces the action of the hand is printed with the step.
    """
    out, live = console(stream), stream.isatty()
    shown: list[str] = []
    results_shown, left_s, prompted = 0, -1, False

    def say(line: str, style: str | None = None) -> None:
        if live:
            stream.write(CLEAR_LINE)
            line = fill(line, out.width - 1, subsequent_indent=HANGING)
        out.print(line, style=style)

    def show(autopilot: DrillAutopilot) -> None:
        nonlocal results_shown, left_s, prompted
        view = autopilot.shown
        if view is not None and not shown:
            say(heading(view), "bold")
        is_new = view is not None and view.key not in shown
        if view is not None and is_new:
            say(step_line(view))
            _print_command(out, view, port)
            shown.append(view.key)
        if view is not None and live and (is_new or view.left_us // US_PER_S != left_s):
            left_s = view.left_us // US_PER_S
            stream.write(f"{CLEAR_LINE}       {left_s} s left ")
        for drill_run in autopilot.done[results_shown:]:
            for number, line in enumerate(outcome_lines(drill_run)):
                say(line, None if number else _style(drill_run))
            results_shown, shown[:] = results_shown + 1, []
        trip = autopilot.unacknowledged
        if trip is not None and not prompted:
            say(f"  {trip.code} {trip_text(trip)} To continue, acknowledge it: press Enter.")
        prompted = trip is not None
        stream.flush()

    return show


def _print_command(out: "Console", view: DrillView, port: int | None) -> None:
    arguments = fault_command(view) if port is not None else None
    if arguments is not None:  # always on one line, so that it can be pasted
        command = to_paste("fault", "--port", str(port), *arguments)
        out.print(f"{HANGING}{command}", soft_wrap=True)


def _style(drill_run: DrillRun) -> str:
    return "green" if drill_run.result is not None and drill_run.result.passed else "bold red"


def heading(view: DrillView) -> str:
    """Return which drill this is and what it proves."""
    kind = DrillKind(view.kind)
    load = f", {view.load_ohm} Ω" if view.load_ohm is not None else ""
    where = f" (channel {view.channel}{load})" if view.channel is not None else ""
    return f"{kind} drill{where}: {PROVES[kind]}"


def outcome_lines(drill_run: DrillRun) -> Iterator[str]:
    """Yield the result of a drill and its measured values."""
    result, kind = drill_run.result, DrillKind(drill_run.drill.kind)
    if result is None:
        yield f"{kind} drill not begun"
        return
    verdict = "passed" if result.passed else "NOT PASSED"
    yield f"{kind} drill {verdict} in {drill_run.took_us / US_PER_S:.1f} s"
    for failure in failures_of(result):
        yield f"  {failure}"
    for name, value in result.measured.items():
        yield from _measured(kind, name, value)


def _measured(kind: DrillKind, name: str, value: object) -> Iterator[str]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        for row in value:
            yield _level(row)
        return
    if value is None or not isinstance(value, int):
        return
    label = LABELS.get(name, name)
    if name.endswith("_ohm"):
        yield f"  {label:<20} {in_ohm(value)}"
        return
    if name == "time_to_zero_us":
        yield f"  {label:<20} at most {value / US_PER_MS:.0f} ms after the stop{_limit(kind, name)}"
        return
    yield f"  {label:<20} {value / US_PER_MS:.0f} ms {AFTER[kind]}{_limit(kind, name)}"


def _limit(kind: DrillKind, name: str) -> str:
    allowed = ALLOWED.get((kind, name))
    return f" (allowed {allowed})" if allowed else ""


def _level(row: Mapping[str, Any]) -> str:
    phases = f"{in_ma(row['positive_ua'])} and {in_ma(-row['negative_ua'])}"
    return f"  {'set ' + in_ma(row['set_ua']):<20} {phases} measured, {in_ohm(row['ohm'])}"


def code_of(autopilot: DrillAutopilot) -> ExitCode:
    """Return the exit code of a series of drills."""
    if autopilot.was_interrupted:
        return ExitCode.INTERRUPTED
    if autopilot.failure is not None:
        return autopilot.failure.code
    results = [drill_run.result for drill_run in autopilot.done]
    passed = all(result is not None and result.passed for result in results)
    return ExitCode.OK if passed else ExitCode.CHECK_FAILED


def as_json(autopilot: DrillAutopilot, code: ExitCode) -> dict[str, object]:
    """Return a series of drills as plain values for JSON; times in µs."""
    return {
        "rig": autopilot.rig,
        "operator": autopilot.operator,
        "exit_code": int(code),
        "failure": autopilot.failure.text if autopilot.failure is not None else None,
        "drills": [_drill_as_json(drill_run) for drill_run in autopilot.done],
        "cleared_device": False,
    }


def _drill_as_json(drill_run: DrillRun) -> dict[str, object]:
    drill, result = drill_run.drill, drill_run.result
    return {
        "kind": drill.kind,
        "channel": drill.channel,
        "load_ohm": drill.load_ohm,
        "passed": result is not None and result.passed,
        "failures": failures_of(result) if result is not None else [],
        "measured": result.measured if result is not None else {},
        "took_us": drill_run.took_us,
    }


def standing_as_json(standing: DrillStanding) -> dict[str, object]:
    """Return the status of a drill as plain values for JSON."""
    last = standing.last
    return {
        "kind": standing.kind.value,
        "status": standing.status.value,
        "why": english(standing.why) if standing.why is not None else "",
        "due_utc_us": standing.due_utc_us if last is not None and last.passed else None,
        "last_utc_us": last.utc_us if last is not None else None,
        "last_passed": last.passed if last is not None else None,
        "operator": last.operator if last is not None else None,
    }


def print_standings(standings: Sequence[DrillStanding], rig: str, policy: ArmingPolicy) -> None:
    """Print the list of all drills, and whether they lock arming."""
    from rich.text import Text

    rows = []
    for standing in standings:
        last, due_utc_us = standing.last, standing.due_utc_us
        state = Text(standing.status.value, style=COLOURS.get(standing.status, "bold red"))
        when = _day(last.utc_us) if last is not None else "-"
        due = date_of(due_utc_us) if last and last.passed and due_utc_us else "now"
        who = Text(one_line(last.operator)) if last is not None else "-"
        rows.append((standing.kind.value, state, when, who, due))
    out = console()
    out.print(f"drills on the {rig} rig, each due every 30 days")
    print_rows(out, ("drill", "state", "last done", "by", "due"), rows, breaks=("by",))
    for standing in standings:
        if standing.why is not None:
            out.print(english(standing.why))
    for line in [*map(english, notes(standings, policy))] or [_all_in_order(policy)]:
        out.print(line)


def _all_in_order(policy: ArmingPolicy) -> str:
    return "all in order; arming is allowed" if policy.drills_lock else "all in order"


def _day(utc_us: int) -> str:
    try:
        return f"{datetime.fromtimestamp(utc_us / US_PER_S, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return "-"
