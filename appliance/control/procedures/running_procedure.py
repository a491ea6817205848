"""The procedure under way: at most one, one step a tick."""

from collections.abc import Generator
from typing import Any

from appliance.control.output.handle import OutputHandle
from appliance.control.output.observation import Observation

Procedure = Generator[None, Observation, Any]


class RunningProcedure:
    """Holds and steps a procedure; beginning or ending one gives heartbeat and refresh back."""

    def __init__(self, output: OutputHandle) -> None:
        self._output = output
        self._procedure: Procedure | None = None
        self._begun = False

    @property
    def is_running(self) -> bool:
        """Say whether a procedure has been begun and has not ended."""
        return self._procedure is not None

    def begin(self, procedure: Procedure) -> None:
        """Replace the procedure under way; the first step is taken later in this tick."""
        self.end()
        self._procedure, self._begun = procedure, False

    def end(self) -> None:
        """Close the procedure under way, if there is one."""
        procedure, self._procedure = self._procedure, None
        self._output.release()
        if procedure is not None:
            procedure.close()

    def step(self, seen: Observation) -> None:
        """Take one step; raises `StopIteration` with the result where the procedure has ended."""
        procedure = self._procedure
        if procedure is None:
            return
        if self._begun:
            procedure.send(seen)
        else:
            self._begun = True
            next(procedure)
