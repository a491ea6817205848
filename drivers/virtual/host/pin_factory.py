"""A gpiozero pin factory over the virtual board's kernel side.

    OutputDevice(26, pin_factory=BoardPinFactory(client))

Digital pins only, without interrupts: `BoardPinFactory.poll` reads all pins once and calls the edge
handlers that gpiozero registered; a program that wants events must call it.
"""

import time
from contextlib import suppress
from typing import Any

from gpiozero.exc import (
    PinFixedPull,
    PinInvalidBounce,
    PinInvalidEdges,
    PinInvalidFunction,
    PinInvalidPull,
    PinPWMUnsupported,
    PinSetInput,
)
from gpiozero.pins.pi import PiFactory, PiPin

from drivers.virtual.host.kernel_client import KernelClient
from drivers.virtual.pins import MODE_INPUT, MODE_OUTPUT, PULL_DOWN, PULL_OFF, PULL_UP

PI_4B_REVISION = 0xC03111
_PULLS = {"floating": PULL_OFF, "up": PULL_UP, "down": PULL_DOWN}
_EDGES = ("none", "falling", "rising", "both")


class BoardPin(PiPin):  # type: ignore[misc] # gpiozero has no types
    """One GPIO, accessed through the kernel side."""

    def __init__(self, factory: "BoardPinFactory", info: Any) -> None:
        super().__init__(factory, info)
        self._client = factory.client
        self._gpio: int = self._number
        self._function = "input"
        self._pull: str = info.pull or "floating"
        self._edges = "both"
        self._bounce: float | None = None
        self._seen = 0

    def close(self) -> None:
        """Turn the pin into a floating input, as the kernel does when a line is released.

        If the board is gone, its lines are already released.
        """
        self.when_changed = None
        with suppress(OSError):
            self.function = "input"

    def output_with_state(self, state: int) -> None:
        """Become an output at `state`, with no other level in between."""
        self._client.write(self._gpio, int(bool(state)))
        self._set_function("output")

    def input_with_pull(self, pull: str) -> None:
        """Become an input with a pull, in one step."""
        self._check_pull(pull)
        self._function, self._pull = "input", pull
        self._configure()

    def watch(self, levels: int) -> None:
        """Compare the pin with the last poll and call the handler of a wanted edge."""
        level = levels >> self._gpio & 1
        if level == self._seen:
            return
        self._seen = level
        if self._edges == "both" or (self._edges == "rising") == bool(level):
            self._call_when_changed(self.factory.ticks(), level)

    # --- what gpiozero asks for ---------------------------------------------------------------

    def _get_function(self) -> str:
        return self._function

    def _set_function(self, value: str) -> None:
        if value not in {"input", "output"}:
            raise PinInvalidFunction(f"{self!r} cannot be {value!r}, only input or output")
        self._function = value
        self._configure()

    def _get_state(self) -> int:
        return self._client.read(self._gpio)

    def _set_state(self, value: int) -> None:
        if self._function == "input":
            raise PinSetInput(f"cannot set state of input {self!r}")
        self._client.write(self._gpio, 1 if value else 0)

    def _get_pull(self) -> str:
        return self._pull

    def _set_pull(self, value: str) -> None:
        if self._function != "input":
            raise PinFixedPull(f"cannot set pull on non-input pin {self!r}")
        self._check_pull(value)
        self._pull = value
        self._configure()

    def _check_pull(self, value: str) -> None:
        if value not in _PULLS:
            raise PinInvalidPull(f"pull of {self!r} is floating, up or down, not {value!r}")
        if self.info.pull and value != self.info.pull:
            raise PinFixedPull(f"{self!r} has a physical pull-{self.info.pull} resistor")

    def _get_frequency(self) -> None:
        return None

    def _set_frequency(self, value: float | None) -> None:
        if value is not None:
            raise PinPWMUnsupported(f"PWM is not supported on pin {self!r}")

    def _get_bounce(self) -> float | None:
        return self._bounce

    def _set_bounce(self, value: float | None) -> None:
        if value is not None and value < 0:
            raise PinInvalidBounce("bounce must be 0 or greater")
        self._bounce = value

    def _get_edges(self) -> str:
        return self._edges

    def _set_edges(self, value: str) -> None:
        if value not in _EDGES:
            raise PinInvalidEdges(f"edges of {self!r} are {', '.join(_EDGES)}, not {value!r}")
        self._edges = value
        if value == "none":
            self._disable_event_detect()

    def _enable_event_detect(self) -> None:
        if self._edges != "none":
            self._seen = self._get_state()
            self.factory.watched.add(self)

    def _disable_event_detect(self) -> None:
        self.factory.watched.discard(self)

    def _configure(self) -> None:
        if self._function == "output":
            self._client.set_mode(self._gpio, MODE_OUTPUT, PULL_OFF)
        else:
            self._client.set_mode(self._gpio, MODE_INPUT, _PULLS[self._pull])


class BoardPinFactory(PiFactory):  # type: ignore[misc] # gpiozero has no types
    """Makes `BoardPin`s of one board, in this process or behind a socket."""

    def __init__(self, client: KernelClient) -> None:
        super().__init__()
        self.client = client
        self.watched: set[BoardPin] = set()
        self.pin_class = BoardPin

    def poll(self) -> None:
        """Read every watched pin once and call the handlers of those that changed."""
        if not self.watched:
            return
        levels = self.client.read_levels()
        for pin in tuple(self.watched):
            pin.watch(levels)

    def _get_revision(self) -> int:
        return PI_4B_REVISION

    @staticmethod
    def ticks() -> float:
        """Return the machine's monotonic time in seconds."""
        return time.monotonic()

    @staticmethod
    def ticks_diff(later: float, earlier: float) -> float:
        """Return the seconds between two ticks."""
        return later - earlier
