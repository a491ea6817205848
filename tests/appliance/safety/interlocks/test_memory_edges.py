"""What the interlocks keep from tick to tick when a contact check begins."""

import pytest

from appliance.safety.interlocks.judge import RULES, InterlockMemory, judge
from drivers.quantities import Microseconds
from tests.appliance.safety.interlocks.bench import MS, T, channel, judged, readings

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


@pytest.mark.parametrize(("later_us", "late"), [(0, False), (50_000, False), (50_001, True)])
def test_a_second_look_in_one_tick_is_no_tick_that_came_too_late(later_us: int, late: bool) -> None:
    now_us = Microseconds(T + later_us)
    memory = judge(InterlockMemory(), readings()).memory.again(T, now_us)
    found = [trip.code.value for trip in judged([readings(now_us=now_us)], memory)]
    assert ("T26" in found) == late


def test_a_second_look_forgets_when_the_last_tick_was_and_nothing_else() -> None:
    memory = learnt()
    again = memory.again(T, T)
    at = [rule.name for rule in RULES].index("loop_overrun")
    assert memory.parts[at].at_us == T + 190 * MS
    assert again.parts[at].at_us == -1
    assert again.parts[:at] == memory.parts[:at]
    assert again.parts[at + 1 :] == memory.parts[at + 1 :]
    assert again.parts[at + 1 :] != InterlockMemory().parts[at + 1 :]
    assert again._replace(parts=()) == memory._replace(parts=())
    assert memory.again(T, T + 1) == memory
