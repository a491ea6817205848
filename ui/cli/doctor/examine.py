"""All probes, and running them: one that hangs or fails becomes a line, and stops no other one."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from ui.cli.doctor import daemon, devices, engine, records, services, storage, system
from ui.cli.doctor.lines import Line, warning, wrong
from ui.cli.doctor.subject import Subject

USUAL_S = 5.0
"""How long a probe may take (D): each reads some small files, or waits 3 s for a command."""
RECORDS_S = 60.0
"""The same where all records are read (D): 100 000 events take some seconds on a Pi."""
AS_ROOT = "run it as root: sudo stimkiosk doctor"


class Probe(NamedTuple):
    """A subject, how it is looked at, and how long that may take."""

    name: str
    look: Callable[[Subject], Iterable[Line]]
    longest_s: float = USUAL_S


PROBES = (
    Probe("model", system.model),
    Probe("system", system.system),
    Probe("installation", engine.installed),
    Probe("update slot", services.slot),
    Probe("boot", system.boot),
    Probe("processor", system.processor),
    Probe("watchdog", system.watchdog),
    Probe("time of day", system.time_of_day),
    Probe("clock chip", system.clock_chip),
    Probe("pigpiod", daemon.build),
    Probe("pigpiod options", daemon.started),
    Probe("pigpiod port", daemon.reach),
    Probe("audio", devices.audio),
    Probe("SPI", devices.spi),
    Probe("board file", services.board_file),
    Probe("display", devices.display),
    Probe("services", services.services),
    Probe("engine", engine.engine),
    Probe("disk wear", storage.wear),
    Probe("disk room", storage.room),
    Probe("database", records.database, RECORDS_S),
    Probe("self-test", records.self_test),
    Probe("due", records.due, RECORDS_S),
)


def examine(subject: Subject, probes: Sequence[Probe] = PROBES) -> Iterator[Line]:
    """Yield the lines of every probe, in their order; all of them look at the same time."""
    begun_s = time.monotonic()
    answers = [_begin(probe, subject) for probe in probes]
    for probe, answer in zip(probes, answers, strict=True):
        left_s = max(begun_s + probe.longest_s - time.monotonic(), 0)
        try:
            yield from answer.get(timeout=left_s)
        except queue.Empty:
            found = f"no answer within {probe.longest_s:g} s"
            yield wrong(
                probe.name, found, "restart the machine; if it happens again, check the card"
            )


def _begin(probe: Probe, subject: Subject) -> "queue.SimpleQueue[list[Line]]":
    """Look in a thread of its own, which does not keep the program from ending."""
    answer: queue.SimpleQueue[list[Line]] = queue.SimpleQueue()
    thread = threading.Thread(
        target=lambda: answer.put(_lines_of(probe, subject)), name=probe.name, daemon=True
    )
    thread.start()
    return answer


def _lines_of(probe: Probe, subject: Subject) -> list[Line]:
    lines: list[Line] = []
    try:
        lines.extend(probe.look(subject))
    except Exception as error:  # noqa: BLE001 - a probe that fails is a finding, not an end
        lines.append(_failed(probe, error))
    return lines


def _failed(probe: Probe, error: Exception) -> Line:
    from ui.cli.terminal.error_reports import error_text, exit_code_of
    from ui.cli.terminal.exit_codes import ExitCode

    if exit_code_of(error) == ExitCode.NOT_PERMITTED:
        return warning(probe.name, f"this user may not look: {error_text(error)}", AS_ROOT)
    return wrong(probe.name, f"it cannot be looked at: {error_text(error)}", AS_ROOT)
