"""Decide the next action of a series of drills from what a snapshot shows.

Only one command is outstanding at a time. After Ctrl-C the end of the drill is sent first, but only
once the engine has said that the drill is ours: it would end a drill of somebody else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from appliance.messages.actions import Acknowledge, Action, BeginDrill, EndDrill, Unlock
from appliance.messages.replies import Refused, Reply
from appliance.messages.snapshot import DrillResult, DrillView, Snapshot, TripView
from appliance.messages.wire import TextView
from ui.cli.drills.person import DrillPerson, VirtualHands, is_acknowledging
from ui.cli.engine.client_loop import run_client
from ui.cli.engine.ctrl_c import on_end_signal
from ui.cli.engine.hosts import EngineHost
from ui.cli.engine.pending_action import SendsOneAtATime
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.refusal_text import in_words
from ui.cli.terminal.snapshot_text import trip_text
from ui.cli.terminal.units import STATES
from ui.cli.treatment.failure import AutopilotFailure

ONE_AT_A_TIME = TextView(key="drill.one_at_a_time")
NO_DRILL = ("Armed", "ContactCheck", "RampUp", "Delivering", "Resting", "Paused", "RampDown")


@dataclass(slots=True)
class DrillRun:
    """One drill and its result; `result` is None if it never began."""

    drill: BeginDrill
    result: DrillResult | None = None
    took_us: int = 0


@dataclass(slots=True)
class DrillAutopilot(SendsOneAtATime):
    """Runs drills one after the other; `decide` is called with each snapshot.

    `rig` is the requested kind of rig; if None, it is set to the engine's kind at the first drill.
    """

    wanted: tuple[BeginDrill, ...]
    person: DrillPerson
    operator: str
    rig: str | None
    done: list[DrillRun] = field(default_factory=list)
    failure: AutopilotFailure | None = None
    was_interrupted: bool = False
    shown: DrillView | None = None
    """The step now shown, None between drills."""
    unacknowledged: TripView | None = None
    """The trip that has to be acknowledged before the next drill."""
    _running: DrillRun | None = None
    _began_us: int = 0
    _end_sent: bool = False

    def answered(self, answer: Reply | Refused) -> None:
        """Process the engine's answer."""
        action = self._answered_action(answer)
        if isinstance(answer, Reply):
            return
        if isinstance(action, BeginDrill):
            text = f"{action.kind} drill refused: {in_words(answer)}{_how(answer)}"
            self._give_up(AutopilotFailure(text))
        elif isinstance(action, Unlock):
            self.failure = AutopilotFailure(in_words(answer))
        elif isinstance(action, EndDrill):
            self._end_sent = False

    def interrupt(self) -> None:
        """Note a Ctrl-C: the drill ends and the output goes off."""
        self.was_interrupted = True

    @property
    def wants_stop(self) -> bool:
        """Tell whether the end of a drill is waiting to be sent."""
        is_ours = self._running is not None and not isinstance(self.pending, BeginDrill)
        return self.was_interrupted and not self._end_sent and is_ours

    def is_done(self, _snapshot: Snapshot, /) -> bool:
        """Tell whether there is nothing more to do."""
        if self._running is not None or self.pending is not None:
            return False
        ended = self.failure is not None or self.was_interrupted
        return ended or len(self.done) == len(self.wanted)

    def decide(self, snapshot: Snapshot) -> Action | None:
        """Return the next action, or None to wait."""
        if self.wants_stop:
            self._end_sent = True
            return EndDrill()
        if not self.is_settled(snapshot) or self.is_done(snapshot):
            return None
        if self._running is None:
            return self._begin(snapshot)
        return self._follow(self._running, snapshot)

    def _begin(self, snapshot: Snapshot) -> Action | None:
        self.rig, self.unacknowledged = self.rig or snapshot.rig, None
        if snapshot.rig != self.rig:
            text = f"the engine that runs here drives a {snapshot.rig} rig, not a {self.rig} one"
            self.failure = AutopilotFailure(f"{text}; give --rig {snapshot.rig} or another --data")
            return None
        if snapshot.rig != "virtual" and isinstance(self.person, VirtualHands):
            self.failure = AutopilotFailure("--virtual-hands works only on a virtual board")
            return None
        match snapshot.state:
            case "Locked":
                return Unlock(operator=self.operator)
            case "Tripped" if not self.done:
                trip = snapshot.trip
                why = f"{trip.code} {trip_text(trip)}" if trip is not None else "no reason given"
                self.failure = AutopilotFailure(f"no drill, for the engine is tripped: {why}")
            case "Tripped":
                return self._acknowledge_between(snapshot)
            case "Ready":
                drill = self.wanted[len(self.done)]
                self.person.prepare(drill)
                self._running, self._began_us = DrillRun(drill), snapshot.at_us
                return drill
            case state if state in NO_DRILL or state == "Finished":
                text = f"no drill while a session is open ({snapshot.programme or STATES[state]})"
                self.failure = AutopilotFailure(f"{text}; stop and close it first", ExitCode.BUSY)
            case _:
                pass
        return None

    def _acknowledge_between(self, snapshot: Snapshot) -> Action | None:
        """After a drill that failed with a trip, wait for the acknowledgement, then continue."""
        trip = snapshot.trip
        if trip is None or trip.cause_present:
            why = trip_text(trip) if trip is not None else ""
            self.failure = AutopilotFailure(f"no further drill while the cause stands: {why}")
            return None
        self.unacknowledged = trip
        if self.person.acknowledges():
            return Acknowledge()
        if not self.person.can_acknowledge:
            text = "no further drill before the trip is acknowledged: `stimkiosk acknowledge`"
            self.failure = AutopilotFailure(text)
        return None

    def _follow(self, running: DrillRun, snapshot: Snapshot) -> Action | None:
        view = snapshot.drill
        if view is None or self._is_another(view, running.drill):
            text = f"another client ended the {running.drill.kind} drill: see `stimkiosk drill`"
            self._give_up(AutopilotFailure(text, ExitCode.BUSY))
            return None
        if view.result is not None:
            running.result, running.took_us = view.result, snapshot.at_us - self._began_us
            self.done.append(running)
            self._running, self.shown = None, None
            self.person.restore()
            return EndDrill() if len(self.done) == len(self.wanted) else None
        if self.shown is None or view.key != self.shown.key:
            self.person.do_step(view)
        self.shown = view
        trip = snapshot.trip
        if not is_acknowledging(view) or trip is None or trip.cause_present:
            return None
        return Acknowledge() if self.person.acknowledges() else None

    def _is_another(self, view: DrillView, drill: BeginDrill) -> bool:
        """Tell whether a drill that began after ours is shown; the time left never grows."""
        was_left_us = self.shown.left_us if self.shown is not None else view.left_us
        return view.kind != drill.kind or view.left_us > was_left_us

    def _give_up(self, failure: AutopilotFailure) -> None:
        """End without a result, and clear what a virtual person injected."""
        self.failure, self._running, self.shown = failure, None, None
        self.person.restore()


def _how(answer: Refused) -> str:
    """Name the command that ends a drill whose own client has gone."""
    return " (`stimkiosk stop`)" if answer.allowed == ONE_AT_A_TIME else ""


def do_drills(
    host: EngineHost, autopilot: DrillAutopilot, show: Callable[[DrillAutopilot], None]
) -> None:
    """Run the autopilot until it is done; raises `LinkError` if the engine has gone.

    A step is shown before the key that acknowledges it can count. A result that has arrived is
    shown even if the engine leaves at that moment.
    """
    with on_end_signal(autopilot.interrupt):
        try:
            run_client(host, autopilot, lambda _: None, on_decided=lambda: show(autopilot))
        finally:
            show(autopilot)
