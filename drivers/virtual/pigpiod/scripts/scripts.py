"""Scripts: 32 slots of programs that run inside the daemon, whichever client stored them."""

from collections.abc import Mapping

from drivers.virtual.host.stderr_notices import BoardNotices
from drivers.virtual.pigpiod.alerts import Alerts
from drivers.virtual.pigpiod.codes import Answer, Cmd, Err, Handler, Steps, signed
from drivers.virtual.pigpiod.process_signals import Lifetime
from drivers.virtual.pigpiod.scripts.script_code import FIRST_PARAMETER, compile_script
from drivers.virtual.pigpiod.scripts.script_runner import Script, ScriptHost, ScriptState
from drivers.virtual.pigpiod.scripts.script_text import PARAMETERS, ScriptRefused, parse_script
from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Timeline

SLOTS = 32
HALT_POLL_NS = 5_000_000
_MASK = 0xFFFF_FFFF


class Scripts:
    """PROC to PROCU. Scripts call commands through the table `handlers`."""

    def __init__(
        self,
        timeline: Timeline,
        pins: PinBank,
        life: Lifetime,
        alerts: Alerts,
        handlers: Mapping[int, Handler],
        notices: BoardNotices,
    ) -> None:
        self._host = ScriptHost(timeline, life, alerts, handlers, self._update_bits, notices)
        self._alerts = alerts
        self._pins = pins
        self._slots: list[Script | None] = [None] * SLOTS
        alerts.on_batch = self._on_batch

    def commands(self) -> dict[int, Handler]:
        """Return the handlers by command number."""
        return {
            Cmd.PROC: self._store,
            Cmd.PROCR: self._run,
            Cmd.PROCU: self._update,
            Cmd.PROCP: self._status,
            Cmd.PROCS: self._stop,
            Cmd.PROCD: self._delete,
        }

    def _update_bits(self) -> None:
        """Tell the alert thread what scripts wait for."""
        bits = 0
        for script in self._slots:
            if script is not None:
                bits |= script.wait_bits
        self._alerts.set_script_bits(bits)

    def end(self) -> None:
        """Remove every script: the process was killed."""
        for script in self._slots:
            if script is not None:
                script.delete()
        self._slots = [None] * SLOTS

    def _on_batch(self, changed: int, events: int) -> None:
        for script in self._slots:
            if script is not None and script.state == ScriptState.WAITING:
                if script.wait_bits & changed:
                    script.wake(script.wait_bits & changed)
                elif script.event_bits & events:
                    script.wake(script.event_bits & events)

    def _store(self, _: int, __: int, extension: bytes) -> int:
        if None not in self._slots:
            return Err.NO_SCRIPT_ROOM
        text = extension.split(b"\0")[0].decode("latin-1")
        try:
            program = compile_script(parse_script(text), self._pins)
        except ScriptRefused as refused:
            return refused.code
        slot = self._slots.index(None)
        self._slots[slot] = Script(self._host, program)
        return slot

    def _find(self, number: int) -> Script | None:
        return self._slots[number] if number < SLOTS else None

    def _run(self, number: int, _: int, extension: bytes) -> int:
        script, wrong = self._with_parameters(number, extension)
        if script is None:
            return wrong
        if script.state == ScriptState.INITING:
            return Err.SCRIPT_NOT_READY
        _overwrite_parameters(script, extension)
        script.run()
        return 0

    def _update(self, number: int, _: int, extension: bytes) -> int:
        script, wrong = self._with_parameters(number, extension)
        if script is None:
            return wrong
        _overwrite_parameters(script, extension)
        return 0

    def _with_parameters(self, number: int, extension: bytes) -> tuple[Script | None, int]:
        if number < SLOTS and len(extension) // 4 > PARAMETERS:
            return None, Err.TOO_MANY_PARAM
        return self._find(number), Err.BAD_SCRIPT_ID

    def _status(self, number: int, _: int, __: bytes) -> int | bytes:
        script = self._find(number)
        if script is None:
            return Err.BAD_SCRIPT_ID
        memory = script.program.memory
        values = (script.state, *memory[FIRST_PARAMETER : FIRST_PARAMETER + PARAMETERS])
        return b"".join((value & _MASK).to_bytes(4, "little") for value in values)

    def _stop(self, number: int, _: int, __: bytes) -> int:
        script = self._find(number)
        if script is None:
            return Err.BAD_SCRIPT_ID
        script.stop()
        return 0

    def _delete(self, number: int, _: int, __: bytes) -> Answer:
        script = self._find(number)
        if script is None:
            return Err.BAD_SCRIPT_ID
        waiting = script.state == ScriptState.WAITING
        script.stop()
        if script.state == ScriptState.RUNNING and not waiting:
            return self._delete_when_halted(number, script)
        return self._drop(number, script)

    def _delete_when_halted(self, number: int, script: Script) -> Steps:
        # gpioDeleteScript checks every 5 ms whether the script has ended, and so waits out its
        # delays.
        while script.state == ScriptState.RUNNING:
            yield HALT_POLL_NS
        return self._drop(number, script)

    def _drop(self, number: int, script: Script) -> int:
        script.delete()
        if self._slots[number] is script:
            self._slots[number] = None
        self._update_bits()
        return 0


def _overwrite_parameters(script: Script, extension: bytes) -> None:
    """Write parameters from the first on; those not given keep their values."""
    memory = script.program.memory
    for index in range(len(extension) // 4):
        value = int.from_bytes(extension[4 * index : 4 * index + 4], "little")
        memory[FIRST_PARAMETER + index] = signed(value)
