"""The contact check as a procedure: timing proof once more, supply on, test stream, verdict."""

from collections.abc import Generator
from dataclasses import dataclass

from appliance.control.output.handle import OutputHandle
from appliance.control.output.rig_observation import Observation
from appliance.control.procedures.contact_measurement import (
    TEST_AMPLITUDE_UA,
    ContactResult,
    ContactScript,
    DacProof,
    judge_contact,
)
from appliance.control.procedures.self_test import prove
from appliance.control.procedures.timing_proof import TimingProof
from appliance.core.plan.compiler import PlannedSlice
from appliance.core.prescription.prescription import Prescription
from appliance.safety.gate import Permit
from appliance.safety.interlocks.converters import is_as_given
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, ohms, text
from drivers.interfaces import HeldReading
from drivers.quantities import Channel, Microamps, Microseconds

SUPPLY_TICKS = 30
"""The isolated supply is good within 200 ms of SUPPLY_EN."""

_PROOFS = {
    DacProof.ZERO: "note.proof.zero",
    DacProof.TEST_CODE: "note.proof.test_code",
    DacProof.ZERO_AGAIN: "note.proof.zero_again",
}

Procedure = Generator[None, Observation, "ContactCheckProcedure"]


@dataclass(frozen=True, slots=True)
class ContactCheckProcedure:
    """The verdict: what each channel's contact is, and what else went wrong."""

    channels: tuple[ContactResult, ...]
    failures: tuple[Text, ...]
    proof: TimingProof | None

    @property
    def passed(self) -> bool:
        """Say whether the session may be armed."""
        return not self.failures and all(result.usable for result in self.channels)

    @property
    def unproven(self) -> Trip | None:
        """Return the trip of a proof that failed before any pad was tested.

        That is no matter of pads, and the fault latch is still set, on purpose: left in Ready it
        would be found a moment later, as if the hardware had cut something.
        """
        if self.proof is None or self.proof.passed:
            return None
        played = self.proof.ratio_ppm > 0
        code = TripCode.TIMING_PROOF_FAILED if played else TripCode.SELF_TEST_FAILED
        return trip(
            code, text("trip.detail.message", message=listed(self.proof.failures, "semicolon"))
        )

    @property
    def notes(self) -> tuple[Text, ...]:
        """Return what prevents arming."""
        return (*self.failures, *(_note(each) for each in self.channels if not each.usable))


def _note(result: ContactResult) -> Text:
    if result.ohm is None:
        return text("note.contact", channel=result.channel, contact=result.contact)
    ohm = ohms(result.ohm)
    return text("note.contact_ohm", channel=result.channel, contact=result.contact, ohm=ohm)


def contact_check(output: OutputHandle, prescription: Prescription) -> Procedure:
    """Prove timing and DAC, measure each pad; yields once a control tick."""
    proof = yield from prove(output)
    if not proof.passed:
        return ContactCheckProcedure((), proof.failures, proof)
    failure = yield from _power_up(output)
    if failure is not None:
        return ContactCheckProcedure((), (failure,), proof)
    channels = tuple(Channel(n) for n in prescription.channels)
    test = _Test(output, channels)
    output.gate.open(test.permit(prescription))
    output.begin_stream(test.script.next_slice, test.amplitudes_for)
    while not test.is_over(output):
        observation = yield
        test.collect(output, observation)
    return test.verdict(proof)


def _power_up(output: OutputHandle) -> Generator[None, Observation, Text | None]:
    """Give the heartbeat, reset the latch, switch the supply on; return what failed."""
    output.give_heartbeat()
    yield
    output.rig.lines.reset_latch()
    yield
    output.expect_latch(on=False)
    output.set_supply(on=True)
    for _ in range(SUPPLY_TICKS):
        observation = yield
        if observation.inputs is not None and observation.inputs.supply_good:
            return None
    return text("note.supply_down")


class _Test:
    """What the test stream needs and what was read while it played."""

    def __init__(self, output: OutputHandle, channels: tuple[Channel, ...]) -> None:
        self.script = ContactScript(channels)
        self._channels = channels
        self._gate = output.gate
        self._board_channels = output.rig.board.channels
        self._readings: dict[Channel, list[HeldReading]] = {n: [] for n in channels}
        self._proven: set[tuple[Channel, DacProof]] = set()
        self._rail_mv = output.rig.board.output.compliance_mv

    def permit(self, prescription: Prescription) -> Permit:
        """Return a permit of the test amplitude on the tested channels, and no dose."""
        ceilings = [
            int(TEST_AMPLITUDE_UA) if n in self._channels else 0
            for n in range(1, self._board_channels + 1)
        ]
        return Permit(prescription.region, prescription.pad_area_mm2, tuple(ceilings))

    def amplitudes_for(
        self, planned: PlannedSlice, starts_us: Microseconds
    ) -> tuple[Microamps, ...]:
        """Return the test amplitude where the script wants it, zero elsewhere."""
        del starts_us
        amplitudes_ua = [Microamps(0)] * self._board_channels
        for channel, share in zip(self._channels, planned.envelope_ppm, strict=True):
            if share:
                amplitudes_ua[channel - 1] = Microamps(TEST_AMPLITUDE_UA)
        return tuple(amplitudes_ua)

    def is_over(self, output: OutputHandle) -> bool:
        """Say whether the last slice has been played to its end."""
        stream = output.stream
        return stream is not None and stream.is_over(output.rig.clock.now_us())

    def collect(self, output: OutputHandle, observation: Observation) -> None:
        """Take held readings of the channel being tested, and proofs of the DAC."""
        stream = output.stream
        if stream is None or stream.playing is None:
            return
        tested = self.script.tested(stream.playing.planned.slice.number)
        for channel in self._channels:
            held = output.trackers[channel].at(observation.held_at_us)
            reading = observation.held[channel - 1]
            if channel == tested and held.pulses and held.exact and reading is not None:
                self._readings[channel].append(reading)
        if observation.readback is not None and tested is None:
            channel, code = observation.readback
            given_ua = stream.playing.highest_ua[channel - 1]
            if is_as_given(self._gate.readback(channel, code, (given_ua,))):
                proof = self.script.proof(stream.playing.planned.slice.number)
                self._proven.add((channel, proof))

    def verdict(self, proof: TimingProof) -> ContactCheckProcedure:
        """Judge everything that was read."""
        failures = tuple(
            text("note.dac_not_read_back", channel=channel, proof=text(_PROOFS[proof]))
            for channel in self._channels
            for proof in DacProof
            if (channel, proof) not in self._proven
        )
        results = tuple(
            judge_contact(channel, tuple(self._readings[channel]), self._rail_mv)
            for channel in self._channels
        )
        return ContactCheckProcedure(results, failures, proof)
