"""Drills judged by hand-made sights: the boundaries of time and current, without a rig."""

from collections.abc import Callable

import pytest

from appliance.drills.catalogue import OWN_TRIPS, begin
from appliance.drills.estop import estop_drill
from appliance.drills.hand_switch import hand_switch_drill
from appliance.drills.known_load import known_load_drill
from appliance.drills.script import Drill, DrillOutcome, DrillSight
from appliance.drills.watchdog import watchdog_drill
from appliance.messages.wire import DrillKind
from appliance.safety.state_machine.events import SessionOutcome
from appliance.safety.state_machine.states import (
    Armed,
    ContactCheck,
    Delivering,
    Finished,
    Ready,
    State,
    Tripped,
)
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import trip
from appliance.texts.english import english
from appliance.texts.text import Text
from drivers.interfaces import GuardStatus, HeldReading, Inputs
from drivers.quantities import Microamps, Millivolts

pytestmark = pytest.mark.proves("drills")

WELL = Inputs(estop_closed=True, hand_switch_closed=True, supply_good=False, latch_clear=True)
GUARD = GuardStatus(running=True, alive=1, tripped=0)
READY = DrillSight(0, Ready(), busy=False, inputs=WELL, guard=GUARD, supply_on=False)


def said(outcome: DrillOutcome) -> str:
    """Return why a drill did not pass, "" where it did."""
    return "; ".join(map(english, outcome.failures))


def run(
    drill: Drill, look: Callable[[int], DrillSight], until_us: int = 30_000_000
) -> DrillOutcome:
    """Show a drill what `look` says, a tick of 10 ms at a time."""
    next(drill)
    for now_us in range(0, until_us, 10_000):
        try:
            drill.send(look(now_us)._replace(now_us=now_us))
        except StopIteration as ended:
            outcome: DrillOutcome = ended.value
            return outcome
    raise AssertionError("no outcome")


def silence(latch_us: int, guard_us: int, reason: int = 2) -> Callable[[int], DrillSight]:
    """Show a one-shot and a guard that act so long after the last sign of life."""
    withheld: list[int] = []

    def look(now_us: int) -> DrillSight:
        latched = now_us >= latch_us
        if latched and not withheld:
            withheld.append(now_us)
        since_us = now_us - withheld[0] if withheld else 0
        if since_us > guard_us + 50_000:
            return READY
        tripped = reason if withheld and since_us >= guard_us else 0
        return READY._replace(
            inputs=WELL._replace(latch_clear=not latched),
            guard=GUARD._replace(tripped=tripped),
            refreshed_at_us=withheld[0] if withheld else now_us,
        )

    return look


@pytest.mark.parametrize(
    ("latch_us", "passes"),
    [(90_000, False), (110_000, False), (120_000, True), (160_000, True), (200_000, True),
     (210_000, True), (220_000, False), (300_000, False)],
)  # fmt: skip
def test_the_one_shot_acts_within_120_to_200_ms_and_a_tick_to_be_seen(
    latch_us: int, passes: bool
) -> None:
    outcome = run(watchdog_drill({}), silence(latch_us, 90_000))
    assert outcome.passed is passes
    seen = f"the fault latch was set after {latch_us // 1_000} ms of silence"
    assert passes or english(outcome.failures[0]).startswith(seen)


@pytest.mark.parametrize(
    ("guard_us", "passes"),
    [(40_000, False), (70_000, False), (80_000, True), (100_000, True), (110_000, True),
     (120_000, False), (200_000, False)],
)  # fmt: skip
def test_the_guard_acts_within_80_to_100_ms_and_a_tick_to_be_seen(
    guard_us: int, passes: bool
) -> None:
    outcome = run(watchdog_drill({}), silence(160_000, guard_us))
    assert outcome.passed is passes
    seen = f"the guard tripped after {guard_us // 1_000} ms of silence"
    assert passes or english(outcome.failures[0]).startswith(seen)


def test_a_guard_that_names_another_reason_or_none_fails() -> None:
    assert "another reason" in said(run(watchdog_drill({}), silence(160_000, 90_000, 1)))
    assert "stays still" in said(run(watchdog_drill({}), silence(160_000, 900_000)))


def press(**late_us: int) -> Callable[[int], DrillSight]:
    """Show a press at 1 s whose layers answer so late; released and acknowledged 2 s later."""
    late = {"contact": 0, "latch": 0, "guard": 0, "engine": 0, **late_us}

    def look(now_us: int) -> DrillSight:
        if now_us > 3_000_000:
            return READY
        open_, latched, guarded, tripped = (
            now_us >= 1_000_000 + late[name] for name in ("contact", "latch", "guard", "engine")
        )
        released = now_us > 2_000_000
        state = Tripped(trip(TripCode.ESTOP), cause_present=False) if tripped else Ready()
        return READY._replace(
            state=state,
            inputs=WELL._replace(estop_closed=released or not open_, latch_clear=not latched),
            guard=GUARD._replace(tripped=int(guarded)),
        )

    return look


@pytest.mark.parametrize(
    ("late", "words"),
    [
        ({}, ""),
        ({"latch": 50_000}, ""),
        ({"guard": 150_000}, ""),
        ({"contact": 20_000, "engine": 20_000}, ""),
        ({"latch": 60_000}, "latch contact"),
        ({"latch": 110_000}, "latch contact"),
        ({"guard": 160_000}, "guard"),
        ({"engine": 60_000}, "engine"),
        ({"contact": 60_000}, "sensed contact"),
    ],
)
def test_every_layer_answers_a_press_in_its_time(late: dict[str, int], words: str) -> None:
    """A latch that is set later than 50 ms may be the silent watchdog's, 120 ms after."""
    outcome = run(estop_drill(None, {}), press(**late))
    assert outcome.passed is not bool(words), outcome
    assert words in said(outcome)


def test_a_guard_tripped_by_silence_has_not_seen_the_press() -> None:
    look = press()

    def silent(now_us: int) -> DrillSight:
        sight = look(now_us)
        guard = GUARD._replace(tripped=2 * (sight.guard or GUARD).tripped)
        return sight._replace(guard=guard)

    assert said(run(estop_drill(None, {}), silent)) == "the guard in the daemon did not see it"


def test_a_trip_that_leaves_the_supply_on_is_no_stop() -> None:
    """Hazard: an engine that says that it stopped."""
    look = press()
    outcome = run(estop_drill(None, {}), lambda now_us: look(now_us)._replace(supply_on=True))
    assert said(outcome) == "the engine did not trip with the supply off"


@pytest.mark.parametrize(
    ("code", "supply_on", "passes"),
    [(TripCode.HAND_SWITCH, False, True), (TripCode.HAND_SWITCH, True, False),
     (TripCode.FAULT_LATCH, False, False), (None, False, False)],
)  # fmt: skip
def test_an_open_hand_switch_trips_by_its_own_name_with_the_supply_off(
    code: TripCode | None, supply_on: bool, passes: bool
) -> None:
    powered = READY._replace(supply_on=True, inputs=WELL._replace(supply_good=True))
    opened = READY._replace(
        state=Ready() if code is None else Tripped(trip(code), cause_present=False),
        supply_on=supply_on,
        inputs=WELL._replace(hand_switch_closed=False),
    )
    sights = {"plugged": powered, "leave": powered, "squeeze": opened, "unplug": opened}
    drill = hand_switch_drill({})
    step, outcome = next(drill), None
    for now_us in range(0, 5_000_000, 10_000):
        sight = sights.get(step.key.rpartition(".")[2], READY)
        try:
            step = drill.send(sight._replace(now_us=now_us))
        except StopIteration as ended:
            outcome = ended.value
            break
    assert outcome is not None
    assert outcome.passed is passes
    assert passes or "did not stop" in said(outcome)


class Load:
    """A rig that follows the wants of a known-load drill, with readings as told."""

    def __init__(self, plus: float = 1.0, minus: float = 1.0, ohm: int = 1_000) -> None:
        self.plus, self.minus, self.ohm, self.level_ua, self.odd = plus, minus, ohm, 0, False
        self.to_zero_us: int | None = 300_000

    def run(self) -> DrillOutcome:
        drill = known_load_drill(1_000, {})
        step = next(drill)
        state: State = Ready()
        for now_us in range(0, 30_000_000, 10_000):
            match step.request.name:
                case "CHECK":
                    state = ContactCheck()
                case "START":
                    state = Delivering()
                case "RISE":
                    self.level_ua += 1_000
                case "STOP":
                    state, self.level_ua = Finished(SessionOutcome.STOPPED), 0
                case _:
                    state = Armed() if isinstance(state, ContactCheck) else state
            self.odd = not self.odd
            share = self.plus if self.odd else -self.minus
            current_ua = round(self.level_ua * share)
            held = HeldReading(Microamps(current_ua), Millivolts(current_ua * self.ohm // 1_000))
            sight = READY._replace(
                now_us=now_us, state=state, level_ua=self.level_ua, held=held, contact="good",
                ohm=1_000, time_to_zero_us=self.to_zero_us,
            )  # fmt: skip
            try:
                step = drill.send(sight)
            except StopIteration as ended:
                outcome: DrillOutcome = ended.value
                return outcome
        raise AssertionError("no outcome")


@pytest.mark.parametrize(
    ("plus", "minus", "words"),
    [
        (1.0, 1.0, ""),
        (1.05, 1.05, ""),
        (0.95, 0.95, ""),
        (1.06, 1.06, "at 10 mA the positive phase measures 10.6 mA"),
        (0.93, 0.93, "at 10 mA the negative phase measures 9.3 mA"),
        (1.0, 0.971, ""),
        (1.02, 0.98, "the two phases differ"),
        (0.0, 1.0, "no current is measured in one phase"),
    ],
)
def test_set_against_measured_within_5_percent_or_half_a_milliampere_both_ways_alike(
    plus: float, minus: float, words: str
) -> None:
    outcome = Load(plus, minus).run()
    assert outcome.passed is not bool(words), outcome
    assert words in said(outcome)


@pytest.mark.parametrize(
    ("ohm", "passes"), [(900, True), (1_100, True), (890, False), (1_110, False)]
)
def test_the_load_is_judged_again_under_current(ohm: int, passes: bool) -> None:
    outcome = Load(ohm=ohm).run()
    assert outcome.passed is passes
    assert passes or english(outcome.failures[0]).endswith(f"the load measures {ohm} Ω, not 1000 Ω")


@pytest.mark.parametrize(
    ("to_zero_us", "passes"), [(500_000, True), (510_000, False), (None, False)]
)
def test_the_way_back_to_zero_takes_half_a_second_at_most(
    to_zero_us: int | None, passes: bool
) -> None:
    load = Load()
    load.to_zero_us = to_zero_us
    outcome = load.run()
    assert outcome.passed is passes
    assert passes or english(outcome.failures[0]).startswith("the ramp down ")


@pytest.mark.parametrize("kind", list(DrillKind))
def test_every_step_has_a_key_and_a_sentence_and_knows_its_place(kind: DrillKind) -> None:
    step = next(begin(kind, 500, {}))
    assert step.key.startswith(f"drill.{kind.value}.")
    assert english(Text(step.key)).endswith(".")
    assert 1 <= step.number <= step.of


def test_only_the_drills_that_press_and_squeeze_have_trips_of_their_own() -> None:
    """A trip that a drill does not cause on purpose is a trip."""
    assert {kind: {code.value for code in codes} for kind, codes in OWN_TRIPS.items()} == {
        DrillKind.ESTOP: {"T01", "T03", "T18"},
        DrillKind.HAND_SWITCH: {"T02"},
    }
