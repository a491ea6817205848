"""Writers of records that wait to be killed; run by test_power_cut."""

import os
import signal
import sys
from pathlib import Path

from appliance.records.journal.interrupted import close_interrupted
from appliance.records.journal.journal import Journal, Measurement
from appliance.records.wall_clock import SystemWallClock
from drivers.clock import SystemClock

STEPS = 400
"""So many are written at most; then a writer waits for its end."""


def write(folder: Path) -> None:
    """Write into a folder, saying what was acknowledged."""
    clock = SystemClock()
    journal = Journal.open(folder, SystemWallClock(), clock, threaded=True)
    close_interrupted(journal)
    session = journal.new_session_id()
    journal.append("session_opened", {"programme": "conventional"}, session)
    told = 0
    for second in range(STEPS):
        journal.append("level_changed", {"channel": 1, "to_ua": second}, session)
        journal.measure(Measurement(session, 1, second, "delivering", second, second, second))
        if second % 4 == 0:
            journal.flush()
        if journal.acknowledged > told:
            told = journal.acknowledged
            os.write(1, f"{told}\n".encode())
    signal.pause()


def main() -> None:
    """Fork a writer for each line on standard input; say its number first, "end" after its death.

    Forked, because starting Python anew for each takes longer than all the writing.
    """
    for _ in sys.stdin:
        writer = os.fork()
        if writer == 0:
            write(Path(sys.argv[1]))
        os.write(1, f"writer {writer}\n".encode())
        os.waitpid(writer, 0)
        os.write(1, b"\nend\n")


if __name__ == "__main__":
    main()
