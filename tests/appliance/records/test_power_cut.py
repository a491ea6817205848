"""A writer killed with SIGKILL: what it had acknowledged is there, and the chain holds."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.records.queries import list_sessions
from appliance.records.storage.store import open_read_only
from appliance.records.verify import verify

pytestmark = pytest.mark.proves("journal", "boot-locked")

ROOT = Path(__file__).parents[3]
KILLS = 25
Writers = subprocess.Popen[str]


@pytest.fixture
def writers(tmp_path: Path) -> Iterator[Writers]:
    """A process that forks a writer for each line it is sent."""
    command = [sys.executable, "-m", "tests.appliance.records.writing_process", str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT, text=True) as process:
        yield process


def _write_until_killed(writers: Writers, lines: int) -> int:
    """Kill a writer after so many acknowledgements; return the last one it could tell."""
    assert writers.stdin is not None
    assert writers.stdout is not None
    writers.stdin.write("go\n")
    writers.stdin.flush()
    told: list[str] = []
    killed = False
    writer = 0
    while (line := writers.stdout.readline()) != "end\n":
        if line.startswith("writer "):
            writer = int(line.split()[1])
        else:
            told.append(line)
        if writer and len(told) >= lines and not killed:
            os.kill(writer, signal.SIGKILL)
            killed = True
    # A number torn by the kill is shorter, so smaller: it never claims too much.
    return max((int(line) for line in told if line.strip()), default=0)


def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(
    tmp_path: Path, writers: Writers
) -> None:
    kill_after = random.Random(20)
    for kill in range(1, KILLS + 1):
        acknowledged = _write_until_killed(writers, kill_after.randint(3, 60))
        with open_read_only(tmp_path) as db:
            report = verify(db)
            sessions = list_sessions(db)
        assert report.findings == ()
        assert report.events >= acknowledged
        assert report.boots == kill
        outcomes = [session.outcome for session in sessions]
        assert outcomes[1:] == ["interrupted"] * (len(sessions) - 1)
        assert len(sessions) == kill
