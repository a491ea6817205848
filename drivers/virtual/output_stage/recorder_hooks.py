"""What the recorder is told by the output stage."""

from typing import Protocol


class RecorderHooks(Protocol):
    """Somebody who notes changes at the moment they happen."""

    def bit(self, name: str, level: int) -> None:
        """Note a one-bit signal that is not a pin."""
        ...

    def code(self, index: int, code: int) -> None:
        """Note the latched code of a channel, counted from 0."""
        ...

    def transfer(self, chip_select: int, sent: bytes, received: bytes) -> None:
        """Note an SPI exchange."""
        ...


class _Nobody:
    def bit(self, name: str, level: int) -> None:
        """Let it be."""

    def code(self, index: int, code: int) -> None:
        """Let it be."""

    def transfer(self, chip_select: int, sent: bytes, received: bytes) -> None:
        """Let it be."""


SILENT: RecorderHooks = _Nobody()
"""Where nobody records."""
