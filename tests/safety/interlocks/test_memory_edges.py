"""What the interlocks keep from tick to tick when a contact check begins."""

import pytest

from appliance.safety.interlocks import InterlockMemory, judge
from drivers.quantities import Microseconds
from tests.safety.interlocks.bench import MS, T, channel, readings

pytestmark = pytest.mark.proves("latched-trips")


def learnt() -> InterlockMemory:
    """Return what is known after enough pulses for a baseline of the pads."""
    memory = InterlockMemory()
    for n in range(20):
        now_us = Microseconds(T + n * 10 * MS)
        memory = judge(
            memory,
            readings(now_us=now_us, channels=(channel(pulses=n + 1, held_at_us=now_us),)),
        ).memory
    return memory


def pads_known(memory: InterlockMemory) -> bool:
    return any(getattr(part, "baselines", None) for part in memory.channels[0].parts)


def test_the_first_tick_of_a_contact_check_forgets_the_pads_and_no_hold_judged_before() -> None:
    memory = learnt()
    assert pads_known(memory)
    now_us = Microseconds(T + 200 * MS)
    same_hold = channel(pulses=20, held_at_us=now_us)
    after = judge(memory, readings(now_us=now_us, channels=(same_hold,), checking=True)).memory
    assert not pads_known(after)
    assert after.channels[0].seen.pulses == 20
    assert after.checking
