"""The headless clinician: decides the next action of a treatment from what a snapshot shows.

It uses nothing a person at a screen could not: the same commands, the same level rules, the same
refusals. One command is outstanding at a time.
"""

from dataclasses import dataclass, field

from appliance.messages import (
    Action,
    CheckContact,
    Prescribe,
    Refused,
    Reply,
    Rise,
    Snapshot,
    Start,
    Stop,
    Unlock,
)

TAP_PAUSE_US = 300_000
"""A tap sooner than this would be refused (design section 7)."""
DUMMY_LOADS_OHM = (500, 1_000)
"""Test loads of the standards (clinical notes 1.1 and 1.2)."""
DUMMY_LOAD_PERCENT = 10
"""Resistor and sensing together (D)."""
CLEARLY_DONE = ("Finished", "Tripped")
RISING = ("RampUp", "Delivering")


@dataclass(frozen=True, slots=True)
class Order:
    """What to treat: the prescription asked for, the level to reach, how long to hold it."""

    prescribe: Prescribe
    level_ua: int
    hold_us: int | None
    operator: str = "treat"


@dataclass(slots=True)
class Director:
    """Leads one treatment; `decide` is called with each snapshot."""

    order: Order
    dummy_load: bool = False
    """Start only on a load of 500 Ω or 1 kΩ, as the contact check measured it."""
    refusal: Refused | None = None
    failure: str | None = None
    _waiting: Action | None = None
    _wait_tick: int = -1
    _contact_asked: bool = False
    _last_tap_us: int = -TAP_PAUSE_US
    _held_from_us: int | None = None
    _interrupts: int = 0
    _stop_sent: int = 0
    _rest_wanted: bool = False
    _capped: set[int] = field(default_factory=set)

    def decide(self, snapshot: Snapshot) -> Action | None:
        """Return the next action, or None to wait."""
        if self._waiting is not None or snapshot.tick <= self._wait_tick:
            return None
        self._waiting = self._next(snapshot)
        return self._waiting

    def answered(self, answer: Reply | Refused) -> None:
        """Take the engine's answer to the last action."""
        action, self._waiting = self._waiting, None
        if isinstance(answer, Reply):
            self._wait_tick = answer.tick
        elif isinstance(action, Rise):
            self._rise_refused(action, answer)
        elif not isinstance(action, Stop):
            self.refusal = answer

    def interrupt(self) -> None:
        """Note a Ctrl-C: the first stops with a ramp, the second cuts."""
        self._interrupts += 1
        self._waiting = None
        self._wait_tick = -1

    @property
    def was_interrupted(self) -> bool:
        """Say whether a person ended it."""
        return self._interrupts > 0

    def is_done(self, snapshot: Snapshot) -> bool:
        """Say whether there is nothing more to do."""
        if self.refusal is not None or self.failure is not None:
            return snapshot.state in (*CLEARLY_DONE, "Ready", "Locked")
        if self._interrupts and snapshot.state in ("Ready", "Locked", "SelfTest"):
            return True
        return snapshot.state in CLEARLY_DONE

    def reached(self, snapshot: Snapshot) -> bool:
        """Say whether every channel is at the level asked for, or at its ceiling."""
        return all(
            channel.level_ua >= self.order.level_ua or channel.channel in self._capped
            for channel in snapshot.channels
        )

    def _next(self, snapshot: Snapshot) -> Action | None:
        if self._interrupts > self._stop_sent:
            self._stop_sent = self._interrupts
            return Stop(cut=self._interrupts > 1)
        if self.refusal is not None:
            return None
        match snapshot.state:
            case "Locked":
                return Unlock(operator=self.order.operator)
            case "Ready":
                return self._prepare(snapshot)
            case "Armed":
                return self._start(snapshot)
            case "RampUp" | "Delivering" | "Resting":
                return self._hold(snapshot) or self._raise(snapshot)
            case _:
                return None

    def _prepare(self, snapshot: Snapshot) -> Action | None:
        if self._contact_asked:
            self.failure = "; ".join(snapshot.notes) or "the contact check did not pass"
            return None
        if snapshot.programme is None:
            return self.order.prescribe
        self._contact_asked = True
        return CheckContact()

    def _start(self, snapshot: Snapshot) -> Action | None:
        loads = [view.contact_ohm for view in snapshot.channels]
        if self.dummy_load and not all(map(is_dummy_load, loads)):
            found = ", ".join("unknown" if ohm is None else f"{ohm} Ω" for ohm in loads)
            self.failure = f"no dummy load: the contact check found {found}, not 500 Ω or 1 kΩ"
            return Stop()
        return Start()

    def _raise(self, snapshot: Snapshot) -> Action | None:
        if snapshot.state == "Resting":
            self._rest_wanted = False
        if self._rest_wanted or snapshot.state not in RISING:
            return None
        if snapshot.at_us - self._last_tap_us < TAP_PAUSE_US:
            return None
        short = [
            channel
            for channel in snapshot.channels
            if channel.level_ua < self.order.level_ua and channel.channel not in self._capped
        ]
        if not short:
            return None
        self._last_tap_us = snapshot.at_us
        return Rise(channel=min(short, key=lambda view: view.level_ua).channel)

    def _hold(self, snapshot: Snapshot) -> Action | None:
        if not self.reached(snapshot):
            return None
        if self._held_from_us is None:
            self._held_from_us = snapshot.elapsed_us
        hold_us = self.order.hold_us
        held_us = snapshot.elapsed_us - self._held_from_us
        return Stop() if hold_us is not None and held_us >= hold_us else None

    def _rise_refused(self, action: Rise, answer: Refused) -> None:
        if answer.limit == "ceiling":
            self._capped.add(action.channel)
        self._rest_wanted = answer.limit == "set level"


def is_dummy_load(ohm: int | None) -> bool:
    """Say whether a measured load is one of the two test loads."""
    return ohm is not None and any(
        abs(ohm - load) * 100 <= load * DUMMY_LOAD_PERCENT for load in DUMMY_LOADS_OHM
    )
