"""Facts that the engine confirmed as recorded must survive a SIGKILL right after the reply.

Each engine is asked to record one fact and is killed once it confirms; then the records are read
from disk. Nine of ten facts are patient ceilings; every tenth is the level a patient reports as
felt during a treatment.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.messages.actions import MarkFelt, SetCeiling
from appliance.messages.replies import Refused
from appliance.records.storage.store import open_read_only
from appliance.records.verify import verify
from tests.campaigns.bench.figure import Figure, Options, Result, Row
from tests.campaigns.bench.processes import BoardProcess, a_director, at_level, lead

ROOT = Path(__file__).resolve().parents[3]
KILLS = 200
MARK_EVERY = 10
LEVEL_UA = 1_000
WITHIN_S = 60.0
"""Only a guard against hanging; a busy machine may be slow."""


class Engines:
    """Starts and kills engines on one data folder, one at a time."""

    def __init__(self, process: "subprocess.Popen[str]", data: Path) -> None:
        self._process = process
        self._data = data
        self._pid = 0

    def await_ready(self) -> None:
        self._line()

    def start(self) -> LinkClient:
        """Start an engine and return a client of it."""
        self._say("go")
        self._pid = int(self._line().split()[1])
        return LinkClient.connect(link_path(self._data), "bench", timeout_s=WITHIN_S)

    def kill(self) -> None:
        """Kill the engine with SIGKILL and wait until it has exited."""
        pid, self._pid = self._pid, 0
        os.kill(pid, signal.SIGKILL)
        self._line()

    def end(self) -> None:
        """End all engines and the process that forks them."""
        if self._pid:
            self.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _say(self, text: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(f"{text}\n")
            self._process.stdin.flush()

    def _line(self) -> str:
        return self._process.stdout.readline() if self._process.stdout is not None else ""


@contextmanager
def engines(scratch: Path) -> Iterator[Engines]:
    """Provide engines on a virtual board and a data folder in `scratch`."""
    data = scratch / "data"
    with BoardProcess(scratch) as board:
        command = [sys.executable, "-m", "tests.campaigns.bench.forked_engines", "engine"]
        kept = {name: value for name, value in os.environ.items() if "PIGPIO" not in name}
        with subprocess.Popen(
            [*command, "--port", str(board.port), "--data", str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
            env={**kept, "XDG_RUNTIME_DIR": str(scratch)},
        ) as process:
            found = Engines(process, data)
            found.await_ready()
            try:
                yield found
            finally:
                found.end()


def lost(scratch: Path, kills: int, mark_every: int = MARK_EVERY) -> Counter[str]:
    """Return how many facts were "told" (confirmed) and "lost"; raises if the records are damaged.

    An engine that confirmed nothing because it was too slow for a treatment is not counted.
    """
    found: Counter[str] = Counter()
    with engines(scratch) as house:
        for number in range(1, 2 * kills):
            if found["ceiling told"] + found["mark told"] == kills:
                break
            marks = mark_every > 0 and number % mark_every == 0
            kind = "mark" if marks else "ceiling"
            link = house.start()
            told = _mark(link) if marks else _ceiling(link, number)
            house.kill()
            link.close()
            found[f"{kind} told"] += told
            found[f"{kind} lost"] += told and not _is_there(scratch / "data", kind, number)
    with open_read_only(scratch / "data") as db:
        findings = verify(db).findings
    if findings:
        raise RuntimeError(f"the records do not hold: {findings[0]}")
    return found


def _ceiling(link: LinkClient, number: int) -> bool:
    while link.snapshot() is None:
        link.next_message(WITHIN_S)
    asked = SetCeiling(
        patient=f"P-{number}", scope="back", ceiling_ua=20_000, reason="bench", operator="bench"
    )
    return not isinstance(link.ask(asked, WITHIN_S), Refused)


def _mark(link: LinkClient) -> bool:
    director = a_director("conventional-tens", LEVEL_UA)
    try:
        lead(link, director, at_level(director), WITHIN_S)
    except (RuntimeError, TimeoutError):  # machine too slow for a treatment: nothing confirmed
        return False
    return not isinstance(link.ask(MarkFelt(channel=1, felt="first_felt"), WITHIN_S), Refused)


def _is_there(data: Path, kind: str, number: int) -> bool:
    """Tell whether the last confirmed fact is in the records on disk."""
    asked = {
        "ceiling": "SELECT count(*) FROM patient_ceilings WHERE patient = ?",
        "mark": "SELECT count(*) FROM events WHERE name = 'felt' AND boot = ?",
    }
    with open_read_only(data) as db:
        (count,) = db.execute(
            asked[kind], [f"P-{number}" if kind == "ceiling" else number]
        ).fetchone()
    return bool(count)


def run(options: Options) -> Result:
    """Kill 200 engines."""
    scratch = options.place / "kept"
    scratch.mkdir()
    found = lost(scratch, options.size(KILLS, 10))
    told = found["ceiling told"] + found["mark told"]
    gone = found["ceiling lost"] + found["mark lost"]
    text = f"{gone} of {told} ({found['ceiling told']} ceilings, {found['mark told']} marks)"
    row = Row("confirmed facts lost to SIGKILL right behind the reply", "0 of 200", text, gone == 0)
    note = "one board, one data folder; the records verify after the last kill"
    return Result((row,), (note,))


FIGURE = Figure("kept_facts", "0 lost of 200 kills", run)
