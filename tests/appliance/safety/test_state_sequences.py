"""Any sequence of events: output only where it may be, no latch skipped, a stop always ends it.

The machine below keeps its own small record of what the effects did to output and latch; it
knows nothing of the states but the names that allow current, and of a trip only what lets it go.
"""

import random

import pytest
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from appliance.core.plan.compiler import Stage
from appliance.safety.state_machine import events as ev
from appliance.safety.state_machine.states import RampDown, State, Tripped
from appliance.safety.state_machine.step import boot, step
from appliance.safety.trips.codes import LatchRule, TripCode
from appliance.safety.trips.trip import Trip, trip
from drivers.quantities import Channel

pytestmark = pytest.mark.proves("states", "latched-trips")

IN_SESSION = {"RampUp", "Delivering", "Resting", "Paused", "RampDown"}
MAY_HAVE_STREAM = {"ContactCheck", "RampUp", "Delivering", "Resting", "RampDown"}
MAY_HAVE_SUPPLY = {*MAY_HAVE_STREAM, "Armed"}
MAY_HAVE_LEVEL = MAY_HAVE_STREAM
BEFORE_THE_SELF_TEST = {"Locked", "SelfTest", "Tripped"}
"""Where the unit may be before it has proven itself, after a boot or after some trips."""
SEQUENCES_A_PIECE = 2_500
PIECES = range(4)
"""Ten thousand in each run of the tests, in pieces that a slow machine gets through."""

TRIPS = tuple(trip(code, None, at) for code in TripCode for at in (None, Channel(1), Channel(2)))
PLAIN: tuple[ev.Event, ...] = (
    ev.Unlocked("a"),
    ev.LockAsked(),
    ev.SelfTestPassed(),
    ev.Prescribed(),
    ev.ContactAsked(),
    ev.ContactPassed(),
    ev.ContactFailed(""),
    ev.ArmedTooLong(),
    ev.StartAsked(),
    ev.PauseAsked(),
    ev.ResumeAsked(),
    ev.PausedTooLong(),
    ev.PlanEnded(),
    ev.RampedDown(),
    ev.CauseGone(),
    ev.CauseBack(),
    ev.Acknowledged(),
    ev.SessionClosed(),
    ev.StopAsked(),
    ev.StopAsked(cut=True),
    *[ev.StageEntered(stage) for stage in Stage],
)
WAY_TO_PULSES = (
    ev.Unlocked("a"),
    ev.SelfTestPassed(),
    ev.Prescribed(),
    ev.ContactAsked(),
    ev.ContactPassed(),
    ev.StartAsked(),
)

FITTING: dict[str, tuple[ev.Event, ...]] = {
    "Locked": (ev.Unlocked("a"),),
    "SelfTest": (ev.SelfTestPassed(), ev.SelfTestFailed(trip(TripCode.SELF_TEST_FAILED))),
    "Ready": (ev.Prescribed(), ev.ContactAsked()),
    "ContactCheck": (ev.ContactPassed(), ev.ContactFailed("")),
    "Armed": (ev.StartAsked(), ev.ContactAsked(), ev.ArmedTooLong()),
    "RampUp": (ev.StageEntered(Stage.ON), ev.StageEntered(Stage.REST), ev.PauseAsked()),
    "Delivering": (ev.StageEntered(Stage.REST), ev.PauseAsked(), ev.PlanEnded()),
    "Resting": (ev.StageEntered(Stage.RAMP_UP), ev.PauseAsked(), ev.PlanEnded()),
    "RampDown": (ev.RampedDown(),),
    "Paused": (ev.ResumeAsked(), ev.PausedTooLong()),
    "Finished": (ev.SessionClosed(),),
    "Tripped": (ev.CauseGone(), ev.Acknowledged(), ev.CauseBack()),
}
"""What goes on from each state, so that sequences get far."""


def latch_of(code: TripCode) -> LatchRule:
    """Return what lets a trip go; `test_trips` has the table by heart."""
    return trip(code).kind.latch


class Watched:
    """The state machine with a record of its own of what the effects did."""

    def __init__(self) -> None:
        self.state: State = boot()
        self.streaming = self.supply = self.session = False
        self.level = 0
        self.unseen: set[tuple[TripCode, Channel | None]] = set()
        """The trips no person has acknowledged yet."""
        self.cause_seen = False
        """Whether a cause that can be seen was there when it was last looked for."""
        self.proven = False
        """Whether the self-test has passed since the boot, or since a trip that asks for it."""

    def do(self, event: ev.Event) -> ev.Effects:
        before = self.state
        self.state, effects = step(before, event)
        refused = any(isinstance(effect, ev.Refuse) for effect in effects)
        assert not refused or (self.state is before and len(effects) == 1)
        if isinstance(before, Tripped) and not isinstance(self.state, Tripped):
            self._latch_lets_go(event)
        if not refused:
            self._note(event)
        for effect in effects:
            self._act(effect)
        return effects

    def _latch_lets_go(self, event: ev.Event) -> None:
        """Nothing but a person's word, and never before the cause was seen to be gone."""
        assert isinstance(event, ev.Acknowledged)
        assert not self.cause_seen
        if any(latch_of(code) is LatchRule.SELF_TEST for code, _ in self.unseen):
            self.proven = False
        self.unseen.clear()

    def _note(self, event: ev.Event) -> None:
        match event:
            case ev.TripRaised(trip=found) | ev.SelfTestFailed(trip=found):
                key = (found.code, found.channel)
                self.cause_seen |= key in self.unseen and isinstance(self.state, Tripped)
                self.cause_seen |= latch_of(found.code) is LatchRule.WHEN_GONE
                self.unseen.add(key)
            case ev.CauseBack():
                self.cause_seen = True
            case ev.CauseGone():
                self.cause_seen = False
            case ev.SelfTestPassed():
                self.proven = True
            case _:
                pass

    def _act(self, effect: ev.Effect) -> None:
        match effect:
            case ev.Cut():
                self.streaming = self.supply = False
            case ev.EndStream():
                self.streaming = False
            case ev.EnableSupply(on=on):
                self.supply = on
            case ev.RunContactCheck():
                assert self.level == 0, "pulses begin at level zero"
                self.streaming = self.supply = True  # it drives the supply by itself
            case ev.BeginStream():
                assert self.level == 0, "pulses begin at level zero"
                assert self.supply
                self.streaming = True
            case ev.ZeroLevels():
                self.level = 0
            case ev.OpenSession():
                assert not self.session
                self.session = True
            case ev.RecordSessionEnd():
                assert self.session
                self.session = False
            case _:
                pass

    def go_to_pulses(self) -> None:
        for event in WAY_TO_PULSES:
            self.do(event)

    def raise_level(self) -> None:
        if self.streaming:
            self.level += 1

    def stop(self, *, cut: bool) -> None:
        effects = self.do(ev.StopAsked(cut=cut))
        assert not any(isinstance(effect, ev.Refuse) for effect in effects)
        if not cut and self.streaming:
            assert isinstance(self.state, RampDown)
            self.do(ev.RampedDown())
        assert not self.streaming

    def restart(self) -> None:
        """Cut the power; the hardware ends output, the journal closes the session."""
        self.__init__()  # type: ignore[misc]

    def check(self) -> None:
        name = type(self.state).__name__
        assert not self.streaming or name in MAY_HAVE_STREAM
        assert not self.supply or name in MAY_HAVE_SUPPLY
        assert self.level == 0 or name in MAY_HAVE_LEVEL
        assert self.session == (name in IN_SESSION)
        assert self.kept() == self.unseen
        assert self.proven or name in BEFORE_THE_SELF_TEST

    def kept(self) -> set[tuple[TripCode, Channel | None]]:
        """Return the trips the state still carries."""
        state = self.state
        if not isinstance(state, RampDown | Tripped):
            return set()
        first = state.trip if isinstance(state, Tripped) else state.then
        trips = (first, *state.further) if isinstance(first, Trip) else ()
        return {(each.code, each.channel) for each in trips}


class Treatment(RuleBasedStateMachine):
    """Hypothesis looks for the shortest sequence that breaks a rule."""

    ended = 0
    reached: frozenset[str] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.watched = Watched()

    @rule(event=st.sampled_from(PLAIN))
    def event(self, event: ev.Event) -> None:
        self.watched.do(event)

    @rule(which=st.integers(0, 2))
    def go_on(self, which: int) -> None:
        fitting = FITTING[type(self.watched.state).__name__]
        self.watched.do(fitting[which % len(fitting)])

    @rule(found=st.sampled_from(TRIPS), by_test=st.booleans())
    def trip(self, found: Trip, by_test: bool) -> None:
        self.watched.do(ev.SelfTestFailed(found) if by_test else ev.TripRaised(found))

    @rule()
    def go_to_pulses(self) -> None:
        self.watched.go_to_pulses()

    @rule()
    def raise_level(self) -> None:
        self.watched.raise_level()

    @rule(cut=st.booleans())
    def stop(self, cut: bool) -> None:
        self.watched.stop(cut=cut)

    @rule()
    def restart(self) -> None:
        self.watched.restart()

    @invariant()
    def rules_hold(self) -> None:
        self.watched.check()
        Treatment.reached |= {type(self.watched.state).__name__}

    def teardown(self) -> None:
        Treatment.ended += 1


TestTreatment = Treatment.TestCase
TestTreatment.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


@pytest.mark.proves_none
def test_the_pieces_are_ten_thousand_sequences() -> None:
    assert len(PIECES) * SEQUENCES_A_PIECE >= 10_000


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES)
def test_hypothesis_finds_no_way_around_the_rules_in_ten_thousand_sequences(
    piece: int, pytestconfig: pytest.Config
) -> None:
    Treatment.ended, Treatment.reached = 0, frozenset()
    many = settings(
        max_examples=SEQUENCES_A_PIECE, stateful_step_count=10, deadline=None, database=None
    )
    # Each piece of its own, and in each run others: pytest-randomly starts every test alike.
    run = pytestconfig.getoption("randomly_seed", default=0)
    run_state_machine_as_test(seed(f"{run} {piece}")(Treatment), settings=many)
    assert Treatment.ended >= SEQUENCES_A_PIECE
    assert len(Treatment.reached) >= 9, "a piece may lack the rarest of the 12 states"


@pytest.mark.parametrize("piece", PIECES)
def test_ten_thousand_random_sequences_never_energise_or_skip_a_latch(piece: int) -> None:
    chance = random.Random(piece)
    reached = set()
    for _ in range(SEQUENCES_A_PIECE):
        watched = Watched()
        if chance.random() < 0.7:
            watched.go_to_pulses()
        for _ in range(20):
            _random_move(watched, chance)
            watched.check()
            reached.add(type(watched.state).__name__)
    assert len(reached) >= 9, "a piece may lack the rarest of the 12 states"


def _random_move(watched: Watched, chance: random.Random) -> None:
    dice = chance.random()
    if dice < 0.70:
        watched.do(chance.choice(PLAIN))
    elif dice < 0.80:
        watched.raise_level()
    elif dice < 0.87:
        watched.do(ev.TripRaised(chance.choice(TRIPS)))
    elif dice < 0.90:
        watched.stop(cut=chance.random() < 0.5)
    elif dice < 0.98:
        watched.go_to_pulses()
    elif dice < 0.99:
        watched.do(ev.SelfTestFailed(chance.choice(TRIPS)))
    else:
        watched.restart()
