"""The guard: a script inside the daemon that cuts when the engine is silent or the e-stop opens.

It runs in the daemon's own thread and outlives the engine, so it also stops waves left behind by a
dead engine. Parameter 0 is the refresh count. The engine updates only this one, because an update
overwrites parameters from the first on; parameter 1 mirrors the count of polls and parameter 2 the
latch. The latch itself is a script variable, which no client can write: once tripped, the guard
clears gates, stops waves and clears gates again every millisecond until it is deleted, whatever the
engine sends. The script checks the latch first, because variables keep their value over a stop: a
client that stops the script and runs it again still runs a tripped guard.
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
"""docs/design.md section 6, layer 1: an engine silent for longer than this counts as dead."""
TRIPPED_ESTOP = 1
TRIPPED_SILENCE = 2
MAX_SCRIPTS = 32
START_TRIES = 20
HALT_TRIES = 6
"""How often to check, 1 ms apart, whether the stopped scripts have halted. A script halts when its
current delay is over, a guard within 1 ms; the total wait stays within a control tick."""
COUNT_MASK = (1 << 31) - 1

# Variables: v0 last refresh count seen, v1 its tick, v2 the latch, v3 polls. Tags: 1 poll, 2
# refreshed, 3 wait, 4 e-stop, 5 silence, 6 tripped.
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
    """Return the guard script for one board; its variables are 0 once the daemon has stored it.

    The silence timer runs from the script's start, not from the first refresh, so an engine that
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
    """Starts, refreshes, reads and deletes the guard script."""

    def __init__(self, client: StreamClient, board: BoardFile, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._text = guard_script(board)
        self._id: int | None = None
        self._count = 0

    def start(self) -> None:
        """Store and run a new guard, wait until it polls, then delete every other script.

        This is also the only way to clear a tripped guard; nothing may play meanwhile. Raises
        `DaemonRefused` if the script does not run within 20 ms; scripts that were there before are
        left running then, unless they occupied every slot.
        """
        identity = self._store()
        self._await(identity, lambda answer: answer.state != SCRIPT_STARTING)
        self._client.run_script(identity, (self._next_count(),))
        self._await(identity, lambda answer: answer.state == SCRIPT_RUNNING and _polls(answer) > 0)
        self._id = identity
        self._delete_others(identity)
        self.refresh()

    def refresh(self) -> None:
        """Refresh the silence timer; does nothing before `start`."""
        if self._id is not None:
            self._client.update_script(self._id, (self._next_count(),))

    def status(self) -> GuardStatus:
        """Read the guard's count of polls and its latch; `running` is False before `start`."""
        if self._id is None:
            return GuardStatus(running=False, alive=0, tripped=0)
        answer = self._ask(self._id)
        if not answer.parameters:
            return GuardStatus(running=False, alive=0, tripped=0)
        running = answer.state == SCRIPT_RUNNING
        return GuardStatus(running, answer.parameters[1], answer.parameters[2])

    def forget(self) -> None:
        """Drop the script's number: the daemon may have been replaced."""
        self._id = None

    def delete(self) -> None:
        """Delete the guard script; call it only when nothing can play any more."""
        identity, self._id = self._id, None
        if identity is not None:
            self._client.delete_script(identity)

    def _store(self) -> int:
        """Store the script; if every slot is taken, free some that other clients left."""
        try:
            return self._client.store_script(self._text)
        except DaemonRefused:
            self._make_room()
        return self._client.store_script(self._text)

    def _make_room(self) -> None:
        """Delete a script that does not run; if all run, all but the first (maybe a guard)."""
        stored = [number for number in range(MAX_SCRIPTS) if self._ask(number).state >= 0]
        if stored and not any(self._delete_halted(number) for number in stored):
            self._delete_others(stored[0])

    def _delete_others(self, mine: int) -> None:
        """Delete every script but ours.

        All are stopped first, because deleting a running script makes the daemon wait for the
        script's delay plus 5 ms, and there may be 31. A script in a longer delay does nothing more;
        the next start deletes it.
        """
        left = [number for number in range(MAX_SCRIPTS) if number != mine and self._stop(number)]
        for _ in range(HALT_TRIES):
            if not left:
                return
            self._clock.sleep_until(Microseconds(self._clock.now_us() + US_PER_MS))
            left = [number for number in left if not self._delete_halted(number)]

    def _delete_halted(self, number: int) -> bool:
        """Delete a script unless it runs; return whether it no longer exists."""
        if self._ask(number).state == SCRIPT_RUNNING:
            return False
        with suppress(DaemonRefused):  # another client has deleted it meanwhile
            self._client.delete_script(number)
        return True

    def _stop(self, number: int) -> bool:
        """Stop a script; return whether a script of that number exists."""
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
