"""What the rules know before they have seen anything: nothing that ever happened."""

import pytest

from appliance.safety.interlocks.balance import Balance, OneSided
from appliance.safety.interlocks.contact import LeadState
from appliance.safety.interlocks.converters import FrozenPair, SignStreak, UnchangedReads
from appliance.safety.interlocks.current import Deviations
from appliance.safety.interlocks.drift import PadBaseline
from appliance.safety.interlocks.engine_health import ClocksSeen, TickSeen
from appliance.safety.interlocks.guard import GuardSeen
from appliance.safety.interlocks.held_value import LastJudged
from appliance.safety.interlocks.judge import CHANNEL_RULES, RULES, InterlockMemory
from appliance.safety.interlocks.lines import SupplySeen
from appliance.safety.interlocks.readings import ChannelReading, StreamReading
from appliance.safety.interlocks.rule import Caution, CautionCode

pytestmark = pytest.mark.proves("latched-trips")

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


def test_every_rule_is_listed_in_the_order_of_causes_and_remembers_nothing_yet() -> None:
    """Causes before consequences: the first cut found is the one named to a person."""
    assert [(rule.name, rule.fresh) for rule in RULES] == list(OF_THE_BOARD.items())
    assert [(rule.name, rule.fresh) for rule in CHANNEL_RULES] == list(OF_A_CHANNEL.items())
    assert [rule.name for rule in CHANNEL_RULES if rule.of_pads] == ["test_load", "contact_drift"]


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
    parts, channels, stream, checking = InterlockMemory()
    assert (len(parts), channels, stream, checking) == (18, (), 0, False)


def test_a_stream_that_was_never_begun_plays_nothing() -> None:
    assert StreamReading() == (0, False, 0, 0, 0, None, True, 0, 0, None)


def test_a_count_of_pulses_is_exact_unless_said_otherwise() -> None:
    given = {"exact": True, "pulses_most": None, "readback": None, "load_ohm": None}
    assert ChannelReading._field_defaults == given


def test_a_caution_lowers_no_level_unless_it_says_so() -> None:
    assert Caution(CautionCode.CONTACT_HIGH, None, "").fade is False
