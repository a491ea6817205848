"""Stop contacts, fault latch and supply: each at its limit, and without its sensor."""

import pytest

from appliance.safety.interlocks.readings import Readings, Sample
from drivers.quantities import Microseconds, Millivolts
from tests.appliance.safety.interlocks.bench import (
    GOOD_INPUTS,
    S,
    T,
    but,
    codes,
    look,
    readings,
)

OPEN_ESTOP = but(GOOD_INPUTS, estop_closed=False)
OPEN_HAND = but(GOOD_INPUTS, hand_switch_closed=False)
LATCHED = but(GOOD_INPUTS, latch_clear=False)
NO_SUPPLY = but(GOOD_INPUTS, supply_good=False)


@pytest.mark.proves("estop-engine")
@pytest.mark.parametrize("energising", [False, True])
def test_an_open_estop_trips_in_any_state(energising: bool) -> None:
    quiet = {"guarded": energising, "energising": energising, "supply_on": energising}
    assert codes(look("estop", [readings(inputs=OPEN_ESTOP, **quiet)])) == ["T01"]
    assert codes(look("estop", [readings(**quiet)])) == [None]
    assert codes(look("estop", [readings(inputs=None, **quiet)])) == [None]


@pytest.mark.proves("hand-switch")
@pytest.mark.parametrize(
    ("energising", "supply_on", "code"),
    [(True, True, "T02"), (False, True, "T02"), (True, False, "T02"), (False, False, None)],
)
def test_an_open_hand_switch_trips_while_something_may_be_felt(
    energising: bool, supply_on: bool, code: str | None
) -> None:
    tick = readings(inputs=OPEN_HAND, energising=energising, supply_on=supply_on)
    assert codes(look("hand_switch", [tick])) == [code]
    assert codes(look("hand_switch", [but(tick, inputs=GOOD_INPUTS)])) == [None]
    assert codes(look("hand_switch", [but(tick, inputs=None)])) == [None]


@pytest.mark.proves("hand-switch")
def test_a_hand_switch_that_tripped_has_to_be_closed_before_its_cause_is_gone() -> None:
    """Hazard: a trip is acknowledged while the patient still squeezes, and all looks well."""
    live = readings(inputs=OPEN_HAND)
    off = but(live, energising=False, supply_on=False)
    unread, closed = but(off, inputs=None), but(off, inputs=GOOD_INPUTS)
    ticks = [off, live, off, unread, off, closed, off]
    assert codes(look("hand_switch", ticks)) == [None, "T02", "T02", None, "T02", None, None]


@pytest.mark.proves("estop-engine")
def test_inputs_that_cannot_be_read_trip() -> None:
    assert codes(look("inputs_fresh", [readings(inputs=None)])) == ["T16"]


@pytest.mark.proves("estop-engine")
@pytest.mark.parametrize(("age_us", "code"), [(50_000, None), (50_001, "T16")])
def test_inputs_older_than_50_ms_trip(age_us: int, code: str | None) -> None:
    assert codes(look("inputs_fresh", [readings(inputs_at_us=T - age_us)])) == [code]


@pytest.mark.proves("fault-latch")
def test_a_set_fault_latch_trips_when_the_estop_does_not_explain_it() -> None:
    assert codes(look("fault_latch", [readings(inputs=LATCHED)])) == ["T03"]
    pressed = but(LATCHED, estop_closed=False)
    assert codes(look("fault_latch", [readings(inputs=pressed)])) == [None]
    assert codes(look("fault_latch", [readings(inputs=LATCHED, guarded=False)])) == [None]
    assert codes(look("fault_latch", [readings(inputs=None)])) == [None]
    assert codes(look("fault_latch", [readings()])) == [None]


# --- supply ----------------------------------------------------------------------------------


def switched_on(age_us: int, *, good: bool, rail_mv: int | None = 120_000) -> Readings:
    """Return a tick `age_us` after SUPPLY_EN rose, the rail read just now."""
    rail = None if rail_mv is None else Sample(Millivolts(rail_mv), Microseconds(T + age_us))
    inputs = GOOD_INPUTS if good else NO_SUPPLY
    return readings(now_us=T + age_us, supply_at_us=T, inputs=inputs, rail=rail)


@pytest.mark.proves("supply-watched")
def test_a_supply_that_does_not_come_within_200_ms_trips() -> None:
    ticks = [switched_on(age, good=False) for age in (0, 200_000, 200_001)]
    assert codes(look("supply", ticks)) == [None, None, "T25"]


@pytest.mark.proves("supply-watched")
def test_a_supply_that_goes_away_trips_at_once() -> None:
    ticks = [switched_on(10_000, good=True), switched_on(20_000, good=False)]
    assert codes(look("supply", ticks)) == [None, "T24"]


@pytest.mark.proves("supply-watched")
def test_a_supply_switched_on_anew_may_settle_anew() -> None:
    off = readings(now_us=T, supply_on=False)
    ticks = [switched_on(S, good=True), off, switched_on(10_000, good=False)]
    assert codes(look("supply", ticks)) == [None, None, None]
    again = but(switched_on(10_000, good=False), supply_at_us=Microseconds(T + 5_000))
    assert codes(look("supply", [switched_on(S, good=True), again])) == [None, None]


@pytest.mark.proves("supply-watched")
@pytest.mark.parametrize(
    ("rail_mv", "code"),
    [
        (107_999, "T24"),
        (108_000, None),
        (120_000, None),
        (138_000, None),
        (138_001, "T24"),
        (None, "T24"),
    ],
)
def test_a_rail_outside_90_to_115_percent_or_unread_trips(
    rail_mv: int | None, code: str | None
) -> None:
    tick = switched_on(300_000, good=True, rail_mv=rail_mv)
    assert codes(look("supply", [tick])) == [code]


@pytest.mark.proves("supply-watched")
def test_a_rail_is_not_judged_before_it_has_settled_nor_by_a_sample_from_before() -> None:
    assert codes(look("supply", [switched_on(200_000, good=True, rail_mv=0)])) == [None]
    early = Sample(Millivolts(0), Microseconds(T + 200_000))
    tick = but(switched_on(300_000, good=True), rail=early)
    assert codes(look("supply", [tick])) == [None]
    later = Sample(Millivolts(0), Microseconds(T + 200_001))
    assert codes(look("supply", [but(tick, rail=later)])) == ["T24"]


@pytest.mark.proves("supply-watched")
@pytest.mark.parametrize(("age_us", "code"), [(S, None), (S + 1, "T24")])
def test_a_rail_not_read_for_a_second_trips(age_us: int, code: str | None) -> None:
    rail = Sample(Millivolts(120_000), Microseconds(T - age_us))
    assert codes(look("supply", [readings(rail=rail)])) == [code]


@pytest.mark.proves("supply-watched")
@pytest.mark.parametrize("quiet", [{"supply_on": False}, {"guarded": False}, {"inputs": None}])
def test_a_supply_that_nobody_wants_is_not_judged(quiet: dict[str, bool | None]) -> None:
    wanted = readings(inputs=NO_SUPPLY)
    assert codes(look("supply", [wanted])) == ["T25"]
    assert codes(look("supply", [but(wanted, **quiet)])) == [None]


@pytest.mark.proves("supply-watched")
@pytest.mark.parametrize(("age_us", "code"), [(500_000, None), (500_001, "T38")])
def test_a_supply_still_good_500_ms_after_it_was_switched_off_is_stuck_on(
    age_us: int, code: str | None
) -> None:
    """Hazard: SUPPLY_EN, the last step of every cut, ends nothing."""
    tick = readings(now_us=T + age_us, supply_on=False, supply_at_us=T, energising=False)
    assert codes(look("supply_stuck", [tick])) == [code]


@pytest.mark.proves("supply-watched")
@pytest.mark.parametrize(
    "well",
    [{"supply_on": True}, {"guarded": False}, {"inputs": None}, {"inputs": NO_SUPPLY}],
)
def test_a_supply_that_is_wanted_off_or_unseen_is_not_stuck(well: dict[str, object]) -> None:
    stuck = readings(supply_on=False)
    assert codes(look("supply_stuck", [stuck])) == ["T38"]
    assert codes(look("supply_stuck", [but(stuck, **well)])) == [None]
