"""Who does the steps of a drill: a person, or simulated hands on a virtual board."""

import os
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from appliance.messages.actions import BeginDrill
from appliance.messages.snapshot import DrillView
from drivers.errors import NotConnected

SETTING_STEPS = ("press", "squeeze", "unplug")
CLEARING_STEPS = ("release", "let-go", "plug-in")
FAULTS = {"e-stop": "estop", "hand-switch": "hand-switch"}


class DrillPerson(Protocol):
    """Does the steps of a drill."""

    def prepare(self, drill: BeginDrill) -> None:
        """Prepare the drill, for example connect the load."""
        ...

    def do_step(self, view: DrillView) -> None:
        """Do the current step; called once per step."""
        ...

    @property
    def can_acknowledge(self) -> bool:
        """Tell whether the person may acknowledge yet: nobody can once the input has ended."""
        ...

    def acknowledges(self) -> bool:
        """Tell whether the person has acknowledged the trip."""
        ...

    def restore(self) -> None:
        """Put everything back as it was."""
        ...


def is_acknowledging(view: DrillView) -> bool:
    """Tell whether the step waits for a person to acknowledge the trip."""
    return ".acknowledge" in view.key


class TerminalPerson:
    """A person at the keyboard, who does all other steps by hand."""

    def __init__(self) -> None:
        self._listens = True

    def prepare(self, drill: BeginDrill) -> None:
        """Do nothing: the person has read what to connect."""

    def do_step(self, view: DrillView) -> None:
        """Discard what was typed before the step was shown."""
        if is_acknowledging(view):
            self.acknowledges()

    @property
    def can_acknowledge(self) -> bool:
        """Tell whether standard input is still open."""
        return self._listens

    def acknowledges(self) -> bool:
        """Tell whether Enter was pressed since the last call."""
        if not self._listens or not select.select([sys.stdin], [], [], 0)[0]:
            return False
        typed = os.read(sys.stdin.fileno(), 4_096)
        self._listens = bool(typed)
        return b"\n" in typed

    def restore(self) -> None:
        """Do nothing: the person does it."""


def fault_command(view: DrillView) -> tuple[str, str] | None:
    """Return ("set" or "clear", fault) that replaces the action of a hand on a virtual board.

    None if nothing is done by hand in this step.
    """
    name = view.key.removeprefix(f"drill.{view.kind}.")
    do = "set" if name in SETTING_STEPS else "clear" if name in CLEARING_STEPS else None
    if do is None:
        return None
    return do, f"lead-off:{view.channel}" if view.kind == "lead" else FAULTS[view.kind]


class VirtualHands:
    """Simulates the person on a virtual board by injecting faults, unknown to the engine."""

    def __init__(self, fault: Callable[[str, str], object]) -> None:
        self._fault = fault
        self._set: list[str] = []

    def prepare(self, drill: BeginDrill) -> None:
        """Connect the known load."""
        if drill.load_ohm is not None:
            self._set_fault(f"resistor:{drill.channel}", f"={drill.load_ohm}")

    def do_step(self, view: DrillView) -> None:
        """Press, squeeze, plug and unplug."""
        command = fault_command(view)
        if command is None:
            return
        do, fault = command
        if do == "set":
            self._set_fault(fault)
        else:
            self._clear_fault(fault)

    @property
    def can_acknowledge(self) -> bool:
        """Return True: simulated hands can always acknowledge."""
        return True

    def acknowledges(self) -> bool:
        """Return True: acknowledge as soon as the engine accepts it."""
        return True

    def restore(self) -> None:
        """Clear every fault that was injected and is still set.

        A fault that somebody else has cleared, or a board that has gone, is ignored.
        """
        while self._set:
            with suppress(ValueError, NotConnected):
                self._fault("clear", self._set.pop())

    def _set_fault(self, fault: str, value: str = "") -> None:
        self._fault("set", fault + value)
        self._set.append(fault)

    def _clear_fault(self, fault: str) -> None:
        with suppress(ValueError):  # somebody else has cleared it
            self._fault("clear", fault)
        if fault in self._set:
            self._set.remove(fault)


@contextmanager
def restored(person: DrillPerson) -> Iterator[DrillPerson]:
    """Yield the person; restore everything at the end, also after an error."""
    try:
        yield person
    finally:
        person.restore()
