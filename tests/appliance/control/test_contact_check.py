"""The contact check: the slices it plays, and the readbacks that show a DAC to work."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from appliance.control.output.rig_observation import Observation
from appliance.control.output.sampled_pulses import PulseTracker
from appliance.control.output.slice_stream import PlayedSlice
from appliance.control.procedures.contact_check import _Test
from appliance.control.procedures.contact_measurement import ContactScript, DacProof
from appliance.core.plan.compiler import PlannedSlice
from appliance.safety.gate import Gate
from appliance.texts.english import english
from drivers.board_file import load_board_file
from drivers.interfaces import Rig
from drivers.quantities import Channel, DacCode, Microamps, Microseconds
from drivers.rigs.virtual import open_stepped_rig
from drivers.virtual.board import VirtualBoard

ONE = Channel(1)
TEST_CODE, TEST_UA = 68, 1_993
"""2 mA on 120 mA over 4 095 codes, which is 1.9927 mA."""
NOW = Microseconds(0)


@pytest.fixture
def rig() -> Iterator[Rig]:
    found = open_stepped_rig(VirtualBoard(load_board_file()))
    yield found
    found.close()


def read_at(code: int) -> Observation:
    nothing: Any = None
    return Observation(
        at_us=NOW,
        inputs=nothing,
        held=(nothing, nothing),
        held_at_us=NOW,
        readback=(ONE, DacCode(code)),
        rail=nothing,
        reference=nothing,
        guard=nothing,
        guard_at_us=NOW,
        stream=nothing,
        errors=(),
    )


def failures(rig: Rig, answers: dict[DacProof, int]) -> tuple[str, ...]:
    """Play the slices of the check; `answers` gives the code that is read back for each proof."""
    output: Any = SimpleNamespace(gate=Gate(rig), rig=rig, trackers={ONE: PulseTracker()})
    test = _Test(output, (ONE,))
    for number in range(1, test.script.length + 1):
        planned = test.script.next_slice(number)
        assert planned is not None
        given_ua = Microamps(TEST_UA if any(planned.envelope_ppm) else 0), Microamps(0)
        playing = PlayedSlice(planned, NOW, given_ua, given_ua)
        output.stream = SimpleNamespace(playing=playing)
        proof = test.script.proof(number)
        if not any(planned.pulses) and proof in answers:
            test.collect(output, read_at(answers[proof]))
    found = test.verdict(None).failures  # type: ignore[arg-type]
    return tuple(map(english, found))


GOOD = {DacProof.ZERO: 0, DacProof.TEST_CODE: TEST_CODE, DacProof.ZERO_AGAIN: 0}


@pytest.mark.proves("dac-readback")
def test_a_dac_read_right_three_times_is_proven(rig: Rig) -> None:
    assert failures(rig, GOOD) == ()


@pytest.mark.proves("dac-readback")
@pytest.mark.parametrize(
    ("wrong", "code", "said"),
    [
        (DacProof.ZERO, 42, "zero"),
        (DacProof.TEST_CODE, 0, "the test code"),
        (DacProof.TEST_CODE, 110, "the test code"),
        (DacProof.ZERO_AGAIN, TEST_CODE, "zero again"),
        (DacProof.ZERO_AGAIN, 42, "zero again"),
    ],
)
def test_a_dac_read_wrong_once_is_not_proven(
    rig: Rig, wrong: DacProof, code: int, said: str
) -> None:
    """Hazard: a unit whose DAC does not return to zero is armed."""
    assert failures(rig, {**GOOD, wrong: code}) == (f"DAC 1 was not read back at {said}",)


@pytest.mark.proves("dac-readback")
@pytest.mark.parametrize("missing", DacProof)
def test_a_readback_that_was_never_taken_fails_the_check(rig: Rig, missing: DacProof) -> None:
    answers = {proof: code for proof, code in GOOD.items() if proof is not missing}
    assert failures(rig, answers) == (f"DAC 1 was not read back at {missing}",)


@pytest.mark.proves("dac-readback")
@pytest.mark.parametrize("channels", [(1,), (1, 2), (1, 2, 3, 4)])
def test_the_script_requires_readbacks_at_zero_at_the_code_and_at_zero_again(
    channels: tuple[int, ...],
) -> None:
    script = ContactScript(tuple(Channel(n) for n in channels))
    quiet = [n for n in range(1, script.length + 1) if script.tested(n) is None]
    proofs = [script.proof(n) for n in quiet]
    assert proofs == [*[DacProof.ZERO] * 3, *[DacProof.TEST_CODE] * 3, *[DacProof.ZERO_AGAIN] * 3]


@pytest.mark.proves("contact-check")
@pytest.mark.parametrize("channels", [(1,), (2,), (1, 2), (1, 2, 3, 4)])
def test_the_check_lasts_at_most_1_s_of_pulses_and_ends_at_code_zero(
    channels: tuple[int, ...],
) -> None:
    script = ContactScript(tuple(Channel(n) for n in channels))
    slices: list[PlannedSlice] = []
    while (planned := script.next_slice(len(slices) + 1)) is not None:
        slices.append(planned)
    assert len(slices) == script.length
    pulsed_us = sum(each.slice.duration_us for each in slices if any(each.pulses))
    assert pulsed_us <= 1_000_000
    assert not any(slices[0].envelope_ppm)
    assert not any(slices[-1].envelope_ppm)
    assert all(sum(map(bool, each.pulses)) <= 1 for each in slices)
