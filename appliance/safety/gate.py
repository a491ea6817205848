"""The gate: the last software check before the driver, and the only holder of the outputs.

It trusts no caller. Each slice is decoded from its segments and judged again, at the highest
amplitude this session may ever latch, so that no amplitude set later can break a limit on a slice
already queued; each amplitude is judged against that one. A slice says of which part of the
prescription it is: its pulses have to be that part's, and its amplitudes at most that share of the
level, which the gate works out itself. Amplitudes are whole µA. Only the gate turns them into DAC
codes; it reports what those codes give, and that figure is the set amplitude of interlocks, doses
and records. It passes nothing unless a permit was opened for the session and the state allows
output. What it refuses is a fault of the program, never of a person, so it raises, and the control
loop cuts.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from appliance.core.limits import heating, limits
from appliance.core.limits.limits import Purpose, Region
from appliance.core.plan.compiler import PlannedSlice
from appliance.core.plan.dac_codes import amplitude_of, code_for
from appliance.core.plan.decode import DecodedPulse, decode_slice
from appliance.core.plan.dose import Dose, DoseAllowance, LastSecond, add, allows
from appliance.core.plan.portions import portion_of
from appliance.core.plan.tetanic_run import TetanicRun
from appliance.core.prescription.waveform import WHOLE_LEVEL
from appliance.core.refusal import Refusal
from appliance.errors import InternalFault
from appliance.safety.interlocks.readings import Readback
from appliance.safety.state_machine.states import State, is_energising
from appliance.texts.english import english
from drivers.interfaces import Rig
from drivers.quantities import Channel, DacCode, Microamps

BIPHASIC = 2


class GateRefused(InternalFault):
    """The gate refused a slice, amplitudes or a permit that break a limit; nothing was played."""

    code = "A120"


class PartPermit(NamedTuple):
    """What the pulses of one part of a prescription may be.

    Phases are from `shortest_us` to `longest_us`; pulses of a channel begin at least `apart_us`
    after each other. `tetanic` says that contractions fuse, so that runs and rests are judged.
    """

    share_percent: int
    shortest_us: int
    longest_us: int
    apart_us: int
    tetanic: bool = False


@dataclass(frozen=True, slots=True)
class Permit:
    """The limits of one session: one ceiling per channel of the board, 0 where unused.

    `reason_given` says that a clinician passed the density caution. `allowances` are what the
    prescription permits each channel; empty for the contact check, which gives no dose. `parts` are
    those of the prescription, none for the contact check. `finds` says that a motor point is
    searched with a pad held by hand: only that, with its own low limits, lets contact open.
    """

    region: Region
    pad_area_mm2: int
    ceilings_ua: tuple[int, ...]
    reason_given: bool = False
    allowances: Mapping[int, DoseAllowance] = field(default_factory=dict)
    parts: tuple[PartPermit, ...] = ()
    finds: bool = False

    def share_ua(self, part: int, amplitude_ua: int) -> int:
        """Return the share of an amplitude or level that a part may have, in whole µA."""
        if not self.parts:
            return amplitude_ua
        return amplitude_ua * self.parts[part].share_percent // WHOLE_LEVEL


class Gate:
    """Checks slices and amplitudes again and passes them to the drivers; see the module."""

    def __init__(self, rig: Rig) -> None:
        self._pulses = rig.pulses
        self._currents = rig.currents
        self._board = rig.board
        self._permit: Permit | None = None
        self._energising = False
        self._level_of: Callable[[int], int] | None = None
        self._seconds: dict[int, LastSecond] = {}
        self._runs: dict[int, TetanicRun] = {}
        self._last_us: dict[int, tuple[int, int]] = {}
        """The part and the beginning of the last pulse of each channel."""
        self._stream_us = 0
        self._sent: dict[int, Dose] = {}
        self._begun: dict[int, Dose] = {}
        """What the slices that began to play held for each channel: what allowances are left."""
        self._doses: dict[int, Dose] = {}
        self._nothing_ua = (Microamps(0),) * rig.board.channels
        self._highest_ua = self._lowest_ua = self._nothing_ua

    def open(self, permit: Permit, level_of: Callable[[int], int] | None = None) -> None:
        """Begin a session's output within `permit`, with an empty ledger.

        `level_of` gives the set level of a channel in µA; None where none is set, for the contact
        check. Raises `GateRefused` for a ceiling that no purpose could have in that region.
        """
        self._permit = None
        if len(permit.ceilings_ua) != self._board.channels:
            found = f"{len(permit.ceilings_ua)} ceilings"
            raise GateRefused(f"{found} for a board of {self._board.channels} channels")
        highest_ua = max(
            limits.ceiling_ua(
                permit.region, purpose, reason_given=permit.reason_given, finds=permit.finds
            )
            for purpose in Purpose
        )
        _judge_find(permit)
        for number, ceiling_ua in enumerate(permit.ceilings_ua, start=1):
            self._refuse(limits.check_amplitude(ceiling_ua, highest_ua), number)
        self._permit, self._level_of = permit, level_of
        self._doses = {channel: Dose() for channel in permit.allowances}
        self._begun = dict(self._doses)
        self._sent = dict(self._doses)

    def shut(self) -> None:
        """End the permit; nothing passes any more."""
        self._permit = None
        self._energising = False

    def enter(self, state: State) -> None:
        """Note the state; outside an energising one nothing passes."""
        self._energising = is_energising(state)

    def begin_stream(self) -> None:
        """Start a fresh stream with every amplitude at zero.

        The zeros come first: LDAC is low before the stream, so they act at once.
        """
        self._passable()
        self.zero()
        self._pulses.begin_stream()
        self._seconds, self._runs, self._last_us = {}, {}, {}
        self._stream_us = 0
        self._sent = dict(self._begun)

    def play(self, planned: PlannedSlice) -> None:
        """Judge a slice and queue it; raises `GateRefused` or `DriverError`."""
        permit = self._passable()
        piece = planned.slice
        pulses = decode_slice(piece, self._board.channels)
        part = self._part_of(permit, planned)
        worst_us: dict[int, int] = {}
        for pulse in pulses:
            self._judge_pulse(permit, pulse, planned.part)
            if part is not None:
                self._judge_part(part, pulse, planned.part)
            second = self._seconds.setdefault(pulse.channel, LastSecond())
            on_us = second.add(self._stream_us, pulse)
            worst_us[pulse.channel] = max(worst_us.get(pulse.channel, 0), on_us)
        for channel, on_us in worst_us.items():
            self._judge_heating(permit, channel, on_us, planned.part)
        self._judge_dose(permit, planned, pulses)
        self._pulses.play(piece)
        self._stream_us += piece.duration_us

    def played(self, planned: PlannedSlice, amplitudes_ua: tuple[Microamps, ...]) -> None:
        """Add a slice that has begun to play at these amplitudes to the doses.

        They are what `set_amplitudes` reported; a pulse at 0 µA is not a pulse that was given.
        """
        pulses = decode_slice(planned.slice, self._board.channels)
        for channel, dose in self._doses.items():
            amplitude_ua = amplitudes_ua[channel - 1]
            portion = portion_of(planned, pulses, channel, amplitude_ua)
            self._begun[channel] = add(self._begun[channel], portion)
            given = portion if amplitude_ua else portion._replace(pulses=0)
            self._doses[channel] = add(dose, given)

    def forget_doses(self) -> None:
        """Forget what the last session gave: a new prescription has given nothing yet."""
        self._doses = {}

    def set_amplitudes(
        self, asked_ua: tuple[Microamps, ...], planned: PlannedSlice | None = None
    ) -> tuple[Microamps, ...]:
        """Judge the amplitudes of the next slice, one per channel, and write them if they are new.

        Return what the DAC gives for them (µA, rounded up): the largest it can that is not more
        than was asked. `planned` is that slice; without it only zero passes. Raises `GateRefused`
        for what is not a whole number from 0 to the channel's ceiling, or more than the slice's
        share of the level, `DriverError` where writing fails.
        """
        permit = self._passable()
        if len(asked_ua) != self._board.channels:
            found = f"{len(asked_ua)} amplitudes"
            raise GateRefused(f"{found} for a board of {self._board.channels} channels")
        quantised = [
            self._quantise(number, amplitude_ua, ceiling_ua)
            for number, (amplitude_ua, ceiling_ua) in enumerate(
                zip(asked_ua, permit.ceilings_ua, strict=True), start=1
            )
        ]
        self._judge_shares(permit, asked_ua, planned)
        given_ua = tuple(amplitude_ua for _, amplitude_ua in quantised)
        if not given_ua == self._highest_ua == self._lowest_ua:
            self._write(tuple(code for code, _ in quantised), given_ua)
        return given_ua

    def zero(self) -> None:
        """Write zero codes, which is always allowed."""
        self._write((DacCode(0),) * self._board.channels, self._nothing_ua)

    def note_zero(self, *, written: bool) -> None:
        """Note that the cut has written zero codes, or has tried to and failed."""
        self._lowest_ua = self._nothing_ua
        if written:
            self._highest_ua = self._nothing_ua

    def zero_unknown(self) -> None:
        """Write zero codes again where a write failed, so that what the DAC holds is known."""
        if self._highest_ua != self._lowest_ua:
            self.zero()

    @property
    def highest_ua(self) -> tuple[Microamps, ...]:
        """Return the highest amplitudes the DAC may hold: those last set, unless a write failed."""
        return self._highest_ua

    @property
    def lowest_ua(self) -> tuple[Microamps, ...]:
        """Return the lowest; after a write that failed the DAC holds something in between."""
        return self._lowest_ua

    @property
    def doses(self) -> Mapping[int, Dose]:
        """Return what each channel of the session was given; a pulse at 0 µA gives nothing."""
        return MappingProxyType(self._doses)

    @property
    def ceilings_ua(self) -> tuple[int, ...]:
        """Return the ceiling of each channel of the board, 0 while nothing is permitted."""
        return self._permit.ceilings_ua if self._permit else (0,) * self._board.channels

    @property
    def pad_is_held(self) -> bool:
        """Say whether a pad is held by hand, so that an open contact is no fault of a lead."""
        return self._permit is not None and self._permit.finds

    def readback(
        self, channel: Channel, code: DacCode, given_ua: Collection[Microamps]
    ) -> Readback:
        """Return a DAC output read back, with the lowest and highest code it may have had.

        `given_ua` are amplitudes that `set_amplitudes` reported, so each is that of one code.
        """
        lowest = code_for(self._board, channel, min(given_ua))
        return Readback(code, lowest, code_for(self._board, channel, max(given_ua)))

    def _quantise(
        self, number: int, asked_ua: Microamps, ceiling_ua: int
    ) -> tuple[DacCode, Microamps]:
        """Return the code of an amplitude, and what it gives."""
        # A bool, a float or NaN compares like a number, and would be taken for one.
        if type(asked_ua) is not int or asked_ua < 0:
            raise GateRefused(f"channel {number}: {asked_ua!r} is no amplitude in µA")
        if asked_ua > ceiling_ua:
            raise GateRefused(f"channel {number}: asked {asked_ua} µA, ceiling {ceiling_ua} µA")
        code = code_for(self._board, number, asked_ua)
        given_ua = amplitude_of(self._board, number, code)
        if given_ua > asked_ua:
            given = f"code {code} gives {given_ua} µA"
            raise GateRefused(f"channel {number}: asked {asked_ua} µA, {given}")
        return code, given_ua

    def _write(self, codes: tuple[DacCode, ...], given_ua: tuple[Microamps, ...]) -> None:
        """Write codes; until the write has succeeded, each may be the old one or the new."""
        self._highest_ua = tuple(map(max, self._highest_ua, given_ua))
        self._lowest_ua = tuple(map(min, self._lowest_ua, given_ua))
        self._currents.write_codes(codes)
        self._highest_ua = self._lowest_ua = given_ua

    def _passable(self) -> Permit:
        if self._permit is None:
            raise GateRefused("no session has been permitted")
        if not self._energising:
            raise GateRefused("the state allows no output")
        return self._permit

    def _judge_shares(
        self, permit: Permit, asked_ua: tuple[Microamps, ...], planned: PlannedSlice | None
    ) -> None:
        """Judge amplitudes by the set levels; the share of the slice's part is the permit's own."""
        if self._level_of is None:
            return
        if planned is None:
            if any(asked_ua):
                raise GateRefused("amplitudes for a slice that is not named")
            return  # zero is within every share, and is never kept back
        self._part_of(permit, planned)
        for number, amplitude_ua in enumerate(asked_ua, start=1):
            most_ua = permit.share_ua(planned.part, self._level_of(number))
            if amplitude_ua > most_ua:
                share = f"part {planned.part + 1} has {most_ua} µA of the level"
                raise GateRefused(f"channel {number}: asked {amplitude_ua} µA, {share}")

    @staticmethod
    def _part_of(permit: Permit, planned: PlannedSlice) -> PartPermit | None:
        """Return what the part of a slice may be, None where there are no parts."""
        if not permit.parts:
            return None
        if not 0 <= planned.part < len(permit.parts):
            raise GateRefused(f"there is no part {planned.part + 1} in this session")
        return permit.parts[planned.part]

    def _judge_part(self, part: PartPermit, pulse: DecodedPulse, number: int) -> None:
        """Judge a pulse by its part: its phases, its rate, and runs and rests where they fuse."""
        phase_us, begins_us = pulse.phases[0].duration_us, self._stream_us + pulse.start_us
        where = f"channel {pulse.channel}, part {number + 1}"
        if not part.shortest_us <= phase_us <= part.longest_us:
            raise GateRefused(f"{where}: a phase of {phase_us} µs is not of this part")
        last_part, last_us = self._last_us.get(pulse.channel, (number, begins_us - part.apart_us))
        if last_part == number and begins_us - last_us < part.apart_us:
            raise GateRefused(f"{where}: pulses {begins_us - last_us} µs apart")
        self._last_us[pulse.channel] = number, begins_us
        if part.tetanic:
            run = self._runs.setdefault(pulse.channel, TetanicRun())
            self._refuse(run.add(begins_us, self._stream_us + pulse.end_us), pulse.channel)

    def _judge_pulse(self, permit: Permit, pulse: DecodedPulse, part: int) -> None:
        ceiling_ua = permit.share_ua(part, permit.ceilings_ua[pulse.channel - 1])
        if not permit.ceilings_ua[pulse.channel - 1]:
            raise GateRefused(f"channel {pulse.channel} is not part of this session")
        if len(pulse.phases) != BIPHASIC:
            raise GateRefused(f"channel {pulse.channel}: a pulse of {len(pulse.phases)} phases")
        (sign, _, phase_us), (other_sign, _, other_us) = pulse.phases
        if pulse.balance_us:
            phases = f"{sign * phase_us} and {other_sign * other_us} µs"
            raise GateRefused(f"channel {pulse.channel}: phases of {phases}")
        phase = limits.check_phase(phase_us, permit.region, finds=permit.finds)
        self._refuse(phase, pulse.channel)
        self._refuse(limits.check_interphase(pulse.interphase_us), pulse.channel)
        self._refuse(limits.check_phase_charge(ceiling_ua, phase_us, permit.region), pulse.channel)

    def _judge_heating(self, permit: Permit, channel: int, on_us: int, part: int) -> None:
        """Judge the last second at the part's share of the ceiling, the slice to come included.

        No part with a greater share is within a second before it.
        """
        ceiling_ua = permit.share_ua(part, permit.ceilings_ua[channel - 1])
        area_mm2 = permit.pad_area_mm2
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
            ceiling_ua = permit.share_ua(planned.part, permit.ceilings_ua[channel - 1])
            portion = portion_of(planned, pulses, channel, ceiling_ua)
            self._refuse(allows(self._sent[channel], allowance, portion), channel)
            self._sent[channel] = add(self._sent[channel], portion)

    @staticmethod
    def _refuse(refusal: Refusal | None, channel: int) -> None:
        if refusal is not None:
            raise GateRefused(f"channel {channel}: {english(refusal.text())}")


def _judge_find(permit: Permit) -> None:
    """Refuse a search for a motor point that is longer, or has pulses closer, than one may be."""
    if not permit.finds:
        return
    longest_us = max((each.elapsed_us for each in permit.allowances.values()), default=0)
    apart_us = min((part.apart_us for part in permit.parts), default=0)
    if longest_us > limits.FIND_SESSION_MAX_US or apart_us < limits.FIND_PERIOD_MIN_US:
        raise GateRefused(f"a search of {longest_us} µs with pulses {apart_us} µs apart")
