"""One prescription being given: where its plan stands, its levels, the fall when it stops.

It hands out slices and codes to the stream and remembers, for each slice sent, where the plan
goes on behind it: after an interruption the plan continues behind the last slice that began.
"""

from collections import deque
from collections.abc import Mapping

from appliance.core.compiler import Cursor, PlannedSlice, compile_next, first_cursor
from appliance.core.dose import allowances
from appliance.core.plan import plan_train
from appliance.core.prescription import Prescription
from appliance.safety import levels
from appliance.safety.gate import Gate, Permit
from appliance.safety.levels import LevelRules, LevelState, Moment
from drivers.quantities import Channel, DacCode, Microamps, Microseconds

PPM = 1_000_000


class Treatment:
    """The running prescription; made anew for each, owned by the control loop."""

    def __init__(self, prescription: Prescription, gate: Gate, channels: int) -> None:
        self.prescription = prescription
        self.plan = plan_train(prescription)
        self.rules = LevelRules(
            ceiling_ua=Microamps(prescription.ceiling_ua),
            neck=prescription.region.is_neck,
            contractions=prescription.on_off is not None,
            tap_ua=prescription.tap_ua,
        )
        self.levels: dict[int, LevelState] = {n: LevelState() for n in prescription.channels}
        self._gate = gate
        self._board_channels = channels
        self._cursor = first_cursor(self.plan)
        self._resume_at = self._cursor
        self._behind: deque[Cursor] = deque()
        self._falling_from_us: int | None = None
        self._planned_levels: dict[int, dict[int, int]] = {}
        self.causes: dict[int, str] = {}
        """What last changed the level of each channel, for the records."""

    @property
    def permit(self) -> Permit:
        """Return what the gate may pass for this prescription."""
        prescription = self.prescription
        ceilings = dict.fromkeys(prescription.channels, prescription.ceiling_ua)
        return Permit(
            region=prescription.region,
            pad_area_mm2=prescription.pad_area_mm2,
            ceilings_ua=tuple(ceilings.get(n, 0) for n in range(1, self._board_channels + 1)),
            reason_given=bool(prescription.reason.strip()),
            allowances=allowances(prescription),
        )

    @property
    def elapsed_us(self) -> Microseconds:
        """Return treatment time up to the end of the last slice that began."""
        return Microseconds(self._resume_at.start_us)

    @property
    def mean_period_us(self) -> Microseconds:
        """Return the mean time from pulse to pulse on a channel within an on-time."""
        train = self.plan.trains[0]
        cycles = getattr(self.prescription.waveform, "cycles", 1)
        return Microseconds(train.period_us // (train.pulses * cycles))

    def rewind(self) -> None:
        """Let the next stream go on behind the last slice that began."""
        self._cursor = self._resume_at
        self._behind.clear()
        self._planned_levels.clear()
        self._falling_from_us = None

    def next_slice(self, number: int) -> PlannedSlice | None:
        """Return the next slice of the plan, None at its end."""
        found = compile_next(self.plan, self._cursor, number)
        if found is None:
            return None
        planned, self._cursor = found
        self._behind.append(self._cursor)
        return planned

    def codes_for(self, planned: PlannedSlice, starts_us: Microseconds) -> tuple[DacCode, ...]:
        """Return the codes of a slice that begins at `starts_us`: level, envelope, fall."""
        codes = [DacCode(0)] * self._board_channels
        levels_ua = {channel: state.level_ua for channel, state in self.levels.items()}
        self._planned_levels[planned.slice.number] = dict(levels_ua)
        for channel, amplitude_ua in self.amplitudes(planned, starts_us):
            codes[channel - 1] = self._gate.code_of(Channel(channel), amplitude_ua)
        return tuple(codes)

    def amplitudes(
        self, planned: PlannedSlice, starts_us: Microseconds
    ) -> tuple[tuple[int, Microamps], ...]:
        """Return (channel, amplitude) of a slice; zero wherever it has no pulses."""
        amplitudes = []
        for channel, share_ppm, pulses in zip(
            self.plan.channels, planned.envelope_ppm, planned.pulses, strict=True
        ):
            amplitude_ua = self.levels[channel].level_ua * share_ppm // PPM if pulses else 0
            if self._falling_from_us is not None:
                elapsed_us = starts_us - self._falling_from_us
                amplitude_ua = levels.ramp_down(amplitude_ua, elapsed_us)
            amplitudes.append((channel, Microamps(amplitude_ua)))
        return tuple(amplitudes)

    def played(self) -> None:
        """Note that the oldest slice sent has begun."""
        self._resume_at = self._behind.popleft()

    def fall(self, now_us: Microseconds) -> None:
        """Begin the fall of a stop; one that has begun goes on."""
        if self._falling_from_us is None:
            self._falling_from_us = now_us

    def falling_for_us(self, now_us: Microseconds) -> int:
        """Return how long the fall of a stop has been going on, 0 while none is."""
        return 0 if self._falling_from_us is None else now_us - self._falling_from_us

    def interrupt(self, now_us: Microseconds) -> None:
        """Set every level to zero, as the level rules want it after an interruption."""
        for channel, state in self.levels.items():
            self.change(channel, levels.interrupt(state, now_us), "interruption")

    def levels_of(self, number: int) -> dict[int, int]:
        """Return the levels slice `number` was given its codes by (none: the slice before's)."""
        found = self._planned_levels.pop(number, {})
        self._planned_levels = {n: kept for n, kept in self._planned_levels.items() if n > number}
        return found

    def plays(self, played: Mapping[int, int], pulses: Mapping[int, int]) -> None:
        """Note the levels a slice plays at; `pulses` counts those of each channel before it."""
        for channel, level_ua in played.items():
            if self.levels[channel].level_ua == level_ua:
                self.levels[channel] = levels.play(self.levels[channel], pulses[channel])

    def begin_pulses(self, channel: int, moment: Moment) -> None:
        """Note that an on-time of a channel begins."""
        self.levels[channel] = levels.begin_pulses(self.levels[channel], moment)

    def end_pulses(self, channel: int, now_us: Microseconds) -> None:
        """Note that an on-time of a channel has ended."""
        self.levels[channel] = levels.end_pulses(self.levels[channel], now_us)

    def settle(self, channel: int, moment: Moment) -> None:
        """Let time pass for the level rules, once a tick."""
        state = levels.settle(self.levels[channel], moment)
        self.change(channel, levels.climb(state, self.rules, moment), "hold")

    def change(self, channel: int, state: LevelState, cause: str) -> None:
        """Take over what the level rules made of a channel, and remember what moved its level."""
        if state.level_ua != self.levels[channel].level_ua:
            self.causes[channel] = cause
        self.levels[channel] = state
