"""All rules together: their order, what they remember, and what makes memory void."""

import pytest

from appliance.safety.interlocks.contact import LeadState
from appliance.safety.interlocks.contact_drift import PadBaseline
from appliance.safety.interlocks.converters import FrozenPair, SignStreak, UnchangedReads
from appliance.safety.interlocks.engine_health import ClocksSeen, TickSeen
from appliance.safety.interlocks.held_current import Balance, Deviations, OneSided
from appliance.safety.interlocks.held_value import LastJudged
from appliance.safety.interlocks.judge import CHANNEL_RULES, RULES, InterlockMemory, judge
from appliance.safety.interlocks.lines import SupplySeen
from appliance.safety.interlocks.pigpio_daemon import GuardSeen
from appliance.safety.interlocks.readings import (
    ChannelReading,
    Readings,
    StreamReading,
)
from appliance.safety.interlocks.rule import Caution, CautionCode
from appliance.safety.trips.codes import TripSeverity
from appliance.texts.text import text
from drivers.interfaces import GuardStatus
from drivers.quantities import Channel, Microseconds
from tests.appliance.safety.interlocks.bench import (
    GOOD_INPUTS,
    GOOD_STREAM,
    MS,
    T,
    at_set,
    but,
    channel,
    judged,
    pulses,
    readings,
)


def ticks(series: list[ChannelReading], **changes: object) -> list[Readings]:
    """Return one tick per reading of a channel, everything else fresh at its time."""
    return [
        readings(
            now_us=each.held_at_us,
            inputs_at_us=each.held_at_us,
            guard_at_us=each.held_at_us,
            guard=GuardStatus(running=True, alive=each.held_at_us // MS, tripped=0),
            stream=but(GOOD_STREAM, slice_ends_us=each.held_at_us),
            channels=(each,),
            **changes,
        )
        for each in series
    ]


@pytest.mark.proves_none
def test_every_rule_has_a_name_of_its_own() -> None:
    names = [rule.name for rule in RULES] + [rule.name for rule in CHANNEL_RULES]
    assert len(set(names)) == len(names) == 35
    assert names[0] == "estop"


@pytest.mark.proves_none
def test_a_clean_tick_finds_nothing() -> None:
    memory, trips, cautions = judge(InterlockMemory(), readings())
    assert (trips, cautions) == ((), ())
    assert (memory.stream, memory.checking, len(memory.channels)) == (1, False, 1)


@pytest.mark.proves("estop-engine", "supply-watched", "readings-fresh", "screen-watched", "journal")
def test_cuts_come_before_ramps_and_causes_before_consequences() -> None:
    inputs = but(GOOD_INPUTS, estop_closed=False, supply_good=False, latch_clear=False)
    tick = readings(inputs=inputs, journal_ok=False, screen_at_us=None, reference=None)
    codes = [found.code.value for found in judge(InterlockMemory(), tick).trips]
    assert codes == ["T01", "T25", "T14", "T27", "T28"]
    assert [found.severity for found in judge(InterlockMemory(), tick).trips] == [
        *[TripSeverity.CUT] * 3,
        *[TripSeverity.RAMP] * 2,
    ]


@pytest.mark.proves_none
def test_cautions_are_told_apart_from_trips() -> None:
    series = pulses([at_set(9_000, 9_000, 27_000)] * 8)
    memory, seen = InterlockMemory(), []
    for tick in ticks(series):
        memory, trips, cautions = judge(memory, tick)
        seen.append((trips, [found.code.value for found in cautions]))
    assert seen == [*[((), [])] * 7, ((), ["W03"])]


@pytest.mark.proves("measured-above-set")
def test_each_channel_is_judged_by_itself() -> None:
    good = channel(channel=Channel(1))
    bad = channel(channel=Channel(2), **at_set(20_000, 40_000))
    trips = judge(InterlockMemory(), readings(channels=(good, bad))).trips
    assert [(found.code.value, found.channel) for found in trips] == [("T04", 2)]


@pytest.mark.proves_none
@pytest.mark.parametrize("count", [1, 2, 4])
def test_any_number_of_channels_is_judged(count: int) -> None:
    every = tuple(channel(channel=Channel(n + 1)) for n in range(count))
    assert len(judge(InterlockMemory(), readings(channels=every)).memory.channels) == count


@pytest.mark.proves("contact-drift")
def test_a_new_stream_forgets_holds_but_not_pads() -> None:
    bad = ticks(pulses([at_set(20_000, 20_000, 4_000)] * 40))
    memory = InterlockMemory()
    for tick in bad:
        memory = judge(memory, tick).memory
    before = memory.channels[0]
    again = but(
        bad[-1],
        now_us=bad[-1].now_us + 10 * MS,
        stream=but(GOOD_STREAM, number=2),
        channels=(channel(pulses=0, held_at_us=bad[-1].now_us + 10 * MS),),
    )
    after = judge(memory, again).memory.channels[0]
    assert before.seen.pulses == 40
    assert after.seen.pulses == 0
    for rule, old, new in zip(CHANNEL_RULES, before.by_rule, after.by_rule, strict=True):
        if rule.of_pads:
            assert new == old
            assert rule.name != "contact_drift" or old.baselines
        elif rule.name not in {"adc_frozen", "readings_stale"}:  # these two look at every tick
            assert new == rule.fresh


@pytest.mark.proves("set-against-measured")
def test_two_bad_pulses_before_a_new_stream_do_not_count_after_it() -> None:
    series = pulses([at_set(40_000, 30_000)] * 3)
    first = ticks(series)
    assert [found.code.value for found in judged(first)] == ["T05"]
    first[2] = but(first[2], stream=but(first[2].stream, number=2))
    assert judged(first) == []


@pytest.mark.proves("contact-drift")
def test_a_new_contact_check_forgets_the_pads() -> None:
    def drifted(checking: tuple[bool, ...]) -> list[str]:
        ohms = [1_000] * 20 + [1_000] * len(checking) + [1_400] * 30
        series = ticks(pulses([at_set(20_000, 20_000, ohm * 20) for ohm in ohms]))
        flags = [False] * 20 + list(checking) + [False] * 30
        return [
            found.code.value
            for found in judged(
                [but(tick, checking=flag) for tick, flag in zip(series, flags, strict=True)]
            )
        ]

    assert "T08" in drifted((False, False))
    assert drifted((True, True)) == []


# --- memory -----------------------------------------------------------------------------------


OF_THE_BOARD: dict[str, object] = {
    "estop": None,
    "hand_switch": False,
    "inputs_fresh": None,
    "fault_latch": None,
    "loop_overrun": (-1,),
    "guard": (0, -1),
    "looping_wave": None,
    "gates_off": None,
    "wave_clock": None,
    "marker_gap": None,
    "underrun": None,
    "supply": (-1, False),
    "supply_stuck": None,
    "reference": None,
    "adc_still": (None, None, 0),
    "screen_silent": None,
    "journal": None,
    "clock_jump": (None,),
}
OF_A_CHANNEL: dict[str, object] = {
    "measured_above_set": None,
    "dac_stuck": None,
    "adc_at_end": None,
    "adc_frozen": (None, (0, 0, 0b1111, -1)),
    "lead_off": ((), (), None),
    "pad_lifted": None,
    "short": (),
    "phase_missing": (),
    "phase_unseen": (0, 0),
    "readings_stale": (0, 0, 0b1111, -1),
    "compliance_reached": (),
    "test_load": ((), ()),
    "set_against_measured": (0, 0),
    "residual": (0, 0, 0, 0, 0),
    "contact_drift": ({}, {}, (), 0, 0, 0, ()),
    "contact_high": (),
    "contact_poor": (),
}


@pytest.mark.proves_none
def test_every_rule_is_listed_in_the_order_of_causes_and_remembers_nothing_yet() -> None:
    """Causes before consequences: the first cut found is the one named to a person."""
    assert [(rule.name, rule.fresh) for rule in RULES] == list(OF_THE_BOARD.items())
    assert [(rule.name, rule.fresh) for rule in CHANNEL_RULES] == list(OF_A_CHANNEL.items())
    assert [rule.name for rule in CHANNEL_RULES if rule.of_pads] == ["test_load", "contact_drift"]


@pytest.mark.proves_none
def test_what_a_rule_forgets_it_forgets_wholly() -> None:
    """A rule that begins anew is as fresh as one that never began."""
    fresh: list[tuple[object, object]] = [
        (TickSeen(), OF_THE_BOARD["loop_overrun"]),
        (GuardSeen(), OF_THE_BOARD["guard"]),
        (SupplySeen(), OF_THE_BOARD["supply"]),
        (UnchangedReads(), OF_THE_BOARD["adc_still"]),
        (ClocksSeen(), OF_THE_BOARD["clock_jump"]),
        (FrozenPair(), OF_A_CHANNEL["adc_frozen"]),
        (SignStreak(), OF_A_CHANNEL["readings_stale"]),
        (OneSided(), OF_A_CHANNEL["phase_unseen"]),
        (Balance(), OF_A_CHANNEL["residual"]),
        (LeadState(), OF_A_CHANNEL["lead_off"]),
        (Deviations(), OF_A_CHANNEL["set_against_measured"]),
        (PadBaseline({}, {}), OF_A_CHANNEL["contact_drift"]),
        (LastJudged(), (0, -1)),
    ]
    for found, wanted in fresh:
        assert found == wanted
    by_rule, channels, stream, checking, good = InterlockMemory()
    assert (len(by_rule), channels, stream, checking) == (18, (), 0, False)
    assert good == ((None,) * 4, (0, 0, 0, None), None, ())


@pytest.mark.proves_none
def test_a_stream_that_was_never_begun_plays_nothing() -> None:
    assert StreamReading() == (0, False, 0, 0, 0, None, True, 0, 0, None, 0)


@pytest.mark.proves_none
def test_a_count_of_pulses_is_exact_unless_said_otherwise() -> None:
    given = {"exact": True, "pulses_most": None, "readback": None, "load_ohm": None}
    given |= {"pulse_ended_us": None, "pad_is_held": False}
    assert ChannelReading._field_defaults == given


@pytest.mark.proves_none
def test_a_caution_lowers_no_level_unless_it_says_so() -> None:
    assert Caution(CautionCode.CONTACT_HIGH, None, text("caution.contact_high")).derates is False
    assert Caution(CautionCode.CONTACT_HIGH, None, text("caution.contact_high")).zeroes is False


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
    return any(
        getattr(rule_memory, "baselines", None) for rule_memory in memory.channels[0].by_rule
    )


@pytest.mark.proves("contact-drift")
def test_the_first_tick_of_a_contact_check_forgets_the_pads_and_no_hold_judged_before() -> None:
    memory = learnt()
    assert pads_known(memory)
    now_us = Microseconds(T + 200 * MS)
    same_hold = channel(pulses=20, held_at_us=now_us)
    after = judge(memory, readings(now_us=now_us, channels=(same_hold,), checking=True)).memory
    assert not pads_known(after)
    assert after.channels[0].seen.pulses == 20
    assert after.checking


@pytest.mark.proves("loop-in-time")
@pytest.mark.parametrize(("later_us", "late"), [(0, False), (50_000, False), (50_001, True)])
def test_a_second_look_in_one_tick_is_no_tick_that_came_too_late(later_us: int, late: bool) -> None:
    now_us = Microseconds(T + later_us)
    memory = judge(InterlockMemory(), readings()).memory.again(T, now_us)
    found = [trip.code.value for trip in judged([readings(now_us=now_us)], memory)]
    assert ("T26" in found) == late


@pytest.mark.proves("loop-in-time")
def test_a_second_look_forgets_when_the_last_tick_was_and_nothing_else() -> None:
    memory = learnt()
    again = memory.again(T, T)
    at = [rule.name for rule in RULES].index("loop_overrun")
    assert memory.by_rule[at].at_us == T + 190 * MS
    assert again.by_rule[at].at_us == -1
    assert again.by_rule[:at] == memory.by_rule[:at]
    assert again.by_rule[at + 1 :] == memory.by_rule[at + 1 :]
    assert again.by_rule[at + 1 :] != InterlockMemory().by_rule[at + 1 :]
    assert again._replace(by_rule=()) == memory._replace(by_rule=())
    assert memory.again(T, T + 1) == memory


@pytest.mark.proves_none
def test_a_contact_check_judges_no_hold_again_that_was_judged_before() -> None:
    reading = channel(pulses=20, held_at_us=T)
    before = judge(InterlockMemory(), readings(channels=(reading,))).memory
    later = but(reading, held_at_us=Microseconds(T + 10 * MS))
    after = judge(before, readings(channels=(later,), checking=True)).memory
    assert after.channels[0].seen == before.channels[0].seen
    anew = judge(before, readings(channels=(later,), stream=but(GOOD_STREAM, number=2))).memory
    assert anew.channels[0].seen != before.channels[0].seen
