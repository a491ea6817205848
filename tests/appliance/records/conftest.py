"""Journals on real files, in stepped time."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from appliance.records.journal.journal import Journal, Measurement
from appliance.records.session_events import EventName
from drivers.quantities import Microseconds
from tests.appliance.records.incident_scene import estop
from tests.support.clinic import open_clinic
from ui.cli.main import main


class SteppedClock:
    """Monotonic time that moves when told."""

    def __init__(self) -> None:
        self.at_us = 5_000_000

    def now_us(self) -> Microseconds:
        return Microseconds(self.at_us)

    def sleep_until(self, at_us: Microseconds) -> None:
        self.at_us = max(self.at_us, at_us)


class WallTime:
    """A time of day that moves with the stepped clock."""

    def __init__(self, clock: SteppedClock) -> None:
        self.trusted = True
        self._clock = clock

    def utc_us(self) -> int:
        return 1_800_000_000_000_000 + self._clock.at_us


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def wall_time(clock: SteppedClock) -> WallTime:
    return WallTime(clock)


Opener = Callable[..., Journal]


@pytest.fixture
def open_journal(tmp_path: Path, clock: SteppedClock, wall_time: WallTime) -> Iterator[Opener]:
    """Open journals in the test's folder; those left open are closed afterwards."""
    opened: list[Journal] = []

    def open_one(folder: Path = tmp_path, *, threaded: bool = False, **more: Any) -> Journal:
        journal = Journal.open(folder, wall_time, clock, threaded=threaded, **more)
        opened.append(journal)
        return journal

    yield open_one
    for journal in opened:
        journal.close()


Treatment = Callable[..., str]


@pytest.fixture
def treat(clock: SteppedClock) -> Treatment:
    """Record a session of some seconds; left open unless it shall end."""

    def record(journal: Journal, *, seconds: int = 70, ended: bool = True) -> str:
        session = journal.new_session_id()
        opening = {"programme": "conventional", "patient": "P-17", "rig": "virtual"}
        journal.append(EventName.SESSION_OPENED, opening, session)
        for second in range(1, seconds + 1):
            clock.at_us += 1_000_000
            level_ua = 500 * min(second, 20)
            change = {"channel": 1, "to_ua": level_ua, "slice_number": 40 * second}
            journal.append(EventName.LEVEL_CHANGED, change, session)
            row = Measurement(
                session, 1, second * 1_000_000, "delivering", 40 * second, level_ua, level_ua
            )
            journal.measure(row._replace(pulses=100 * second, measured_ua=level_ua - 20))
        if ended:
            journal.append(EventName.SESSION_CLOSED, {"outcome": "finished"}, session)
        return session

    return record


@pytest.fixture
def power_cut(tmp_path: Path) -> Callable[[Journal], Path]:
    """Return a folder as it would be found after losing power right now."""

    def cut(journal: Journal) -> Path:
        found = tmp_path / f"after-boot-{journal.boot}"
        shutil.copytree(journal.folder, found, ignore=shutil.ignore_patterns("after-*", "*-shm"))
        return found

    return cut


class Ran(NamedTuple):
    """How a command ended and what it said."""

    exit_code: int
    stdout: str
    stderr: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_one(folder: Path, *arguments: str) -> Ran:
        line = ["stimkiosk", "sessions", *arguments, "--data", str(folder)]
        monkeypatch.setattr(sys, "argv", line)
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    return run_one


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with one incident, and nobody at work on it."""
    folder = tmp_path_factory.mktemp("incident")
    with open_clinic(folder) as clinic:
        clinic.treat(level_ua=2_000)
        estop(clinic)
        clinic.wait(1_500)
    return folder / "data"


@pytest.fixture
def copy(incident: Path, tmp_path: Path) -> Path:
    """Return that folder once more, to be altered."""
    return Path(shutil.copytree(incident, tmp_path / "copy"))
