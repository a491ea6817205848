"""The events that the output stage reports to a recorder."""

from typing import Protocol


class RecorderHooks(Protocol):
    """Receives changes at the moment they happen."""

    def bit(self, name: str, level: int) -> None:
        """Record a one-bit signal that is not a pin."""
        ...

    def code(self, index: int, code: int) -> None:
        """Record the latched code of a channel; `index` counts from 0."""
        ...

    def transfer(self, chip_select: int, sent: bytes, received: bytes) -> None:
        """Record an SPI exchange."""
        ...


class _Nobody:
    def bit(self, name: str, level: int) -> None:
        """Ignore it."""

    def code(self, index: int, code: int) -> None:
        """Ignore it."""

    def transfer(self, chip_select: int, sent: bytes, received: bytes) -> None:
        """Ignore it."""


SILENT: RecorderHooks = _Nobody()
"""Used when nothing records."""
