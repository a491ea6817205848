"""Whether the daemon's process runs: the effects of SIGKILL, SIGSTOP and SIGCONT."""

from collections.abc import Callable


class Lifetime:
    """Shared by everything that needs the processor; the DMA channels do not use it.

    An event that comes due while `stalled` appends itself to `held` and runs when the process
    resumes.
    """

    def __init__(self) -> None:
        self.alive = True
        self.stalled = False
        self.held: list[Callable[[], None]] = []

    def stall(self) -> None:
        """SIGSTOP: stop the process."""
        self.stalled = True

    def resume(self) -> None:
        """SIGCONT: run what came due meanwhile, in that order."""
        self.stalled = False
        held, self.held = self.held, []
        for action in held:
            action()

    def end(self) -> None:
        """SIGKILL: end the process."""
        self.alive = False
        self.held.clear()
