"""The self-test: the layers below prove themselves before anybody is asked for a prescription.

It runs with the supply off and the fault latch set: that the latch is set without a heartbeat is
itself the first proof. Nothing of it can put current on a patient.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass

from appliance.control.output.handle import OutputHandle
from appliance.control.output.rig_observation import Observation
from appliance.control.procedures.timing_proof import TimingProof, prove_timing
from appliance.safety.interlocks.limits import READBACK_CODES, REFERENCE_PERCENT
from appliance.texts.text import Text, millivolts, text
from drivers.board_file import BoardFile
from drivers.interfaces import Inputs

LATCH_TICKS = 40
"""The one-shot lapses within 200 ms (160 ms + 25 %); twice that in 10 ms ticks."""
FALL_TICKS = 51
"""SUPPLY_GOOD falls within `SUPPLY_FALL_US`, and one tick more to see it."""
SETTLE_TICKS = 8
"""Ticks in which every slow input has had its turn (four channels, rail, reference)."""

Procedure = Generator[None, Observation, "SelfTestProcedure"]


@dataclass(frozen=True, slots=True)
class SelfTestProcedure:
    """The result; `failures` is empty if everything is in order."""

    failures: tuple[Text, ...]
    proof: TimingProof | None

    @property
    def passed(self) -> bool:
        """Say whether the unit may be used."""
        return not self.failures


def self_test(output: OutputHandle) -> Procedure:
    """Prove guard, watchdog, timing, DAC and reference; yields once a control tick."""
    output.set_supply(on=False)
    output.start_guard()
    proof = yield from prove(output)
    output.give_heartbeat()
    yield
    output.expect_latch(on=False)
    return SelfTestProcedure(proof.failures, proof)


def prove(output: OutputHandle) -> Generator[None, Observation, TimingProof]:
    """Take the supply off, let the latch be set, then prove rest and timing behind it.

    The gates are only played once everything that could carry current is seen to be off. Leaves
    the heartbeat withheld and the fault latch expected to be set.
    """
    output.withhold_heartbeat()
    output.set_supply(on=False)
    latched = yield from _await(lambda inputs: not inputs.latch_clear, LATCH_TICKS)
    if not latched:
        return TimingProof(0, 0, (text("note.latch_stays_clear"),))
    yield from _await(lambda inputs: not inputs.supply_good, FALL_TICKS)
    failures: list[Text] = []
    for _ in range(SETTLE_TICKS):
        observation = yield
        failures += judge_quiet(observation, output.rig.board)
    if failures:
        return TimingProof(0, 0, tuple(dict.fromkeys(failures)))
    return (yield from prove_timing(output.rig.pulses, gate_names(output.rig.board)))


def _await(wanted: Callable[[Inputs], bool], ticks: int) -> Generator[None, Observation, bool]:
    """Wait until the inputs show what is wanted; return whether they did."""
    for _ in range(ticks):
        observation = yield
        if observation.inputs is not None and wanted(observation.inputs):
            return True
    return False


def gate_names(board: BoardFile) -> tuple[str, ...]:
    """Return the lines of the gates as edges name them, in the order of `Segment.gates`."""
    return tuple(f"gate{n}_{sign}" for n in range(1, board.channels + 1) for sign in ("pos", "neg"))


def judge_quiet(observation: Observation, board: BoardFile) -> tuple[Text, ...]:
    """Judge what must hold with everything off."""
    failures = [
        text("note.error", code=error.code, message=str(error)) for error in observation.errors
    ]
    inputs, reference = observation.inputs, observation.reference
    if inputs is not None and inputs.supply_good:
        failures.append(text("note.supply_good_high"))
    if observation.readback is not None and observation.readback[1] > READBACK_CODES:
        channel, code = observation.readback
        failures.append(
            text("note.dac_at_zero", channel=channel, code=code, allowed=READBACK_CODES)
        )
    expected_mv = board.sense.reference_mv
    if reference is not None:
        off_mv = abs(reference.value - expected_mv)
        if off_mv * 100 > expected_mv * REFERENCE_PERCENT:
            read, expected = millivolts(reference.value), millivolts(expected_mv)
            failures.append(text("note.reference", seen=read, expected=expected))
    return tuple(failures)
