"""The last minute, in memory, and when it is sealed as an incident.

The flight recorder keeps one row a control tick in one block of memory that never grows, and the
events of the journal beside it. Nothing of it is written down before a stop asks for it.

An incident is sealed a second after any stop but a planned end or a pause. What happened meanwhile
is inside, the fall included; a further stop in that second goes into the same incident. The control
thread copies the last minute and hands it on; nothing here waits.
"""

from array import array
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from appliance.control.engine_state import EngineState
from appliance.control.output.rig_observation import Observation
from appliance.link.interfaces import Peer
from appliance.records.incidents.format import IncidentDraft
from appliance.records.incidents.recovery import ORDINARY, lost_facts, sealed_facts
from appliance.records.incidents.store import IncidentWriter, SealedIncident, UnsealedIncident
from appliance.records.journal.journal import Journal
from appliance.records.patient_facts import CLINICAL
from appliance.records.session_events import EventName
from appliance.records.unit_facts import without_words
from drivers.clock import Clock
from drivers.quantities import US_PER_S

SECONDS = 60
ROWS = SECONDS * 100
EVENTS = 4_096
"""More than the busiest minute has: 50 commands a second from one peer."""
NOTHING = -(2**63)
"""Stands for "could not be read"."""
COMMON = (
    "at_us",
    "state",
    "slice",
    "estop_closed",
    "hand_switch_closed",
    "supply_good",
    "latch_clear",
    "guard_tripped",
    "guard_alive",
    "queued",
    "marker_us",
    "drift_ppm",
    "rail_mv",
)
EACH = ("level_ua", "set_ua", "held_ua", "held_mv", "contact_ohm")

AFTERWARDS_US = US_PER_S
LONGEST_US = 5 * US_PER_S
"""Stop after stop in one incident, but no longer than this."""
NOTHING_UA = 1_000


class RecordedEvent(NamedTuple):
    """An event of the journal, or a change of who is connected (which the journal leaves out)."""

    at_us: int
    name: str
    facts: Mapping[str, object]


class LastMinute(NamedTuple):
    """The last minute as it was when asked for, oldest first; `states` name the state numbers."""

    columns: tuple[str, ...]
    states: tuple[str, ...]
    block: "array[int]"
    happened: tuple[RecordedEvent, ...]

    def entries(self) -> Iterator[object]:
        """Yield rows (lists, None where nothing was read) and events (mappings), by time."""
        happened = iter(self.happened)
        event = next(happened, None)
        width = len(self.columns)
        for begin in range(0, len(self.block), width):
            row = self.block[begin : begin + width].tolist()
            while event is not None and event.at_us <= row[0]:
                yield _plain(event)
                event = next(happened, None)
            yield [None if value == NOTHING else value for value in row]
        while event is not None:
            yield _plain(event)
            event = next(happened, None)


class FlightRecorder:
    """The ring; used only by the control thread."""

    def __init__(self, channels: tuple[int, ...], rows: int = ROWS) -> None:
        names = tuple(f"{name}_{channel}" for channel in channels for name in EACH)
        self.columns = (*COMMON, *names)
        self._channels = channels
        self._width = len(self.columns)
        self._block = array("q", bytes(8 * self._width * rows))
        self._rows = rows
        self._taken = 0
        self._states: dict[str, int] = {}
        self._happened: deque[RecordedEvent] = deque(maxlen=EVENTS)
        self._peers: tuple[Peer, ...] = ()

    def take(
        self,
        engine: EngineState,
        observation: Observation,
        set_ua: Mapping[int, int],
        peers: tuple[Peer, ...],
    ) -> None:
        """Keep this tick; the oldest one goes."""
        if peers != self._peers:
            self._note_peers(engine.tick.now_us, peers)
        begin = self._taken % self._rows * self._width
        self._block[begin : begin + self._width] = array(
            "q", self._row(engine, observation, set_ua)
        )
        self._taken += 1

    def note(self, at_us: int, name: str, facts: Mapping[str, object]) -> None:
        """Keep an event of the journal."""
        self._happened.append(RecordedEvent(at_us, name, facts))

    def minute(self) -> LastMinute:
        """Return the recorded ticks, at most a minute back from the newest one."""
        width, rows = self._width, min(self._taken, self._rows)
        first = self._taken % self._rows * width if rows == self._rows else 0
        block = self._block[first : rows * width] + self._block[:first]
        newest_us = block[-width] if block else 0
        oldest_us = newest_us - SECONDS * US_PER_S
        begin = 0
        while begin < len(block) and block[begin] < oldest_us:
            begin += width
        happened = tuple(event for event in self._happened if event.at_us >= oldest_us)
        return LastMinute(self.columns, tuple(self._states), block[begin:], happened)

    def _row(
        self, engine: EngineState, observation: Observation, set_ua: Mapping[int, int]
    ) -> list[int]:
        state = type(engine.machine.state).__name__
        row = [
            engine.tick.now_us,
            self._states.setdefault(state, len(self._states)),
            engine.played.slices,
            *(observation.inputs or (NOTHING,) * 4),
            *(
                (NOTHING,) * 2
                if observation.guard is None
                else (observation.guard.tripped, observation.guard.alive)
            ),
        ]
        stream = observation.stream
        if stream is None:
            row += (NOTHING, NOTHING)
        else:
            row += (stream.queued, stream.markers[-1].at_us if stream.markers else NOTHING)
        row.append(NOTHING if engine.played.drift_ppm is None else engine.played.drift_ppm)
        row.append(NOTHING if observation.rail is None else observation.rail.value)
        levels = engine.setup.treatment.levels if engine.setup.treatment is not None else {}
        for channel in self._channels:
            level = levels.get(channel)
            ohm = engine.measured.channels[channel].contact_ohm
            row += (
                NOTHING if level is None else level.level_ua,
                set_ua.get(channel, 0),
                *(observation.held[channel - 1] or (NOTHING, NOTHING)),
                NOTHING if ohm is None else ohm,
            )
        return row

    def _note_peers(self, at_us: int, peers: tuple[Peer, ...]) -> None:
        self._peers = peers
        names = [f"{peer.name} ({peer.role.value})" for peer in peers]
        self.note(at_us, "peers", {"connected": names})


def _plain(event: RecordedEvent) -> dict[str, object]:
    return {"at_us": event.at_us, "event": event.name, "facts": event.facts}


@dataclass(slots=True)
class _Open:
    """An incident that is not sealed yet."""

    session: str | None
    opened: Mapping[str, object]
    due_us: int
    last_us: int
    stops: list[Mapping[str, object]] = field(default_factory=list)


class IncidentSealer:
    """Opens, closes and submits incidents; used only by the control thread."""

    def __init__(
        self,
        journal: Journal,
        flight_recorder: FlightRecorder,
        writer: IncidentWriter,
        clock: Clock,
        facts: Mapping[str, object],
    ) -> None:
        """Listen to `journal`; `facts` go into every incident: device, boot, versions."""
        self._journal = journal
        self._flight_recorder = flight_recorder
        self._writer = writer
        self._clock = clock
        self._facts = facts
        self._open: _Open | None = None
        self._opened: dict[str, Mapping[str, object]] = {}
        self._count: Counter[str] = Counter()
        journal.on_append = self._heard

    def tick(
        self,
        engine: EngineState,
        observation: Observation | None,
        set_ua: Mapping[int, int],
        peers: tuple[Peer, ...],
    ) -> None:
        """Keep this tick, seal what is due, write down what was sealed; after each tick."""
        if observation is not None:
            self._flight_recorder.take(engine, observation, set_ua, peers)
        if self._open is not None and self._clock.now_us() >= self._open.due_us:
            self._seal(self._open)
        for done in self._writer.results():
            self._write_down(done)

    def close(self) -> None:
        """Seal what is open and wait for it: the engine is going to end."""
        if self._open is not None:
            self._seal(self._open)
        self._writer.close()
        for done in self._writer.results():
            self._write_down(done)

    def _heard(self, name: str, facts: Mapping[str, object], session: str | None) -> None:
        """Keep an event for the last minute; a stop opens an incident.

        Facts about patients are left out: an incident is copied away, health data is not. So are
        the words of people in those about the unit.
        """
        if name in CLINICAL:
            return
        self._flight_recorder.note(self._clock.now_us(), str(name), without_words(name, facts))
        if name == EventName.SESSION_OPENED and session is not None:
            self._opened = {session: facts}
        if name != EventName.STOP or (facts["cause"] in ORDINARY and not facts["failures"]):
            return
        now_us = self._clock.now_us()
        if self._open is None:
            opened = self._opened.get(session or "", {})
            last_us = now_us + LONGEST_US
            self._open = _Open(session, opened, now_us + AFTERWARDS_US, last_us)
        self._open.stops.append(facts)
        self._open.due_us = min(now_us + AFTERWARDS_US, self._open.last_us)

    def _seal(self, incident: _Open) -> None:
        self._open = None
        owner = incident.session or f"{self._facts['boot']:04d}-000"
        self._count[owner] += 1
        minute = self._flight_recorder.minute()
        cause = str(incident.stops[0]["cause"])
        header = {
            **self._facts,
            "session": incident.session,
            "cause": cause,
            "source": "memory",
            "sealed_at_us": self._clock.now_us(),
            "stops": incident.stops,
            "measured_zero_us": _measured_zero_us(minute, incident.stops[-1]),
            "opened": incident.opened,
            "columns": minute.columns,
            "states": minute.states,
        }
        name = f"{owner}-{self._count[owner]}"
        self._writer.submit(IncidentDraft(name, incident.session, cause, header, minute.entries))

    def _write_down(self, done: SealedIncident | UnsealedIncident) -> None:
        draft = done.draft
        if isinstance(done, SealedIncident):
            self._journal.append(EventName.CAPSULE, sealed_facts(done), draft.session)
            return
        self._journal.append(EventName.CAPSULE_LOST, lost_facts(done), draft.session)


def _measured_zero_us(minute: LastMinute, stop: Mapping[str, object]) -> int | None:
    """Return how long after the cause every held reading first showed nothing any more."""
    cause_us, zero_us = stop.get("cause_at_us"), stop.get("zero_at_us")
    if not isinstance(cause_us, int) or not isinstance(zero_us, int):
        return None
    places = [n for n, name in enumerate(minute.columns) if name.startswith("held_ua_")]
    width, block = len(minute.columns), minute.block
    first = bisect_left(range(len(block) // width), zero_us, key=lambda row: block[row * width])
    for begin in range(first * width, len(block), width):
        held = [block[begin + place] for place in places]
        if all(value != NOTHING and abs(value) < NOTHING_UA for value in held):
            return block[begin] - cause_us
    return None
