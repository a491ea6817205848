"""The virtual board: a simulated Pi with a pigpio daemon, and our output stage on its pins.

Nothing here reads a clock: the owner advances board time with `advance_to_us`, and everything
follows from that deterministically.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from drivers.board_file import BoardFile
from drivers.virtual.bench.fault_table import parse_fault
from drivers.virtual.bench.faults import FaultBench
from drivers.virtual.bench.recorder import FLUSH_CHANGES, TraceRecorder
from drivers.virtual.bench.scope import Scope
from drivers.virtual.bench.status import status_of
from drivers.virtual.host.kernel_side import KernelSide
from drivers.virtual.host.stderr_notices import BoardNotices
from drivers.virtual.output_stage.stage import OutputStage
from drivers.virtual.output_stage.watchdog_one_shot import WIDTH_US
from drivers.virtual.pigpiod.daemon import Daemon
from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Timeline


class VirtualBoard:
    """One board. `stage` is None on a bare Pi.

    `wires` joins pairs of GPIO; `record` names a VCD file, `record_spi` adds the SPI bus to it;
    `watchdog_us` is the width of this board's one-shot, 160 ms ± 25 %. `real_time` means that board
    time follows the machine's time and may slip; a recording then has a signal for the slip.
    `daemon` is the current daemon: clearing the fault lost-daemon replaces it and calls
    `when_restarted`. `slipped_us` is how far board time has permanently fallen behind, see `slip`.
    """

    def __init__(
        self,
        board_file: BoardFile,
        *,
        bare: bool = False,
        wires: Iterable[tuple[int, int]] = (),
        record: Path | None = None,
        record_spi: bool = False,
        seed: int = 0,
        watchdog_us: int = WIDTH_US,
        real_time: bool = False,
    ) -> None:
        self.board_file = board_file
        self.notices = BoardNotices()
        self.slipped_us = 0
        self.timeline = Timeline()
        self.pins = PinBank()
        self.stage: OutputStage | None = None
        if not bare:
            self.stage = OutputStage(
                board_file, self.timeline, self.pins, watchdog_us=watchdog_us, seed=seed
            )
        for first, second in wires:
            self.pins.join(first, second)
        self.kernel = _kernel_of(self.pins, self.stage, self.notices)
        self.recorder = self._record(record, spi=record_spi, slips=real_time)
        self.daemon = Daemon(self.timeline, self.pins, spi=self.stage, notices=self.notices)
        self._scope: Scope | None = None
        self.when_restarted: list[Callable[[], None]] = []
        self._faults = FaultBench(
            self.timeline,
            self.pins,
            self.stage,
            self.kernel,
            lambda: self.daemon,
            self._restart_daemon,
        )

    def _restart_daemon(self) -> None:
        """Start a new daemon in place of a killed one; what the old one was playing continues."""
        self.daemon = Daemon(
            self.timeline, self.pins, spi=self.stage, dma=self.daemon.dma, notices=self.notices
        )
        for action in self.when_restarted:
            action()

    def _record(self, path: Path | None, *, spi: bool, slips: bool) -> TraceRecorder | None:
        if path is None:
            return None
        return TraceRecorder(path, self.timeline, self.pins, self.stage, spi=spi, slips=slips)

    @property
    def now_us(self) -> int:
        """Return board time in whole microseconds."""
        return self.timeline.now_us

    def advance_to_us(self, until_us: int) -> None:
        """Advance board time to `until_us`; does nothing if that time has passed."""
        self.timeline.advance_to(until_us * 1_000)
        self._flush_much()

    def advance_within(self, until_us: int, enough: Callable[[], bool]) -> bool:
        """Advance board time until `enough()` is true; return whether `until_us` was reached."""
        reached = self.timeline.advance_within(until_us * 1_000, enough)
        self._flush_much()
        return reached

    def slip(self, length_us: int) -> None:
        """Record that the machine could not keep up and board time lost `length_us` more."""
        self.slipped_us += length_us
        if self.recorder is not None:
            self.recorder.slipped(self.slipped_us)

    def _flush_much(self) -> None:
        if self.recorder is not None and self.recorder.waiting > FLUSH_CHANGES:
            self.recorder.flush()

    # --- faults -----------------------------------------------------------------------------

    def fault_set(self, text: str, value: float | str | None = None) -> str:
        """Inject a fault, for example "lead-off:1" or "slow-clock=1.13"; return it in full.

        `value` may be given separately from the text. Raises `ValueError` saying what is accepted.
        """
        whole = text if value is None else f"{text}={value}"
        fault = parse_fault(whole, self.board_file.channels)
        self._faults.set(fault)
        return str(fault)

    def fault_clear(self, text: str) -> str:
        """Clear a fault by name and target; raises `ValueError` if it is not active."""
        fault = parse_fault(text, self.board_file.channels, with_value=False)
        self._faults.clear(fault)
        return fault.key

    def fault_list(self) -> tuple[str, ...]:
        """Return the active faults in the order in which they were injected."""
        return tuple(str(fault) for fault in self._faults.active.values())

    # --- views ------------------------------------------------------------------------------

    def status(self) -> dict[str, object]:
        """Return the electrical state as plain values, for `fault status --json`."""
        return status_of(self.timeline, self.pins, self.stage) | {
            "faults": list(self.fault_list()),
            "slipped_us": self.slipped_us,
            "failures": self.notices.failures,
        }

    def scope(self, window_us: int) -> dict[str, object]:
        """Return the true currents of the last `window_us`; raises `ValueError` on a bare Pi."""
        if self.stage is None:
            raise ValueError("a bare Pi has no currents to show")
        if self._scope is None:
            self._scope = Scope(self.timeline, self.pins, self.stage)
        return self._scope.read(window_us)

    def close(self) -> None:
        """Close the recording properly."""
        if self.recorder is not None:
            self.recorder.close()


def _kernel_of(pins: PinBank, stage: OutputStage | None, notices: BoardNotices) -> KernelSide:
    if stage is None:
        return KernelSide(
            pins, (), lambda _, sent: bytes(len(sent)), chip_selects=0, notices=notices
        )
    on_board = stage.board.pins
    return KernelSide(
        pins, on_board.gate_list(), stage.transfer, stage.chip_selects, on_board.ldac_n, notices
    )
