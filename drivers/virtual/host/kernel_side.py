"""The kernel side: the board's socket for what a Pi does through its kernel, not pigpiod.

SPI by chip select, plain lines, pin modes, and the last-resort clear of gates and LDAC. It keeps
working when the daemon is lost or stalled.

    request   operation u8, argument u8, length u16, payload      (little-endian)
    reply     errno u8 (0: success), argument u8, length u16, payload

    HELLO         argument version          reply payload: version u8, board's channels u8
    TRANSFER      argument chip select      payload and reply payload: the bytes exchanged
    WRITE_LOW     argument GPIO             (WRITE_HIGH likewise)
    READ          argument GPIO             reply payload: level u8
    READ_LEVELS                             reply payload: levels u64, bit n is GPIO n
    SET_MODE      argument GPIO             payload: mode u8, pull u8
    GET_MODE      argument GPIO             reply payload: mode u8, pull u8
    CLEAR_GATES                             every gate, then LDAC: output, low
"""

import errno
import struct
from collections.abc import Callable
from enum import IntEnum

from drivers.virtual.host.stderr_notices import BoardNotices
from drivers.virtual.pins import GPIO_COUNT, MODE_OUTPUT, PULL_UP, PinBank

HEADER = struct.Struct("<BBH")
LEVELS = struct.Struct("<Q")
VERSION = 1
MAX_PAYLOAD = 4_096
"""The longest transfer that spidev allows."""
_MODE_BYTES = 2
_MODES = 8


class Operation(IntEnum):
    """The first byte of a request."""

    HELLO = 0
    TRANSFER = 1
    WRITE_LOW = 2
    WRITE_HIGH = 3
    READ = 4
    READ_LEVELS = 5
    SET_MODE = 6
    GET_MODE = 7
    CLEAR_GATES = 8


class KernelSide:
    """The kernel of the virtual Pi, shared by all its sessions.

    `spi_lost` makes every transfer fail with EIO, `short_frames` drops the last byte of each
    (faults). `notices` is told when a request fails because of a bug in the board.
    """

    def __init__(
        self,
        pins: PinBank,
        gates: tuple[int, ...],
        transfer: Callable[[int, bytes], bytes],
        chip_selects: int,
        ldac_n: int | None = None,
        notices: BoardNotices | None = None,
    ) -> None:
        self._notices = notices or BoardNotices()
        self.spi_lost = False
        self.short_frames = False
        self._pins = pins
        self._gates = gates
        self._last_resort = gates if ldac_n is None else (*gates, ldac_n)
        self._transfer = transfer
        self._chip_selects = chip_selects

    def connect(self) -> "KernelSession":
        """Return a new session."""
        return KernelSession(self)

    def answer(self, operation: int, argument: int, payload: bytes) -> bytes:
        """Serve one request; a bug in the board is answered with EIO and the session continues."""
        try:
            return self.serve(operation, argument, payload)
        except Exception as error:  # noqa: BLE001 - a mistake in one request is no end for all
            self._notices.failed(f"kernel request {operation} of {argument}", error)
            return _refuse(argument, errno.EIO)

    def serve(self, operation: int, argument: int, payload: bytes) -> bytes:
        """Carry out one request and return the complete reply."""
        pins = self._pins
        if operation == Operation.TRANSFER:
            return self._exchange(argument, payload)
        if operation == Operation.READ_LEVELS:
            return _reply(argument, LEVELS.pack(pins.levels))
        if operation == Operation.HELLO:
            return _reply(argument, bytes((VERSION, len(self._gates) // 2)))
        if operation == Operation.CLEAR_GATES:
            self._clear_gates()
            return _reply(argument)
        if argument >= GPIO_COUNT:
            return _refuse(argument, errno.EINVAL)
        if operation == Operation.READ:
            return _reply(argument, bytes((pins.level(argument),)))
        return self._change(operation, argument, payload)

    def _change(self, operation: int, gpio: int, payload: bytes) -> bytes:
        pins = self._pins
        if operation == Operation.GET_MODE:
            return _reply(gpio, bytes((pins.modes[gpio], pins.pulls[gpio])))
        if operation == Operation.WRITE_HIGH:
            pins.write(1 << gpio, 0)
        elif operation == Operation.WRITE_LOW:
            pins.write(0, 1 << gpio)
        elif operation == Operation.SET_MODE and len(payload) == _MODE_BYTES:
            mode, pull = payload
            if mode >= _MODES or pull > PULL_UP:
                return _refuse(gpio, errno.EINVAL)
            if pins.pulls[gpio] != pull:
                pins.set_pull(gpio, pull)
            if pins.modes[gpio] != mode:
                pins.set_mode(gpio, mode)
        else:
            return _refuse(gpio, errno.EINVAL)
        return _reply(gpio)

    def _exchange(self, chip_select: int, sent: bytes) -> bytes:
        if chip_select >= self._chip_selects:
            return _refuse(chip_select, errno.ENXIO)
        if self.spi_lost:
            return _refuse(chip_select, errno.EIO)
        received = self._transfer(chip_select, sent[:-1] if self.short_frames else sent)
        return HEADER.pack(0, chip_select, len(received)) + received

    def _clear_gates(self) -> None:
        pins = self._pins
        mask = 0
        for gpio in self._last_resort:
            mask |= 1 << gpio
        pins.write(0, mask)
        for gpio in self._last_resort:
            if pins.modes[gpio] != MODE_OUTPUT:
                pins.set_mode(gpio, MODE_OUTPUT)


class KernelSession:
    """The request stream of one client; an incomplete request waits for its rest."""

    def __init__(self, kernel: KernelSide) -> None:
        self._serve = kernel.answer
        self._rest = bytearray()

    def feed(self, received: bytes) -> bytes:
        """Add received bytes and return the replies to every request they complete.

        Raises `ValueError` for a payload longer than 4096 bytes: the stream can no longer be
        trusted and the connection should be closed.
        """
        self.receive(received)
        replies = []
        while (reply := self.next_reply()) is not None:
            replies.append(reply)
        return replies[0] if len(replies) == 1 else b"".join(replies)

    def receive(self, received: bytes) -> None:
        """Add received bytes; requests may arrive in any number of parts."""
        self._rest += received

    def next_reply(self) -> bytes | None:
        """Carry out the next complete request; None if there is none.

        Raises `ValueError` as `feed` does.
        """
        rest = self._rest
        if len(rest) < HEADER.size:
            return None
        operation, argument, length = HEADER.unpack_from(rest)
        if length > MAX_PAYLOAD:
            raise ValueError(f"request of {length} bytes, at most {MAX_PAYLOAD}")
        end = HEADER.size + length
        if len(rest) < end:
            return None
        payload = bytes(rest[HEADER.size : end]) if length else b""
        del rest[:end]
        return self._serve(operation, argument, payload)

    def ended(self) -> None:
        """Do nothing: as in the kernel, lines keep their state after a program ends."""


def _reply(argument: int, payload: bytes = b"") -> bytes:
    return HEADER.pack(0, argument, len(payload)) + payload


def _refuse(argument: int, code: int) -> bytes:
    return HEADER.pack(code, argument, 0)
