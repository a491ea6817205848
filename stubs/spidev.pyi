from collections.abc import Sequence
from types import TracebackType
from typing import Self

class SpiDev:
    mode: int
    max_speed_hz: int
    bits_per_word: int
    cshigh: bool
    loop: bool
    lsbfirst: bool
    no_cs: bool
    read0: bool
    threewire: bool
    def __init__(self, bus: int = ..., client: int = ...) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
    def open(self, bus: int, device: int) -> None: ...
    def open_path(self, path: str) -> None: ...
    def close(self) -> None: ...
    def fileno(self) -> int: ...
    def readbytes(self, length: int, /) -> list[int]: ...
    def writebytes(self, values: Sequence[int], /) -> None: ...
    def writebytes2(self, values: Sequence[int] | bytes | bytearray, /) -> None: ...
    def xfer(
        self,
        values: Sequence[int],
        speed_hz: int = ...,
        delay_usec: int = ...,
        bits_per_word: int = ...,
        /,
    ) -> list[int]: ...
    def xfer2(
        self,
        values: Sequence[int],
        speed_hz: int = ...,
        delay_usec: int = ...,
        bits_per_word: int = ...,
        /,
    ) -> list[int]: ...
    def xfer3(
        self,
        values: Sequence[int] | bytes | bytearray,
        speed_hz: int = ...,
        delay_usec: int = ...,
        bits_per_word: int = ...,
        /,
    ) -> tuple[int, ...]: ...
