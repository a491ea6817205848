"""Plain lines through gpiozero: supply, heartbeat, latch reset, inputs, lamps, buzzer.

The rig chooses the pin factory: lgpio on a Pi, the virtual board's kernel side, gpiozero's mock in
tests. gpiozero's `close()` turns an output into an input without driving it low first, and an
input's level depends on its pull resistors, so every output is driven low before it is released.
Inputs have external pull-downs, so no internal pull is set.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from gpiozero import InputDevice, OutputDevice
from gpiozero.exc import GPIOZeroError

from drivers.board_file import BoardFile
from drivers.errors import DriverError, LineFailed
from drivers.interfaces import Inputs

OUTPUTS = ("supply_en", "heartbeat", "latch_reset", "lamp_active", "lamp_fault", "buzzer")
"""In the order in which they are opened and driven low."""
INPUTS = ("estop_closed", "hand_switch_closed", "supply_good", "latch_clear")


def library_errors() -> tuple[type[Exception], ...]:
    """Return the errors of gpiozero and of the library below it (lgpio exists only on a Pi)."""
    errors: tuple[type[Exception], ...] = (GPIOZeroError, OSError, AttributeError)
    with suppress(ImportError):
        import lgpio  # type: ignore[import-not-found,unused-ignore]

        errors += (lgpio.error,)
    return errors


class GpioLines:
    """`ControlLines` over gpiozero devices.

    `clear_gates` is the rig's last resort. `read_levels`, if given, returns the levels of GPIO 0 to
    31 in one call; otherwise the four inputs are read one by one.
    """

    def __init__(
        self,
        board: BoardFile,
        factory: Any,
        clear_gates: Callable[[], None],
        read_levels: Callable[[], int] | None = None,
    ) -> None:
        pins = board.pins
        self._errors = library_errors()
        self._clear_gates = clear_gates
        self._read_levels = read_levels
        self._beat = False
        self._outputs: dict[str, OutputDevice] = {}
        self._inputs: list[InputDevice] = []
        inputs = (pins.estop_loop, pins.hand_switch, pins.supply_good, pins.latch_clear)
        self._input_masks = tuple(1 << pin for pin in inputs)
        try:
            for name in OUTPUTS:
                with self._naming(name):
                    self._outputs[name] = OutputDevice(getattr(pins, name), pin_factory=factory)
            for name, pin in zip(INPUTS, inputs, strict=True):
                with self._naming(name):
                    self._inputs.append(
                        InputDevice(pin, pull_up=None, active_state=True, pin_factory=factory)
                    )
        except LineFailed:
            self.close()
            raise

    def read_inputs(self) -> Inputs:
        """Read the four inputs; raises `LineFailed`."""
        with self._naming("inputs"):
            if self._read_levels is None:
                return Inputs(*[bool(device.pin.state) for device in self._inputs])
            levels = self._read_levels()
            return Inputs(*[bool(levels & mask) for mask in self._input_masks])

    def set_supply(self, *, on: bool) -> None:
        """Switch the isolated supply on or off; raises `LineFailed`."""
        self._drive("supply_en", on)

    def toggle_heartbeat(self) -> None:
        """Change the level of HEARTBEAT once; raises `LineFailed`."""
        self._beat = not self._beat
        self._drive("heartbeat", self._beat)

    def reset_latch(self) -> None:
        """Pulse LATCH_RESET: one rising edge, then low again; raises `LineFailed`."""
        try:
            self._drive("latch_reset", True)
        finally:
            self._drive("latch_reset", False)

    def set_lamps(self, *, active: bool, fault: bool, buzzer: bool) -> None:
        """Drive the yellow lamp, the red lamp and the buzzer; raises `LineFailed`."""
        self._drive("lamp_active", active)
        self._drive("lamp_fault", fault)
        self._drive("buzzer", buzzer)

    def clear_gates(self) -> None:
        """Force every gate off without the daemon; raises `LineFailed`."""
        with self._naming("gates"):
            self._clear_gates()

    def close(self) -> None:
        """Drive every output low, then release the lines; closing twice is harmless.

        Every line is tried; raises `LineFailed` that names those that failed.
        """
        failures = []
        outputs, inputs = dict(self._outputs), list(self._inputs)
        self._outputs.clear()
        self._inputs.clear()
        for name, device in outputs.items():
            try:
                with self._naming(name):
                    device.off()
            except LineFailed as error:
                failures.append(str(error))
        for name, device in [*outputs.items(), *zip(INPUTS, inputs, strict=False)]:
            try:
                with self._naming(name):
                    device.close()
            except LineFailed as error:
                failures.append(str(error))
        if failures:
            raise LineFailed("; ".join(failures))

    def _drive(self, name: str, high: bool) -> None:
        device = self._outputs.get(name)
        if device is None:
            raise LineFailed(f"line {name}: closed")
        with self._naming(name):
            device.pin.state = high

    @contextmanager
    def _naming(self, name: str) -> Iterator[None]:
        try:
            yield
        except DriverError:
            raise
        except self._errors as error:
            raise LineFailed(f"line {name}: {error}") from error
