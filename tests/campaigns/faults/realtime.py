"""A random part of the campaign in real time: board, engine and screen as separate processes.

Signals go to engine and screen. The board's process also simulates the patient, so stopping it
would stop the clock of the measurement: instead, the daemon inside it is stopped or killed by the
board's faults, and a power cut kills board and engine together.
"""

import random
import statistics
import sys
import tempfile
import traceback
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.campaigns.bench.processes import BoardProcess
from tests.campaigns.faults import realtime_events as events
from tests.campaigns.faults.layers_experiment import percentile
from tests.campaigns.faults.part import Part, Row
from tests.campaigns.faults.realtime_events import FINE, POWER_CUT, TOO_LATE, Act
from tests.campaigns.faults.realtime_ward import Happened, Ward, WardTrace

SEED = 3
WARDS_A_JOB = 3
"""A ward mostly waits: for taps, for ramps, for the end of an observation."""
NS_PER_MS = 1e6
LATEST_MS = 4_000.0
"""However late a stop was on a busy machine, no current may flow after this time."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One line of the table: what is done, how often, and which layers are active."""

    name: str
    act: Act
    count: int
    layer: str
    disabled: tuple[str, ...]
    event: str
    budget_ms: float
    codes: tuple[str, ...] = ()
    """Trips which show that the intended layer acted; others are counted separately."""
    supply: bool = False
    """Whether SUPPLY_EN shows how soon the engine acted, with or without pulses."""


KINDS = (
    Kind("estop", events.press, 16, "all", (), "e-stop, edge", 1),
    Kind("estop guard", events.press_with_guard_only, 60, "daemon guard",
         ("latch (latch-dead)", "engine (SIGSTOP)", "finite slices (a wave that loops)"),
         "e-stop, edge", 5),
    Kind("estop engine", events.press_with_engine_only, 100, "engine",
         ("latch (latch-dead)", "guard (script stopped)"), "e-stop, edge", 20, ("T01",),
         supply=True),
    Kind("silence guard", events.silence_with_guard_only, 16, "daemon guard",
         ("watchdog (dead)", "finite slices (a wave that loops)"),
         "SIGSTOP of the engine, since its last heartbeat", 100),
    Kind("silence watchdog", events.silence_with_watchdog_only, 16, "hardware watchdog",
         ("guard (script stopped)", "finite slices (a wave that loops)"),
         "SIGSTOP of the engine, since its last heartbeat", 250),
    Kind("hand switch", events.squeeze, 24, "engine", (), "hand switch, edge", 20, ("T02",),
         supply=True),
    Kind("engine killed", events.kill_engine, 16, "all", (), "SIGKILL of the engine", 100),
    Kind("engine frozen", events.freeze_engine, 12, "all", (), "SIGSTOP of the engine", 100),
    Kind("lost daemon", events.lose_daemon, 6, "engine", (), "daemon killed", 50, supply=True),
    Kind("stalled daemon", events.stall_daemon, 6, "engine", (), "daemon stopped", 50, supply=True),
    Kind("screen killed", events.kill_screen, 4, "engine", (),
         "SIGKILL of the only screen: 2 s, then a fall", 2_450, ("T27",)),
    Kind("screen frozen", events.freeze_screen, 4, "engine", (),
         "SIGSTOP of the only screen: 2 s, then a fall", 2_450, ("T27",)),
    Kind("flood", events.flood, 8, "engine", (),
         "a stop in a flood of 1 000 commands/s: to zero current", 460),
)  # fmt: skip
POWER = Kind(POWER_CUT, events.cut_power, 1, "all", (), "power cut", 1)
AFTERWARDS = "estop guard afterwards"
POWER_CUTS, LEAST_POWER_CUTS = 6, 4
TRIES = 3
EVENTS_A_WARD = 26
QUIET = ("flood",)
"""Run by one ward per job: a figure that depends on punctual ticks must not wait for five wards."""


def run(jobs: int) -> Part:
    """Run all events, several wards in parallel, and evaluate what the boards recorded."""
    chance = random.Random(SEED)
    kinds = [kind for kind in KINDS if kind.name not in QUIET for _ in range(kind.count)]
    quiet = [kind for kind in KINDS if kind.name in QUIET for _ in range(kind.count)]
    chance.shuffle(kinds)
    plans = [kinds[at : at + EVENTS_A_WARD] for at in range(0, len(kinds), EVENTS_A_WARD)]
    plans += [[POWER] for _ in range(POWER_CUTS)]
    with tempfile.TemporaryDirectory(prefix="realtime-") as folder:
        results = _in_wards(plans, Path(folder) / "many", jobs * WARDS_A_JOB)
        results += _in_wards([quiet[n::jobs] for n in range(jobs)], Path(folder) / "few", jobs)
    return part_of([sample for result in results for sample in result.samples], _failed(results))


def _in_wards(plans: list[list[Kind]], folder: Path, at_once: int) -> "list[WardResult]":
    """Run the plans, this many wards at a time."""
    places = [folder / str(number) for number in range(len(plans))]
    seeds = range(SEED, SEED + len(plans))
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(in_ward, places, plans, seeds))


@dataclass(frozen=True, slots=True)
class Sample:
    """One event as the board recorded it."""

    happened: Happened
    ms: float
    ended: bool
    second_ms: float = 0.0
    carried: bool = True


@dataclass(frozen=True, slots=True)
class WardResult:
    """Result of one ward."""

    samples: list[Sample]
    failed: list[str]


def _failed(results: list[WardResult]) -> Counter[str]:
    return Counter(text for result in results for text in result.failed)


def in_ward(folder: Path, kinds: list[Kind], seed: int) -> WardResult:
    """Run a list of events on one board, each with current flowing on both channels."""
    folder.mkdir(parents=True)
    record = folder / "board.vcd"
    with BoardProcess(folder, record) as board:
        ward = Ward(board, folder, random.Random(seed))
        try:
            for kind in kinds:
                _happen(ward, kind)
        finally:
            with suppress(OSError):
                ward.end_engine()
    if kinds == [POWER]:
        return WardResult(
            [Sample(happened, 0, ended=True) for happened in ward.happened], ward.failed
        )
    trace = WardTrace(record)
    samples = [sample_of(trace, happened) for happened in ward.happened]
    record.unlink()
    print(f"  ward {folder.name}: {len(samples)} events", file=sys.stderr, flush=True)
    return WardResult(samples, ward.failed)


def _happen(ward: Ward, kind: Kind) -> None:
    """Raise to the level and run the event; again if another layer than the intended one acted.

    Errors on the way are counted, not hidden.
    """
    for _ in range(TRIES):
        if not ward.lead():
            ward.failed.append(f"{kind.name}: gave up")
            return
        try:
            kind.act(ward)
        except Exception:  # noqa: BLE001 - one event that fails must not take the others along
            last = traceback.format_exc().strip().rpartition("\n")[2]
            ward.failed.append(f"{kind.name}: {last}")
            ward.end_engine()
            ward.mend()  # a fault left injected would fail the self-test of every later engine
            continue
        if not kind.codes or ward.happened[-1].trip in kind.codes:
            return


def sample_of(trace: WardTrace, event: Happened) -> Sample:
    """Return how the current ended after an event."""
    onset_ns = trace.onset_ns(event)
    if event.kind == "flood ticks":
        beats = [at for at in trace.edges("heartbeat", event.at_ns) if at <= event.until_ns]
        worst_ns = max((after - at for at, after in pairwise(beats)), default=0)
        return Sample(event, worst_ns / NS_PER_MS, ended=True)
    last_ns = max(trace.last_current_ns(onset_ns, event.until_ns), onset_ns)
    ended = event.until_ns - last_ns > 20 * NS_PER_MS
    line = "dac1" if event.kind == "flood" else "supply_en"
    second_ns = (trace.falls(line, onset_ns) or event.until_ns) - onset_ns
    return Sample(
        event,
        (last_ns - onset_ns) / NS_PER_MS,
        ended,
        second_ns / NS_PER_MS,
        trace.carried(onset_ns),
    )


def part_of(samples: list[Sample], failed: Counter[str]) -> Part:
    """Return rows and problems."""
    by_kind: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        by_kind[sample.happened.kind].append(sample)
    rows: list[Row] = []
    problems: list[str] = []
    for kind in KINDS:
        mine = by_kind.get(kind.name, [])
        meant = [e for e in mine if not kind.codes or e.happened.trip in kind.codes]
        counted = [sample for sample in meant if sample.carried]
        if not counted:
            problems.append(f"real time, {kind.event} ({kind.layer}): nothing was measured")
            continue
        rows += _rows(kind, counted, mine)
        problems += [
            f"real time, {kind.event} ({kind.layer}): {sample.ms:.0f} ms, current left"
            for sample in (*mine, *(by_kind.get(AFTERWARDS, []) if kind is KINDS[1] else ()))
            if not sample.ended or sample.ms > LATEST_MS
        ]
    rows += _more_rows(by_kind)
    cuts = [e for e in by_kind.get(POWER_CUT, []) if e.happened.trip != TOO_LATE]
    problems += [f"power cut: {e.happened.trip}" for e in cuts if e.happened.trip != FINE]
    if len(cuts) < LEAST_POWER_CUTS:
        problems.append(f"power cut: {len(cuts)} were looked at, {LEAST_POWER_CUTS} are wanted")
    if failed and rows:
        texts = "; ".join(f"{n} x {text}" for text, n in failed.most_common(6))
        rows[-1]["note"] += f"; on the way, in all wards: {texts}"
    return Part("realtime", tuple(rows), tuple(problems))


def _rows(kind: Kind, counted: list[Sample], mine: list[Sample]) -> list[Row]:
    times = sorted(sample.ms for sample in counted)
    codes = Counter(sample.happened.trip or "none" for sample in mine)
    shown = ", ".join(f"{count} x {code}" for code, count in codes.most_common(4))
    left = sum(not sample.ended for sample in mine)
    note = f"{left} of {len(mine)} left current on; trips: {shown}"
    if kind.name == "flood":
        note = f"{left} of {len(mine)} left current on"
    elif not all(sample.carried for sample in mine):
        note += f"; {sum(not sample.carried for sample in mine)} came when no current flowed"
    disabled = list(kind.disabled)
    rows = [_line(kind.layer, disabled, kind.event, kind.budget_ms, times, note)]
    if kind.supply:
        falls = sorted(sample.second_ms for sample in counted)
        event = f"{kind.event}: until SUPPLY_EN is low"
        rows.append(_line(kind.layer, disabled, event, kind.budget_ms, falls, ""))
    return rows


def _line(
    layer: str, disabled: list[str], event: str, budget_ms: float, times: list[float], note: str
) -> Row:
    return {
        "layer": layer,
        "disabled": disabled,
        "event": event,
        "budget_ms": budget_ms,
        "count": len(times),
        "worst_ms": round(times[-1], 3),
        "median_ms": round(statistics.median(times), 3),
        "p99_ms": round(percentile(times, 0.99), 3),
        "note": note,
    }


def _more_rows(by_kind: dict[str, list[Sample]]) -> list[Row]:
    """Return the rows without a time to zero: the flood's other two figures, the power cuts."""
    rows: list[Row] = []
    flooded = by_kind.get("flood", [])
    if flooded:
        falls = sorted(sample.second_ms for sample in flooded)
        event = "a stop in a flood of 1 000 commands/s: to the first lower code"
        sent = sum(int(sample.happened.trip) for sample in flooded)
        rows.append(_line("engine", [], event, 70, falls, f"{sent:,} lines were poured in"))
    resumed = sorted(sample.ms for sample in by_kind.get(AFTERWARDS, []))
    if resumed:
        event = "the engine goes on (SIGCONT) after the guard cut: until the last current"
        note = (
            "an engine stopped in mid-tick may still send a slice; the guard stops it within 1 ms"
        )
        rows.append(_line("daemon guard", ["latch (latch-dead)"], event, 20, resumed, note))
    ticks = sorted(sample.ms for sample in by_kind.get("flood ticks", []))
    if ticks:
        event = "longest time between two heartbeats in a flood"
        rows.append(_line("engine", [], event, 50, ticks, "one a tick of 10 ms; 50 ms trip"))
    cuts = [e for e in by_kind.get(POWER_CUT, []) if e.happened.trip == FINE]
    if cuts:
        note = "board and engine killed together and started again: Locked, no current, session"
        note += " interrupted, records verified; nothing is timed, the world was off"
        rows.append(_line("all", [], "power cut", 1, [0.0] * len(cuts), note))
    return rows
