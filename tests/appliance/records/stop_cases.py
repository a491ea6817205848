"""What the records say of a stop, against what the board's recording shows.

    python -m tests.appliance.records.stop_cases          # prints the table of docs/records.md

The truth is read from the trace: the cause where the case puts it in, zero where more than
100 µA last flowed through either load, the layer from the signals it leaves.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from appliance.messages.actions import Pause, Stop
from tests.support.clinic import TICK_US, Clinic, open_clinic
from tests.support.recorded_trace import Trace

LEVEL_UA = 8_000
PROGRAMME = "conventional-tens"
SLACK_US = 12_000
"""A tick, a round trip, and what lies between two pulses."""

HEAD = """| what ended it | layer | recorded | true | cause known by | zero known by |
|---|---|---|---|---|---|"""

Act = Callable[[Clinic], int | None]
"""Does it; returns when the cause was, None for the board's present time before the act."""


class Case(NamedTuple):
    """One way of ending: what is done, the layer that has to act, the slack it may have."""

    name: str
    act: Act
    layer: str
    slack_us: int = SLACK_US
    signal: str = ""
    """A trace's signal whose rise is the true cause, where the act is not."""


class Measured(NamedTuple):
    """One stop: as recorded and as the trace shows it, from the same cause."""

    case: Case
    cause: str
    layer: str
    cause_known_by: str
    zero_known_by: str
    recorded_us: int
    true_us: int

    @property
    def excess_us(self) -> int:
        """Return by how much the record is longer than the truth; never below zero."""
        return self.recorded_us - self.true_us


def fault(*names: str, at_us: int = 3_300) -> Act:
    """Put faults in, off the beat of the ticks, and let the engine find them."""

    def act(clinic: Clinic) -> int:
        clinic.engine.loop.tick()
        ticked_us = clinic.now_us
        clinic.board.advance_to_us(ticked_us + at_us)
        for name in names:
            clinic.board.fault_set(name)
        clinic.board.advance_to_us(ticked_us + TICK_US)
        return ticked_us + at_us

    return act


def stop(clinic: Clinic) -> None:
    """Ask for a stop."""
    clinic.link.send(Stop())


def cut(clinic: Clinic) -> None:
    """Ask for a cut."""
    clinic.link.send(Stop(cut=True))


def pause(clinic: Clinic) -> None:
    """Ask for a pause."""
    clinic.link.send(Pause())


def leave(clinic: Clinic) -> None:
    """End the engine in the middle of it."""
    clinic.engine.loop.cut_and_close()


def no_heartbeat(clinic: Clinic) -> None:
    """Let the engine go on without its heartbeat, as a broken wire would."""
    output = clinic.engine.loop._output
    output._life = output._life._replace(heartbeat=False)


def silence(clinic: Clinic) -> None:
    """Show nothing any more: the screen hangs."""
    clinic.watching = False


def freeze(milliseconds: int, *faults: str) -> Act:
    """Let the engine sleep; its last sign of life is the refresh of the tick before."""

    def act(clinic: Clinic) -> int:
        for name in faults:
            clinic.board.fault_set(name)
        asleep_us = clinic.now_us - TICK_US
        clinic.board.advance_to_us(clinic.now_us + milliseconds * 1_000)
        return asleep_us

    return act


def to_the_end(clinic: Clinic) -> int:
    """Wait for the last slice of the plan to begin."""
    clinic.until("RampDown", "Finished")
    return clinic.engine.loop.state.machine.entered_at_us


CASES = (
    Case("e-stop", fault("estop"), "hardware"),
    Case("e-stop, latch contact's wire only", fault("estop-wire=latch"), "hardware"),
    Case("e-stop, sensed contact's wire only", fault("estop-wire=sense"), "guard"),
    Case("hand switch", fault("hand-switch"), "engine"),
    Case("lead off", fault("lead-off:1"), "engine", 16_000),
    Case("short", fault("short:2"), "engine", 16_000),
    Case("DAC stuck at 73 mA", fault("stuck-dac:1=2500"), "engine", 45_000),
    Case("ADC frozen", fault("frozen-adc"), "engine", 45_000),
    Case("bridge leg open", fault("bridge-open:gate1_neg"), "engine", 45_000),
    Case("gate stuck on", fault("stuck-gate:gate1_pos=high"), "hardware"),
    Case("wave clock 13 % slow", fault("slow-clock=1.13"), "engine", 45_000),
    Case("daemon lost", fault("lost-daemon"), "engine"),
    Case("daemon stalled", fault("stalled-daemon"), "engine", 20_000),
    Case("watchdog lapsed", no_heartbeat, "hardware", signal="fault_latch"),
    Case("SPI lost", fault("lost-spi"), "engine"),
    Case("stop", stop, "engine"),
    Case("cut", cut, "engine"),
    Case("pause", pause, "engine"),
    Case("planned end", to_the_end, "engine"),
    Case("engine leaves", leave, "engine"),
    Case("screen silent", silence, "engine"),
    Case("engine frozen 95 ms", freeze(95), "slices"),
    Case("engine frozen 300 ms", freeze(300), "slices"),
)


def measure(case: Case, folder: Path) -> Measured:
    """Treat, end it in one way, and read records and recording."""
    with open_clinic(folder) as clinic:
        duration_us = 60_000_000 if case.act is to_the_end else None
        asked = {} if duration_us is None else {"duration_us": duration_us}
        clinic.treat(PROGRAMME, LEVEL_UA, **asked)
        before_us = clinic.now_us
        cause_us = case.act(clinic) or before_us
        if case.act is not leave:
            clinic.until("Finished", "Paused", "Tripped")
        clinic.wait(300)
        stopped = clinic.events("stop")[0]
        clinic.board.close()
        trace = Trace(clinic.record)
        if case.signal:
            rises = [at for at, value in trace.changes(case.signal) if value and at > cause_us]
            cause_us = rises[0]
        true_us = trace.last_current_us(cause_us) - cause_us
    return Measured(
        case,
        stopped["cause"],
        stopped["layer"],
        stopped["cause_known_by"],
        stopped["zero_known_by"],
        stopped["time_to_zero_us"],
        true_us,
    )


def table(found: list[Measured]) -> str:
    """Return the table of the documentation."""
    rows = [
        f"| {each.case.name} | {each.layer} | {each.recorded_us / 1000:.1f} ms "
        f"| {each.true_us / 1000:.1f} ms | {each.cause_known_by} | {each.zero_known_by} |"
        for each in found
    ]
    return "\n".join([HEAD, *rows])


def main() -> int:
    """Measure every case and print the table; 1 where a record flatters."""
    with tempfile.TemporaryDirectory() as name:
        found = [measure(case, Path(name) / str(n)) for n, case in enumerate(CASES)]
    sys.stdout.write(table(found) + "\n")
    return int(any(each.excess_us < 0 for each in found))


if __name__ == "__main__":
    raise SystemExit(main())
