"""The gate: the last software check before the driver, and the only holder of the outputs.

It trusts no caller. Each slice is decoded from its segments and judged again, at the highest
amplitude this session may ever latch, so that no code written later can break a limit on a slice
already queued; each code is judged against that amplitude. It passes nothing unless a permit was
opened for the session and the state allows output. What it refuses is a fault of the program,
never of a person, so it raises, and the control loop cuts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from appliance.core.limits import heating, limits
from appliance.core.limits.limits import Purpose, Region
from appliance.core.plan.compiler import PlannedSlice, Stage
from appliance.core.plan.dac_codes import MAX_CODE, amplitude_of, code_for
from appliance.core.plan.decode import DecodedPulse, decode_slice
from appliance.core.plan.dose import Dose, DoseAllowance, LastSecond, Portion, add, allows
from appliance.core.refusal import Refusal
from appliance.errors import InternalFault
from appliance.safety.state_machine.states import State, is_energising
from appliance.texts.english import english
from drivers.interfaces import Rig
from drivers.quantities import Channel, DacCode, Microamps

BIPHASIC = 2


class GateRefused(InternalFault):
    """The gate refused a slice, codes or a permit that break a limit; nothing of it was played."""

    code = "A120"


@dataclass(frozen=True, slots=True)
class Permit:
    """The limits of one session: one ceiling per channel of the board, 0 where unused.

    `reason_given` says that a clinician passed the density caution. `allowances` are what the
    prescription permits each channel; empty for the contact check, which gives no dose.
    """

    region: Region
    pad_area_mm2: int
    ceilings_ua: tuple[int, ...]
    reason_given: bool = False
    allowances: Mapping[int, DoseAllowance] = field(default_factory=dict)


class Gate:
    """Checks slices and codes again and passes them to the drivers; see the module."""

    def __init__(self, rig: Rig) -> None:
        self._pulses = rig.pulses
        self._currents = rig.currents
        self._board = rig.board
        self._permit: Permit | None = None
        self._energising = False
        self._seconds: dict[int, LastSecond] = {}
        self._stream_us = 0
        self._sent: dict[int, Dose] = {}
        self._begun: dict[int, Dose] = {}
        """What the slices that began to play held for each channel: what allowances are left."""
        self.doses: dict[int, Dose] = {}
        """What each channel of the session was given; a pulse at code 0 gives nothing."""
        self.codes: tuple[DacCode, ...] = (DacCode(0),) * rig.board.channels
        """The highest codes that the DAC may hold: those last written, unless a write failed."""
        self.least_codes: tuple[DacCode, ...] = self.codes
        """The lowest; after a write that failed the DAC holds something in between."""

    def open(self, permit: Permit) -> None:
        """Begin a session's output within `permit`, with an empty ledger.

        Raises `GateRefused` for a ceiling that no purpose could have in that region.
        """
        self._permit = None
        if len(permit.ceilings_ua) != self._board.channels:
            found = f"{len(permit.ceilings_ua)} ceilings"
            raise GateRefused(f"{found} for a board of {self._board.channels} channels")
        highest_ua = max(
            limits.ceiling_ua(permit.region, purpose, reason_given=permit.reason_given)
            for purpose in Purpose
        )
        for number, ceiling_ua in enumerate(permit.ceilings_ua, start=1):
            self._refuse(limits.check_amplitude(ceiling_ua, highest_ua), number)
        self._permit = permit
        self.doses = {channel: Dose() for channel in permit.allowances}
        self._begun = dict(self.doses)
        self._sent = dict(self.doses)

    def shut(self) -> None:
        """End the permit; nothing passes any more."""
        self._permit = None
        self._energising = False

    def enter(self, state: State) -> None:
        """Note the state; outside an energising one nothing passes."""
        self._energising = is_energising(state)

    def begin_stream(self) -> None:
        """Start a fresh stream with every code at zero.

        The codes come first: LDAC is low before the stream, so they act at once.
        """
        self._passable()
        self.zero()
        self._pulses.begin_stream()
        self._seconds = {}
        self._stream_us = 0
        self._sent = dict(self._begun)

    def play(self, planned: PlannedSlice) -> None:
        """Judge a slice and queue it; raises `GateRefused` or `DriverError`."""
        permit = self._passable()
        piece = planned.slice
        pulses = decode_slice(piece, self._board.channels)
        worst_us: dict[int, int] = {}
        for pulse in pulses:
            self._judge_pulse(permit, pulse)
            second = self._seconds.setdefault(pulse.channel, LastSecond())
            on_us = second.add(self._stream_us, pulse)
            worst_us[pulse.channel] = max(worst_us.get(pulse.channel, 0), on_us)
        for channel, on_us in worst_us.items():
            self._judge_heating(permit, channel, on_us)
        self._judge_dose(permit, planned, pulses)
        self._pulses.play(piece)
        self._stream_us += piece.duration_us

    def played(self, planned: PlannedSlice, codes: tuple[DacCode, ...]) -> None:
        """Add a slice that has begun to play with these codes to the doses."""
        pulses = decode_slice(planned.slice, self._board.channels)
        for channel, dose in self.doses.items():
            amplitude_ua = amplitude_of(self._board, Channel(channel), codes[channel - 1])
            portion = portion_of(planned, pulses, channel, amplitude_ua)
            self._begun[channel] = add(self._begun[channel], portion)
            given = portion if codes[channel - 1] else portion._replace(pulses=0)
            self.doses[channel] = add(dose, given)

    def write_codes(self, codes: tuple[DacCode, ...]) -> None:
        """Judge the codes of the next slice and write them if they are new."""
        permit = self._passable()
        if codes == self.codes == self.least_codes:
            return
        if len(codes) != self._board.channels or not 0 <= min(codes) <= max(codes) <= MAX_CODE:
            raise GateRefused(f"codes {codes} for a board of {self._board.channels} channels")
        for number, code in enumerate(codes, start=1):
            amplitude_ua = amplitude_of(self._board, Channel(number), code)
            if amplitude_ua > permit.ceilings_ua[number - 1]:
                asked, allowed = f"{amplitude_ua} µA", f"{permit.ceilings_ua[number - 1]} µA"
                raise GateRefused(f"channel {number}: code {code} is {asked}, ceiling {allowed}")
        self._write(codes)

    def zero(self) -> None:
        """Write zero codes, which is always allowed."""
        self._write((DacCode(0),) * self._board.channels)

    def note_zero(self, *, written: bool) -> None:
        """Note that the cut has written zero codes, or has tried to and failed."""
        self.least_codes = (DacCode(0),) * self._board.channels
        if written:
            self.codes = self.least_codes

    def zero_unknown(self) -> None:
        """Write zero codes again where a write failed, so that what the DAC holds is known."""
        if self.codes != self.least_codes:
            self.zero()

    @property
    def ceilings_ua(self) -> tuple[int, ...]:
        """Return the ceiling of each channel of the board, 0 while nothing is permitted."""
        return self._permit.ceilings_ua if self._permit else (0,) * self._board.channels

    def code_of(self, channel: Channel, amplitude_ua: int) -> DacCode:
        """Return the code for an amplitude on this board, never above it."""
        return code_for(self._board, channel, Microamps(amplitude_ua))

    def _write(self, codes: tuple[DacCode, ...]) -> None:
        """Write codes; until the write has succeeded, each may be the old one or the new."""
        highest = tuple(map(max, self.codes, codes))
        self.codes, self.least_codes = highest, tuple(map(min, self.least_codes, codes))
        self._currents.write_codes(codes)
        self.codes = self.least_codes = codes

    def _passable(self) -> Permit:
        if self._permit is None:
            raise GateRefused("no session has been permitted")
        if not self._energising:
            raise GateRefused("the state allows no output")
        return self._permit

    def _judge_pulse(self, permit: Permit, pulse: DecodedPulse) -> None:
        ceiling_ua = permit.ceilings_ua[pulse.channel - 1]
        if not ceiling_ua:
            raise GateRefused(f"channel {pulse.channel} is not part of this session")
        if len(pulse.phases) != BIPHASIC:
            raise GateRefused(f"channel {pulse.channel}: a pulse of {len(pulse.phases)} phases")
        (sign, _, phase_us), (other_sign, _, other_us) = pulse.phases
        if sign != -other_sign or phase_us != other_us:
            phases = f"{sign * phase_us} and {other_sign * other_us} µs"
            raise GateRefused(f"channel {pulse.channel}: phases of {phases}")
        self._refuse(limits.check_phase(phase_us, permit.region), pulse.channel)
        self._refuse(limits.check_interphase(pulse.interphase_us), pulse.channel)
        self._refuse(limits.check_phase_charge(ceiling_ua, phase_us, permit.region), pulse.channel)

    def _judge_heating(self, permit: Permit, channel: int, on_us: int) -> None:
        """Judge the last second at the ceiling, the slice to come included."""
        ceiling_ua, area_mm2 = permit.ceilings_ua[channel - 1], permit.pad_area_mm2
        self._refuse(heating.check_rms(ceiling_ua, on_us), channel)
        self._refuse(heating.check_power(ceiling_ua, on_us, area_mm2), channel)
        density = heating.check_density(
            ceiling_ua, on_us, area_mm2, permit.region, acknowledged=permit.reason_given
        )
        self._refuse(density, channel)

    def _judge_dose(
        self, permit: Permit, planned: PlannedSlice, pulses: tuple[DecodedPulse, ...]
    ) -> None:
        """Judge the slice as if it and all queued before it played at the ceiling."""
        for channel, allowance in permit.allowances.items():
            ceiling_ua = permit.ceilings_ua[channel - 1]
            portion = portion_of(planned, pulses, channel, ceiling_ua)
            self._refuse(allows(self._sent[channel], allowance, portion), channel)
            self._sent[channel] = add(self._sent[channel], portion)

    @staticmethod
    def _refuse(refusal: Refusal | None, channel: int) -> None:
        if refusal is not None:
            raise GateRefused(f"channel {channel}: {english(refusal.text())}")


def phase_times(pulses: tuple[DecodedPulse, ...]) -> dict[int, int]:
    """Return the sum of all phases of each channel that pulses in a slice, in µs."""
    times: dict[int, int] = {}
    for pulse in pulses:
        length_us = sum(phase.duration_us for phase in pulse.phases)
        times[pulse.channel] = times.get(pulse.channel, 0) + length_us
    return times


def portion_of(
    planned: PlannedSlice, pulses: tuple[DecodedPulse, ...], channel: int, amplitude_ua: int
) -> Portion:
    """Return what a slice gives one channel at an amplitude."""
    mine = tuple(pulse for pulse in pulses if pulse.channel == channel)
    return Portion(
        planned.slice.duration_us,
        len(mine),
        phase_times(mine).get(channel, 0),
        amplitude_ua,
        planned.stage is not Stage.REST,
        planned.waiting and not pulses,
    )
