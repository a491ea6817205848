"""The guard: a script inside the daemon that cuts when the engine is silent or the e-stop opens.

It runs in the daemon's own thread and survives the engine, so it also stops waves that nobody
owns. Parameter 0 is the engine's, refreshed alone (an update overwrites parameters from the first
on); 1 mirrors the count of polls and 2 the latch. The latch itself is a script variable, which no
client can write: once tripped, the guard clears, stops and clears every millisecond until it is
deleted, whatever the engine says.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from drivers.board_file import BoardFile
from drivers.clock import Clock
from drivers.errors import DaemonRefused
from drivers.interfaces import GuardStatus
from drivers.pigpio_client import SCRIPT_RUNNING, SCRIPT_STARTING, StreamClient
from drivers.quantities import US_PER_MS, Microseconds

SILENCE_US = 80_000
"""Design section 6, layer 1: silence longer than this is a dead engine."""
TRIPPED_ESTOP = 1
TRIPPED_SILENCE = 2
MAX_SCRIPTS = 32
START_TRIES = 20
COUNT_MASK = (1 << 31) - 1

# Variables: v0 last refresh seen, v1 its tick, v2 the latch, v3 polls.
# Tags: 1 poll, 2 refreshed, 3 wait, 4 e-stop, 5 silence, 6 tripped.
_SCRIPT = """
ld v2 0 ld v3 0 lda p0 sta v0 t sta v1
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
    """Return the script for one board.

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

        This is also the only way to clear a tripped guard. Raises `DaemonRefused` if it does not
        run within 20 ms; the scripts that were there are left running then.
        """
        identity = self._client.store_script(self._text)
        self._await(identity, lambda answer: answer.state != SCRIPT_STARTING)
        self._client.run_script(identity, (self._next_count(),))
        self._await(identity, lambda answer: answer.state == SCRIPT_RUNNING and _polls(answer) > 0)
        self._id = identity
        for other in range(MAX_SCRIPTS):
            if other != identity:
                with suppress(DaemonRefused):  # no script of that number
                    self._client.delete_script(other)
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

    def delete(self) -> None:
        """Take the guard away, once nothing can play any more."""
        identity, self._id = self._id, None
        if identity is not None:
            self._client.delete_script(identity)

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
