"""One stored script: its thread, as bursts of instructions on the timeline (pthScript)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from drivers.virtual.host.stderr_notices import BoardNotices
from drivers.virtual.pigpiod.alerts import Alerts
from drivers.virtual.pigpiod.codes import Cmd, Err, Handler, Result, Steps, signed
from drivers.virtual.pigpiod.process_signals import Lifetime
from drivers.virtual.pigpiod.scripts.script_code import A, F, Program, Trap
from drivers.virtual.timeline import Event, Timeline

INSTRUCTION_NS = 1_000
"""Time of one instruction. The loop in pthScript does not sleep; a Pi 4 copies and carries out an
instruction in well under a microsecond, a command in one or two."""
BURST = range(100)
"""Instructions per event; reads within a burst see the pins as at its start."""
THREAD_START_NS = 50_000
"""Time until a new thread is ready; before that PROCR answers -62."""
MAX_MICS_US = 1_000_000
MAX_MILS_MS = 60_000
_MASK = 0xFFFF_FFFF
_LOOKING = frozenset((Cmd.TICK, Cmd.BR1, Cmd.BR2, Cmd.READ, Cmd.WVBSY, Cmd.WVTAT))
"""Commands that only read: they take no time of their own."""


_DELAYS = frozenset((Cmd.MILS, Cmd.MICS))


class ScriptState(IntEnum):
    """The states that PROCP answers."""

    INITING = 0
    HALTED = 1
    RUNNING = 2
    WAITING = 3


@dataclass(frozen=True, slots=True)
class ScriptHost:
    """What scripts need of the daemon; `update_bits` is called when a wait begins or ends."""

    timeline: Timeline
    life: Lifetime
    alerts: Alerts
    handlers: Mapping[int, Handler]
    update_bits: Callable[[], None]
    notices: BoardNotices


class Script:
    """One stored script and its thread."""

    def __init__(self, host: ScriptHost, program: Program) -> None:
        self.state = ScriptState.INITING
        self.wait_bits = self.event_bits = 0
        self.program = program
        self._host = host
        self._timeline = host.timeline
        self._life = host.life
        self._asked_to_run = False
        self._changed_bits = 0
        self._position = 0
        self._command: Steps | None = None
        self._trap: int | None = None
        self._event: Event | None = None
        self._wake = self._run_on
        self._sleep(THREAD_START_NS)

    def run(self) -> None:
        """PROCR: start a halted script or wake a waiting one; a running one continues."""
        self._asked_to_run = True
        if self.state == ScriptState.HALTED:
            self._start()
        elif self.state == ScriptState.WAITING:
            self.wake(0)

    def stop(self) -> None:
        """PROCS: end at the next instruction; a delay in progress is first slept to its end."""
        self._asked_to_run = False
        if self.state == ScriptState.WAITING:
            self.wake(0)

    def delete(self) -> None:
        """Remove the thread."""
        self._timeline.cancel(self._event)
        self._event = None
        self.state = ScriptState.HALTED
        self._asked_to_run = False
        self.wait_bits = self.event_bits = 0

    def wake(self, changed: int) -> None:
        """End a WAIT or EVTWT; with 0 the result is the bits of the previous one."""
        if changed:
            self._changed_bits = changed
        memory = self.program.memory
        memory[A] = memory[F] = signed(self._changed_bits)
        self.wait_bits = 0
        self._host.update_bits()
        self.state = ScriptState.RUNNING
        self._sleep(0)

    def _start(self) -> None:
        memory = self.program.memory
        memory[A] = memory[F] = 0
        self.program.stack.clear()
        self._position = 0
        self._command = self._trap = None
        self.state = ScriptState.RUNNING
        self._sleep(0)

    def _sleep(self, delay_ns: int) -> None:
        self._event = self._timeline.at(self._timeline.now_ns + delay_ns, self._wake)

    def _run_on(self) -> None:
        try:
            self._go_on()
        except Exception as error:  # noqa: BLE001 - a mistake ends this script and nothing else
            self._host.notices.failed("a script", error)
            self._command = self._trap = None
            self.state = ScriptState.HALTED

    def _go_on(self) -> None:
        life = self._life
        if life.stalled:
            life.held.append(self._wake)
            return
        if self.state == ScriptState.INITING:
            self.state = ScriptState.HALTED
            return
        if self._command is not None:
            self._continue(self._command)
            return
        if not self._asked_to_run:
            self.state = ScriptState.HALTED
            return
        if self._trap is not None:
            trap, self._trap = self._trap, None
            if self._carry_out(trap, 0):
                self._burst(INSTRUCTION_NS)
            return
        self._burst(0)

    def _burst(self, spent_ns: int) -> None:
        """Carry out instructions until one takes time."""
        steps = self.program.steps
        last = len(steps)
        at = self._position
        for _ in BURST:
            at = steps[at]() if 0 <= at < last else ~last
            if at < 0:
                if not self._carry_out(~at, spent_ns):
                    return
                at = self._position
            spent_ns += INSTRUCTION_NS
        self._position = at
        self._sleep(spent_ns)

    def _carry_out(self, position: int, spent_ns: int) -> bool:
        """Carry out a trap, `spent_ns` into a burst; return whether the burst continues."""
        trap = self.program.traps[position]
        code = trap.code
        memory = self.program.memory
        self._position = position + 1
        if isinstance(code, Cmd) and code in _DELAYS:
            return self._delay(code, memory[trap.operands[0]] & _MASK, spent_ns)
        if code == Cmd.TICK:
            memory[A] = memory[F] = signed(self._host.alerts.tick() + spent_ns // 1_000)
            return True
        if isinstance(code, Cmd):
            return self._do_command(position, trap, code, spent_ns)
        if code == "HALT":
            self.state = ScriptState.HALTED
            return False
        if code == "SYS":
            memory[A] = memory[F] = Err.BAD_SCRIPT_NAME
            return True
        self._wait(code, memory[trap.operands[0]] & _MASK)
        return False

    def _delay(self, code: Cmd, length: int, spent_ns: int) -> bool:
        memory = self.program.memory
        micros = code == Cmd.MICS
        if length > (MAX_MICS_US if micros else MAX_MILS_MS):
            memory[A] = memory[F] = Err.BAD_MICS_DELAY if micros else Err.BAD_MILS_DELAY
            return True
        memory[A] = memory[F] = 0
        self._sleep(spent_ns + INSTRUCTION_NS + length * (1_000 if micros else 1_000_000))
        return False

    def _wait(self, code: str, bits: int) -> None:
        self.state = ScriptState.WAITING
        if code == "WAIT":
            self.wait_bits = bits
        else:
            # Never cleared: these events also end a later WAIT (scrEvtWait).
            self.event_bits = bits
        self._host.update_bits()

    def _do_command(self, position: int, trap: Trap, code: Cmd, spent_ns: int) -> bool:
        if spent_ns and code not in _LOOKING:
            # An instruction with outside effects runs at its own microsecond.
            self._trap = position
            self._sleep(spent_ns)
            return False
        memory = self.program.memory
        values = [memory[where] & _MASK for where in trap.operands]
        first, second, *third = [*values, *(0, 0)[len(values) :]]
        extension = third[0].to_bytes(4, "little") if third else b""
        answer = self._host.handlers[code](first, second, extension)
        if isinstance(answer, int | bytes):
            self._take(answer)
            return True
        self._continue(answer)
        return False

    def _continue(self, command: Steps) -> None:
        """Continue a command that takes time."""
        try:
            self._command = command
            self._sleep(next(command))
        except StopIteration as ended:
            self._command = None
            self._take(ended.value)
            self._sleep(INSTRUCTION_NS)

    def _take(self, answer: Result) -> None:
        memory = self.program.memory
        memory[A] = memory[F] = signed(answer if isinstance(answer, int) else 0)
