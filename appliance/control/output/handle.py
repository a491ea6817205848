"""The output as the engine drives it: supply, guard, heartbeat and the slice stream.

The loop serves guard, stream and heartbeat every tick. A procedure (self-test, contact check) or a
drill withholds heartbeat or refresh here, and gives them back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from appliance.control.output.sampled_pulses import PulseTracker
from appliance.control.output.slice_stream import AmplitudesFor, SliceStream, Source
from appliance.safety.gate import Gate
from drivers.interfaces import Rig
from drivers.quantities import Microseconds

BOOT_US = Microseconds(0)


class SignsOfLife(NamedTuple):
    """When heartbeat and guard refresh were last given, and whether they are given now.

    `latch_expected` says that the fault latch is set on purpose: the interlocks do not judge it.
    """

    heartbeat: bool = True
    refresh: bool = True
    latch_expected: bool = False
    beat_at_us: Microseconds = BOOT_US
    refreshed_at_us: Microseconds = BOOT_US


class Supply(NamedTuple):
    """SUPPLY_EN as last driven, and when it last changed."""

    on: bool = False
    at_us: Microseconds = BOOT_US


@dataclass(slots=True)
class OutputHandle:
    """The rig with what the engine has driven on it; only its methods write its state.

    `stream` is the one being fed, `trackers` say which of its pulses can have been held.
    """

    rig: Rig
    gate: Gate
    on_guard_started: Callable[[], None] = lambda: None
    _life: SignsOfLife = field(default_factory=SignsOfLife)
    _supply: Supply = field(default_factory=Supply)
    _stream: SliceStream | None = None
    _streams: int = 0
    _trackers: dict[int, PulseTracker] = field(default_factory=dict)

    @property
    def life(self) -> SignsOfLife:
        """Return what is given to the guard and the one-shot."""
        return self._life

    @property
    def supply_on(self) -> bool:
        """Say whether SUPPLY_EN was last driven high."""
        return self._supply.on

    @property
    def supply_at_us(self) -> Microseconds:
        """Return when SUPPLY_EN last changed."""
        return self._supply.at_us

    @property
    def stream(self) -> SliceStream | None:
        """Return the stream being fed, None without one."""
        return self._stream

    @property
    def trackers(self) -> Mapping[int, PulseTracker]:
        """Return the pulse tracker of each channel; empty without a stream."""
        return self._trackers

    def set_supply(self, *, on: bool) -> None:
        """Drive SUPPLY_EN and remember when it changed."""
        self.rig.lines.set_supply(on=on)
        if on != self.supply_on:
            self._supply = Supply(on, self.rig.clock.now_us())

    def withhold_heartbeat(self) -> None:
        """Stop the heartbeat on purpose: the one-shot lapses and sets the fault latch."""
        self._life = self._life._replace(heartbeat=False, latch_expected=True)

    def give_heartbeat(self) -> None:
        """Beat again from this tick on; the latch is still expected to be set."""
        self._life = self._life._replace(heartbeat=True)

    def expect_latch(self, *, on: bool) -> None:
        """Say whether the fault latch is set on purpose from now on."""
        self._life = self._life._replace(latch_expected=on)

    def withhold_refresh(self) -> None:
        """Stop refreshing the guard: it trips by silence."""
        self._life = self._life._replace(refresh=False)

    def give_refresh(self) -> None:
        """Refresh the guard again from this tick on."""
        self._life = self._life._replace(refresh=True)

    def release(self) -> None:
        """Give heartbeat and refresh again; the fault latch is not expected to be set."""
        self._life = self._life._replace(heartbeat=True, refresh=True, latch_expected=False)

    def refresh_guard(self) -> Microseconds | None:
        """Refresh the guard unless that is withheld; return when it was asked to believe us."""
        if not self._life.refresh:
            return None
        asked_us = self.rig.clock.now_us()
        self._life = self._life._replace(refreshed_at_us=asked_us)
        self.rig.pulses.refresh_guard()
        return asked_us

    def beat(self) -> None:
        """Toggle the heartbeat unless it is withheld."""
        if self._life.heartbeat:
            self.rig.lines.toggle_heartbeat()
            self._life = self._life._replace(beat_at_us=self.rig.clock.now_us())

    def start_guard(self) -> None:
        """Bring the daemon's side to rest, store a fresh guard in it and run it.

        After the last-resort clear through the kernel the gates are no longer the daemon's.
        """
        self.rig.pulses.prepare()
        self.rig.pulses.start_guard()
        self.on_guard_started()

    def begin_stream(self, source: Source, amplitudes_for: AmplitudesFor) -> None:
        """Begin a fresh stream, amplitudes zero."""
        self._streams += 1
        self._trackers = {n: PulseTracker() for n in range(1, self.rig.board.channels + 1)}
        self._stream = SliceStream(self._streams, self.gate, source, amplitudes_for)
        self._stream.begin(self.rig.clock.now_us())

    def end_stream(self) -> None:
        """Stop the waves with gates off and amplitudes at zero; the supply stays as it is."""
        self._stream = None
        try:
            self.rig.pulses.cut()
        finally:
            self.gate.zero()

    def forget_stream(self, *, supply_off: bool, codes_zero: bool) -> None:
        """Note that a cut has ended the stream; what failed of it is not believed."""
        self._stream = None
        if self.supply_on and supply_off:
            self._supply = Supply(on=False, at_us=self.rig.clock.now_us())
        self.gate.note_zero(written=codes_zero)

    def forget_trackers(self) -> None:
        """Forget which pulses can have been held: their stream has ended and was counted."""
        self._trackers = {}
