"""The last minute, in memory: what was set, what was measured, what happened.

One row a control tick in one block of memory that never grows, and the events of the journal
beside it. Nothing here is written down before a stop asks for it.
"""

from array import array
from collections import deque
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from appliance.control.engine_state import EngineState
from appliance.control.output.rig_observation import Observation
from appliance.link.interfaces import Peer
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
