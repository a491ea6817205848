"""Run one treatment to its end and keep the observations for the summary."""

from collections.abc import Callable
from dataclasses import dataclass, field

from appliance.drills.kinds import LOADS_OHM
from appliance.errors import LinkError
from appliance.messages.actions import CloseSession
from appliance.messages.replies import Event
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import Subject
from ui.cli.engine.client_loop import run_client
from ui.cli.engine.ctrl_c import on_end_signal
from ui.cli.engine.hosts import ChildEnd, EngineHost
from ui.cli.engine.running_engine import KEPT_S
from ui.cli.treatment.autopilot import Autopilot
from ui.cli.treatment.simulated_hand import SimulatedHand

PULSING = ("RampUp", "Delivering")
AT_LEVEL = (*PULSING, "Resting")
TEST_LOAD_OHM = max(LOADS_OHM)
"""The larger test load of the standards; at 100 mA it is below the compliance of 120 V."""
BOARD_GONE = ("T30", "T31", "T37")
"""Trips whose cause may be that the board process has ended."""


@dataclass(slots=True)
class TreatmentRun:
    """Observations of a treatment: newest snapshot, newest one at full level, trips.

    `lost` says why the connection to the engine was lost, if it was. `child_end` is how a child
    process ended by itself and so caused a trip. `waited_us` is how long the board waited for this
    machine; None for a board that does not wait.
    """

    last: Snapshot | None = None
    own: Snapshot | None = None
    """The newest snapshot of this treatment; None before its session if `last` shows another."""
    is_at_level: bool = False
    """Whether the requested level, or the ceiling, was set in `last`."""
    at_level_us: int = 0
    """Treatment time spent at that level."""
    full: Snapshot | None = None
    session: str | None = None
    trips: list[Event] = field(default_factory=list)
    lost: str | None = None
    child_end: ChildEnd | None = None
    waited_us: int | None = None

    @property
    def shows_own_end(self) -> bool:
        """Tell whether the newest snapshot shows our own session finished."""
        return self.own is not None and self.own is self.last and self.own.state == "Finished"

    @property
    def level_reached_ua(self) -> int:
        """Return the highest level that every channel reached, in µA."""
        channels = self.own.channels if self.own is not None else ()
        return min((view.highest_ua for view in channels), default=0)

    def add_trip(self, event: Event) -> None:
        """Keep an event that reports a trip; ignore every other one."""
        if event.name == "trip":
            self.trips.append(event)


def give_treatment(
    host: EngineHost, autopilot: Autopilot, show: Callable[[Snapshot], None]
) -> TreatmentRun:
    """Run the autopilot until it is done or the engine has gone; return what was observed.

    For a test load, a board that was started for the run gets one on each channel.
    """
    run = TreatmentRun()
    _connect_pads(host, autopilot)
    hand = SimulatedHand(host.fault)

    def on_snapshot(snapshot: Snapshot) -> None:
        _note(run, snapshot, autopilot)
        if autopilot.owns(snapshot):
            hand.see(snapshot)
            if hand.why_not is not None:
                autopilot.give_up(hand.why_not)
        show(snapshot)

    with on_end_signal(autopilot.interrupt):
        try:
            run_client(host, autopilot, on_snapshot, run.add_trip)
            # Events that arrived together with the last snapshot are read after it.
            while (message := host.link.next_message(0)) is not None:
                if isinstance(message, Event):
                    run.add_trip(message)
            if any(trip.facts.get("code") in BOARD_GONE for trip in run.trips):
                run.child_end = host.child_end()
            if host.shared and run.session and run.shows_own_end:
                host.link.wait_reply(host.link.send(CloseSession()), KEPT_S)
        except LinkError as error:
            run.child_end = host.child_end()
            run.lost = str(error)
        finally:
            hand.let_go()
    run.waited_us = host.waited_us()
    return run


def _connect_pads(host: EngineHost, autopilot: Autopilot) -> None:
    """Connect test loads, or let the clinician of a simulated patient read from the engine."""
    if autopilot.clinician is not None:
        autopilot.clinician.link = host.link
    if autopilot.request.prescribe.subject is Subject.TEST_LOAD and host.fault is not None:
        for channel in host.own_channels:
            host.fault("set", f"resistor:{channel}={TEST_LOAD_OHM}")


def _note(run: TreatmentRun, snapshot: Snapshot, autopilot: Autopilot) -> None:
    before, was_at_level = run.last, run.is_at_level
    is_ours = autopilot.owns(snapshot)
    run.last = snapshot
    run.is_at_level = is_ours and autopilot.reached(snapshot) and snapshot.state in AT_LEVEL
    if not is_ours:
        run.own = run.own if run.session is not None else None
        return
    run.own = snapshot
    run.session = snapshot.session or run.session
    if was_at_level and run.is_at_level and before is not None:
        run.at_level_us += snapshot.elapsed_us - before.elapsed_us
    at_level = [view for view in snapshot.channels if view.level_ua and view.amplitude_ua]
    if snapshot.state in PULSING and len(at_level) == len(snapshot.channels):
        best = run.full
        if best is None or _reach(snapshot) >= _reach(best):
            run.full = snapshot


def _reach(snapshot: Snapshot) -> int:
    return sum(view.amplitude_ua for view in snapshot.channels)
