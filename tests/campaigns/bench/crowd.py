"""Stops by one client while twenty others flood, sign in, or occupy every connection.

Board and engine start as usual; the crowd runs on one core at normal priority. Each stop uses its
own connection, which closes right after sending it. Three things are measured:

    output  stops of a treatment (ramp down, cut): from the sent stop to the last gate edge in
            the board's recording
    lost    stops sent in a row without a treatment: how many of them the control loop received
    ticks   processor time of the control thread per tick, and the longest gap between two ticks
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.messages.actions import CloseSession, EnrolOperator
from appliance.messages.snapshot import Snapshot
from tests.campaigns.bench.figure import Figure, Options, Result, Row, margin
from tests.campaigns.bench.independent_vcd import read_changes, tick_ns
from tests.campaigns.bench.processes import (
    WITH_COUNTERS,
    BoardProcess,
    EngineProcess,
    a_director,
    at_level,
    lead,
)

CROWD = 20
CORE = 0
LEVEL_UA = 2_000
FALL_MS, CUT_MS, TICK_P99_US, TICK_WORST_US, GAP_MS = 460, 20, 5_000, 20_000, 20
GATES = ("gate1_pos", "gate1_neg")
AFTER_NS = 750_000_000
"""A gate edge up to this long after a stop belongs to the stopped treatment."""
HELLO = b'{"type":"hello","version":2,"build":"b","peer":"rude"}\n'
STOPS = {
    name: HELLO + b'{"type":"command","request":1,"action":{"type":"stop","cut":%s}}\n' % cut
    for name, cut in (("fall", b"false"), ("cut", b"true"))
}
LEAD = EnrolOperator(operator="lea", role="lead", pin="490731582604")
WAYS = ("flood", "newlines", "places", "sign-ins")
RUDE = """
import socket, sys, time
way, path = sys.argv[1:]
hello = b'{"type":"hello","version":2,"build":"b","peer":"rude"}\\n'
rise = b'{"type":"command","request":1,"action":{"type":"rise","channel":1}}\\n'
long = b'{"type":"command","request":1,"action":{"type":"prescribe","programme":"' + b"x" * 60000
sign_in = b'{"type":"sign_in","operator":"lea","pin":"490731582604"}'
pin = b'{"type":"command","request":1,"action":' + sign_in + b'}\\n'
text = {
    "flood": (rise * 900 + long + b'"}}\\n'),
    "newlines": b"\\n" * 65536,
    "places": b"",
    "sign-ins": pin * 40,
}[way]
while True:
    held = []
    try:
        for _ in range(4 if way == "places" else 1):
            held.append(socket.socket(socket.AF_UNIX))
            held[-1].connect(path)
            held[-1].sendall(hello)
        while True:
            if text:
                held[0].setblocking(False)
                try:
                    held[0].send(text)
                    held[0].recv(65536)
                except BlockingIOError:
                    time.sleep(0.001)
            elif not held[-1].recv(65536):
                break
    except OSError:
        pass
    for connection in held:
        connection.close()
    if way == "places":
        time.sleep(0.5)
"""


@dataclass(slots=True)
class CrowdResults:
    """Results with one kind of crowd; `took_ns` by kind of stop."""

    took_ns: dict[str, list[int]] = field(default_factory=lambda: {"fall": [], "cut": []})
    trips: list[str] = field(default_factory=list)
    sent: int = 0
    taken: int = 0
    tick_us: list[int] = field(default_factory=list)
    worst_gap_us: int = 0
    cpu_s: float = 0.0
    span_s: float = 0.0


@contextmanager
def crowd(way: str, path: Path) -> Iterator[None]:
    """Keep this many misbehaving clients running on one core."""
    command = [sys.executable, "-S", "-c", RUDE, way, str(path)]
    rude = [subprocess.Popen(command) for _ in range(CROWD)]
    try:
        for process in rude:
            os.sched_setaffinity(process.pid, {CORE})
        yield
    finally:
        for process in rude:
            process.kill()
            process.wait()


def stop_at(path: Path, kind: str) -> int:
    """Send a stop over its own connection and close it; return when, in monotonic ns."""
    with socket.socket(socket.AF_UNIX) as own:
        own.connect(str(path))
        sent_ns = time.monotonic_ns()
        own.sendall(STOPS[kind])
    return sent_ns


def measure(way: str, options: Options, *, normal: bool) -> CrowdResults:
    """Stop treatments, then send stops in a row, all during one kind of crowd."""
    results, scratch = CrowdResults(), Path(tempfile.mkdtemp(dir=options.place))
    data, record = scratch / "data", scratch / "board.vcd"
    data.mkdir()
    counters = scratch / "counters"
    more = ("--counters", str(counters), *(("--normal",) if normal else ()))
    sent: list[tuple[str, int]] = []
    with BoardProcess(scratch, record) as board:
        offset_ns, _ = board.clock()
        with EngineProcess(board, data, *more, module=WITH_COUNTERS) as engine:
            path = link_path(data)
            if way == "sign-ins":
                engine.link.ask(LEAD, 5)
            with crowd(way, path):
                treatments = options.size(10, 2)
                for number in range(treatments):
                    kind = "cut" if number % 2 else "fall"
                    _treat_and_stop(engine.link, path, kind, offset_ns, sent, results)
                _stop_in_a_row(engine, path, results, options.size(2_000, 100))
    _read_counters(counters, results)
    _read_recording(record, sent, results)
    record.unlink()
    return results


def _treat_and_stop(
    link: LinkClient,
    path: Path,
    kind: str,
    offset_ns: int,
    sent: list[tuple[str, int]],
    results: CrowdResults,
) -> None:
    director = a_director("conventional-tens", LEVEL_UA, (1,))
    try:
        lead(link, director, at_level(director), 60)
    except (RuntimeError, TimeoutError) as error:
        results.trips.append(str(error))
        return
    sent.append((kind, stop_at(path, kind) + offset_ns))
    results.sent += 1
    seen = _watch(link, ("Finished", "Tripped"))
    if seen.state == "Tripped" or seen.trip is not None:
        results.trips.append(str(seen.trip))
        return
    _look_on(link, 0.8)  # otherwise the next treatment's pulses could count as the stopped one's
    link.ask(CloseSession(), 5)
    _watch(link, ("Ready",))


def _watch(link: LinkClient, states: tuple[str, ...]) -> Snapshot:
    """Watch the screen until the engine is in one of the states."""
    while True:
        link.next_message(0.05)
        seen = link.snapshot()
        link.shown()
        if seen is not None and seen.state in states:
            return seen


def _look_on(link: LinkClient, seconds: float) -> None:
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        link.next_message(0.05)
        link.shown()


def _stop_in_a_row(engine: EngineProcess, path: Path, results: CrowdResults, count: int) -> None:
    """Send stops while nothing plays; the control loop receives each in its next tick."""
    for number in range(count):
        stop_at(path, "cut" if number % 2 else "fall")
        if number % 20 == 0:
            engine.link.snapshot()
            engine.link.shown()
        time.sleep(0.005)
    results.sent += count
    time.sleep(2.5)


def _read_counters(counters: Path, results: CrowdResults) -> None:
    for text in counters.read_text(encoding="ascii").splitlines():
        line = json.loads(text)
        results.tick_us += line["tick_us"]
        results.worst_gap_us = max(results.worst_gap_us, line["worst_late_us"] + 10_000)
        results.taken = line["stops"]
        results.cpu_s, results.span_s = line["cpu_s"], line["ticks"] / 100
        if line["trip"] is not None:
            results.trips.append(line["trip"])


def _read_recording(record: Path, sent: list[tuple[str, int]], results: CrowdResults) -> None:
    tick = tick_ns(record)
    changes = read_changes(record, GATES)
    falls = sorted(at * tick for each in changes.values() for at, level in each if not level)
    for kind, at_ns in sent:
        after = [fall - at_ns for fall in falls if 0 <= fall - at_ns < AFTER_NS]
        results.took_ns[kind].append(max(after, default=0))


def run(options: Options) -> Result:
    """Measure each crowd at real-time priority, and one flood at normal priority."""
    rows: list[Row] = []
    notes = [
        f"{CROWD} clients on one core at normal priority; the screen and whoever stops anywhere",
        "flood: 900 rises and a Prescribe with a 60 kB name, over and over",
        "newlines: 64 KiB of them at once; places: 80 connections that say nothing more than hello",
        "sign-ins: the right PIN of one operator, so each one let through takes over",
        "all connect again when they are put out, those that hold places after half a second",
        f"load average before {os.getloadavg()[0]:.2f}: other work ran on the machine",
    ]
    for way in WAYS:
        rows += _rows(way, measure(way, options, normal=False), notes)
    results = measure("flood", options, normal=True)
    notes.append(_words("flood, engine at normal priority", results))
    rows.append(_gap_row("flood, engine at normal priority", results, target=False))
    return Result(tuple(rows), tuple(notes))


def _rows(way: str, results: CrowdResults, notes: list[str]) -> list[Row]:
    notes.append(_words(way, results))
    fall, cut = (max(results.took_ns[kind], default=0) / 1e6 for kind in ("fall", "cut"))
    lost = results.sent - results.taken
    p99, worst = percentile(results.tick_us, 99), max(results.tick_us, default=0)
    is_whole = all(results.took_ns.values()) and not results.trips
    return [
        Row(
            f"stop among {CROWD} clients, {way}",
            f"fall ≤ {FALL_MS} ms, cut ≤ {CUT_MS} ms, 0 lost, no trip",
            f"fall {fall:.1f} ms, cut {cut:.1f} ms, {lost} lost of {results.sent:,}, "
            f"{len(results.trips)} trips",
            is_whole and fall <= FALL_MS and cut <= CUT_MS and lost == 0,
            margin(cut, CUT_MS),
        ),
        Row(
            f"control thread in a tick, {way}",
            f"p99 ≤ {TICK_P99_US / 1e3:g} ms, worst ≤ {TICK_WORST_US / 1e3:g} ms",
            f"p99 {p99 / 1e3:.2f} ms, worst {worst / 1e3:.2f} ms of {len(results.tick_us):,} ticks",
            p99 <= TICK_P99_US and worst <= TICK_WORST_US,
            margin(p99, TICK_P99_US),
        ),
        _gap_row(way, results, target=True),
    ]


def _gap_row(way: str, results: CrowdResults, *, target: bool) -> Row:
    gap_ms = results.worst_gap_us / 1e3
    return Row(
        f"gap between ticks, {way}",
        f"≤ {GAP_MS} ms" if target else "stated",
        f"at most {gap_ms:.1f} ms, {len(results.trips)} trips",
        gap_ms <= GAP_MS if target else None,
        margin(gap_ms, GAP_MS) if target else "",
    )


def percentile(values: list[int], of_100: int) -> int:
    """Return the value that this percentage of the values does not exceed; 0 if there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) * of_100 // 100, len(ordered) - 1)] if ordered else 0


def _words(way: str, results: CrowdResults) -> str:
    times = {
        kind: ", ".join(f"{took / 1e6:.1f}" for took in times)
        for kind, times in results.took_ns.items()
    }
    counted = Counter(trip.partition(" (")[0] for trip in results.trips)
    trips = "; ".join(f"{count} x {text}" for text, count in counted.items()) or "none"
    cost = f"engine process {100 * results.cpu_s / max(results.span_s, 1):.0f} % of one core"
    return f"{way}: falls {times['fall']} ms; cuts {times['cut']} ms; {cost}; trips: {trips}"


FIGURE = Figure("crowd", "a stop among 20 rude clients: fall ≤ 460 ms, cut ≤ 20 ms, 0 lost", run)
