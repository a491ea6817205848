"""The highest time that a trusted clock has shown since a drill, from a real file."""

from pathlib import Path

from appliance.messages.wire import DrillKind
from appliance.records.drills import DrillFacts, load_drills
from appliance.records.journal.journal import Journal
from tests.appliance.records.conftest import SteppedClock

DAY_US = 86_400_000_000
START_US = 1_800_000_000_000_000


class Wall:
    """A time of day that can be set."""

    trusted = True
    now_us = START_US

    def utc_us(self) -> int:
        """Return what it was set to."""
        return self.now_us


def test_time_that_a_trusted_clock_has_shown_since_the_drill_is_kept(tmp_path: Path) -> None:
    wall = Wall()
    journal = Journal.open(tmp_path, wall, SteppedClock(), threaded=False)
    before_us = START_US
    wall.now_us = before_us + 400 * DAY_US  # wrong, and put right before the drill
    journal.append("command", {})
    wall.now_us = before_us
    facts = DrillFacts(
        kind="e-stop",
        passed=True,
        failures=(),
        texts=(),
        measured={},
        channel=None,
        load_ohm=None,
        operator="anna",
        rig="hardware",
        took_us=1,
    )
    journal.append("drill", facts.facts())
    assert load_drills(tmp_path, "hardware")[DrillKind.ESTOP].seen_utc_us == 0
    wall.now_us = before_us + 31 * DAY_US
    journal.append("command", {})
    wall.trusted, wall.now_us = False, before_us + 99 * DAY_US
    journal.append("command", {})
    wall.trusted, wall.now_us = True, before_us + DAY_US
    journal.append("command", {})
    journal.close()
    done = load_drills(tmp_path, "hardware")[DrillKind.ESTOP]
    assert (done.utc_us, done.seen_utc_us) == (before_us, before_us + 31 * DAY_US)
