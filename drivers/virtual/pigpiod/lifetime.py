"""Whether the daemon's process runs: what SIGKILL and SIGSTOP take away and what they leave."""

from collections.abc import Callable


class Lifetime:
    """Shared by everything that needs the processor; the DMA channels do not ask it.

    Whoever wakes while `stalled` puts itself into `held` and is run when the process goes on.
    """

    def __init__(self) -> None:
        self.alive = True
        self.stalled = False
        self.held: list[Callable[[], None]] = []

    def stall(self) -> None:
        """SIGSTOP."""
        self.stalled = True

    def resume(self) -> None:
        """SIGCONT: run what became due meanwhile, in the order in which it did."""
        self.stalled = False
        held, self.held = self.held, []
        for action in held:
            action()

    def end(self) -> None:
        """SIGKILL."""
        self.alive = False
        self.held.clear()
