"""The guard: a script inside the daemon that cuts when the engine is silent or the e-stop opens.

It runs in the daemon's own thread and survives the engine, so it also stops waves that nobody
owns. Parameter 0 is the engine's, refreshed alone (an update overwrites parameters from the first
on); 1 mirrors the count of polls and 2 the latch. The latch itself is a script variable, which no
client can write: once tripped, the guard clears, stops and clears every millisecond until it is
deleted, whatever the engine says. It is looked at before anything else, because variables outlive
a stop: a client that stops the script and runs it again runs a tripped guard.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from drivers.board_file import BoardFile
from drivers.clock import Clock
from drivers.errors import DaemonRefused
from drivers.interfaces import GuardStatus
from drivers.pigpio.client import SCRIPT_RUNNING, SCRIPT_STARTING, StreamClient
from drivers.quantities import US_PER_MS, Microseconds

SILENCE_US = 80_000
"""Design section 6, layer 1: silence longer than this is a dead engine."""
TRIPPED_ESTOP = 1
TRIPPED_SILENCE = 2
MAX_SCRIPTS = 32
START_TRIES = 20
HALT_TRIES = 6
"""A script that was stopped halts when its delay is over, a guard's within 1 ms; so long (in ms) is
waited for all of them, which stays within a control tick."""
COUNT_MASK = (1 << 31) - 1

# Variables: v0 last refresh seen, v1 its tick, v2 the latch, v3 polls.
# Tags: 1 poll, 2 refreshed, 3 wait, 4 e-stop, 5 silence, 6 tripped.
_SCRIPT = """
lda v2 cmp 0 jnz 6
lda p0 sta v0 t sta v1
tag 1 inr v3 lda v3 and {count} sta p1
r {estop} jz 4
lda p0 cmp v0 jnz 2
t sub v1 cmp {silence} jp 5
jmp 3
tag 2 sta v0 t sta v1
tag 3 mils 1 jmp 1
tag 4 ld v2 {by_estop} jmp 6
tag 5 ld v2 {by_silence}
tag 6 bc1 {gates} wvhlt bc1 {gates}
lda v2 sta p2 inr v3 lda v3 and {count} sta p1
mils 1 jmp 6
"""


def guard_script(board: BoardFile) -> str:
    """Return the script for one board. Its variables are 0 when the daemon has just stored it.

    The silence timer runs from the script's start, not from the first refresh: an engine that
    dies between the two is noticed.
    """
    return " ".join(
        _SCRIPT.format(
            count=COUNT_MASK,
            estop=board.pins.estop_loop,
            silence=SILENCE_US,
            by_estop=TRIPPED_ESTOP,
            by_silence=TRIPPED_SILENCE,
            gates=sum(1 << pin for pin in board.pins.gate_list()),
        ).split()
    )


class _Answer(NamedTuple):
    state: int
    parameters: tuple[int, ...]


class Guard:
    """Starts, refreshes and questions the script."""

    def __init__(self, client: StreamClient, board: BoardFile, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._text = guard_script(board)
        self._id: int | None = None
        self._count = 0

    def start(self) -> None:
        """Store and run a new guard, see it poll, then delete every other script.

        This is also the only way to clear a tripped guard; nothing may play meanwhile. Raises
        `DaemonRefused` if it does not run within 20 ms; the scripts that were there are left
        running then, unless they took every slot.
        """
        identity = self._store()
        self._await(identity, lambda answer: answer.state != SCRIPT_STARTING)
        self._client.run_script(identity, (self._next_count(),))
        self._await(identity, lambda answer: answer.state == SCRIPT_RUNNING and _polls(answer) > 0)
        self._id = identity
        self._delete_others(identity)
        self.refresh()

    def refresh(self) -> None:
        """Tell the guard that the engine is alive; does nothing before `start`."""
        if self._id is not None:
            self._client.update_script(self._id, (self._next_count(),))

    def status(self) -> GuardStatus:
        """Ask the guard for its count of polls and its latch; not running before `start`."""
        if self._id is None:
            return GuardStatus(running=False, alive=0, tripped=0)
        answer = self._ask(self._id)
        if not answer.parameters:
            return GuardStatus(running=False, alive=0, tripped=0)
        running = answer.state == SCRIPT_RUNNING
        return GuardStatus(running, answer.parameters[1], answer.parameters[2])

    def forget(self) -> None:
        """Know of no guard any more: the daemon may be another one."""
        self._id = None

    def delete(self) -> None:
        """Take the guard away, once nothing can play any more."""
        identity, self._id = self._id, None
        if identity is not None:
            self._client.delete_script(identity)

    def _store(self) -> int:
        """Store the script; where every slot is taken, make room among what others left."""
        try:
            return self._client.store_script(self._text)
        except DaemonRefused:
            self._make_room()
        return self._client.store_script(self._text)

    def _make_room(self) -> None:
        """Delete one that does not run, or else all but the first, which may be an older guard."""
        found = [number for number in range(MAX_SCRIPTS) if self._ask(number).state >= 0]
        if found and not any(self._delete_halted(number) for number in found):
            self._delete_others(found[0])

    def _delete_others(self, mine: int) -> None:
        """Delete every script but one.

        All are stopped first: to delete one that runs the daemon waits for its delay and 5 ms, and
        there may be 31. One that sleeps for longer does nothing more and goes at the next start.
        """
        left = [number for number in range(MAX_SCRIPTS) if number != mine and self._stop(number)]
        for _ in range(HALT_TRIES):
            if not left:
                return
            self._clock.sleep_until(Microseconds(self._clock.now_us() + US_PER_MS))
            left = [number for number in left if not self._delete_halted(number)]

    def _delete_halted(self, number: int) -> bool:
        """Delete a script unless it runs; return whether it is gone."""
        if self._ask(number).state == SCRIPT_RUNNING:
            return False
        with suppress(DaemonRefused):  # somebody else has deleted it by now
            self._client.delete_script(number)
        return True

    def _stop(self, number: int) -> bool:
        """Stop a script; return whether there is one of that number."""
        with suppress(DaemonRefused):
            self._client.stop_script(number)
            return True
        return False

    def _next_count(self) -> int:
        self._count = self._count + 1 & COUNT_MASK
        return self._count

    def _ask(self, identity: int) -> _Answer:
        state, parameters = self._client.script_status(identity)
        return _Answer(state, parameters)

    def _await(self, identity: int, wanted: Callable[[_Answer], bool]) -> None:
        for _ in range(START_TRIES):
            if wanted(self._ask(identity)):
                return
            self._clock.sleep_until(Microseconds(self._clock.now_us() + US_PER_MS))
        raise DaemonRefused(f"the guard script {identity} did not run within {START_TRIES} ms")


def _polls(answer: _Answer) -> int:
    return answer.parameters[1] if answer.parameters else 0
