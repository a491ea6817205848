"""When an incident is sealed: a second after any stop but a planned end or a pause.

What happened meanwhile is inside, the fall included; a further stop in that second goes into the
same incident. The control thread copies the last minute and hands it on; nothing here waits.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from appliance.control.engine_state import EngineState
from appliance.control.output.rig_observation import Observation
from appliance.control.reporting.flight_recorder import NOTHING, FlightRecorder, LastMinute
from appliance.link.interfaces import Peer
from appliance.records.incidents.format import IncidentDraft
from appliance.records.incidents.recovery import ORDINARY, lost_facts, sealed_facts
from appliance.records.incidents.store import IncidentWriter, SealedIncident, UnsealedIncident
from appliance.records.journal.journal import Journal
from appliance.records.session_events import EventName
from drivers.clock import Clock
from drivers.quantities import US_PER_S

AFTERWARDS_US = US_PER_S
LONGEST_US = 5 * US_PER_S
"""Stop after stop in one incident, but no longer than this."""
NOTHING_UA = 1_000


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
        """Keep an event for the last minute; a stop opens an incident."""
        self._flight_recorder.note(self._clock.now_us(), str(name), facts)
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
