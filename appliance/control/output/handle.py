"""What a procedure (self-test, contact check) may touch, and what the loop keeps for it.

The loop serves the guard, the stream and the heartbeat every tick; a procedure only says what it
wants of them here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from appliance.control.output.pulse_tracker import PulseTracker
from appliance.control.output.slice_stream import CodesFor, SliceStream, Source
from appliance.safety.gate import Gate
from drivers.interfaces import Rig
from drivers.quantities import Microseconds

BOOT_US = Microseconds(0)


@dataclass(slots=True)
class OutputHandle:
    """The rig and the flags of the present procedure.

    `beat` false withholds the heartbeat, so that the one-shot sets the fault latch; `refresh`
    false withholds the guard's refresh, so that it trips by silence; `proving` says that this is
    on purpose. `beat_at_us` and `refreshed_at_us` are when each was last given. `supply_on` and
    `supply_at_us` are SUPPLY_EN as last driven. `stream` is the one being fed, `trackers` say what
    can have been held of it.
    """

    rig: Rig
    gate: Gate
    beat: bool = True
    refresh: bool = True
    proving: bool = False
    supply_on: bool = False
    supply_at_us: Microseconds = BOOT_US
    beat_at_us: Microseconds = BOOT_US
    refreshed_at_us: Microseconds = BOOT_US
    stream: SliceStream | None = None
    streams: int = 0
    trackers: dict[int, PulseTracker] = field(default_factory=dict)
    on_guard_started: Callable[[], None] = lambda: None

    def set_supply(self, *, on: bool) -> None:
        """Drive SUPPLY_EN and remember when."""
        self.rig.lines.set_supply(on=on)
        if on != self.supply_on:
            self.supply_on, self.supply_at_us = on, self.rig.clock.now_us()

    def start_guard(self) -> None:
        """Bring the daemon's side to rest, store a fresh guard in it and run it.

        After the last-resort clear through the kernel the gates are no longer the daemon's.
        """
        self.rig.pulses.prepare()
        self.rig.pulses.start_guard()
        self.on_guard_started()

    def begin_stream(self, source: Source, codes_for: CodesFor) -> None:
        """Begin a fresh stream, codes zero."""
        self.streams += 1
        self.trackers = {n: PulseTracker() for n in range(1, self.rig.board.channels + 1)}
        self.stream = SliceStream(self.streams, self.gate, source, codes_for)
        self.stream.begin(self.rig.clock.now_us())

    def end_stream(self) -> None:
        """Stop the waves with gates off and codes at zero; the supply stays as it is."""
        self.stream = None
        try:
            self.rig.pulses.cut()
        finally:
            self.gate.zero()

    def forget_stream(self, *, supply_off: bool, codes_zero: bool) -> None:
        """Note that a cut has ended the stream; what failed of it is not believed."""
        self.stream = None
        if self.supply_on and supply_off:
            self.supply_on, self.supply_at_us = False, self.rig.clock.now_us()
        self.gate.note_zero(written=codes_zero)
