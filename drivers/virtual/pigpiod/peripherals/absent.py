"""Answers of peripherals that this Pi does not have: I2C, serial ports, files.

No command reaches the machine that the board runs on; SHELL is answered as unknown.
"""

from drivers.virtual.pigpiod.codes import Answer, Cmd, Err, Handler, Steps, word

MAX_I2C_ADDRESS = 0x7F
MODPROBE_NS = 100_000_000
"""i2cOpen loads the kernel modules and waits this long before it fails."""
MAX_FILE_MODE = 31
_BAUDS = (50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600)
_FAST_BAUDS = (19_200, 38_400, 57_600, 115_200, 230_400)
_NEED_HANDLE = (
    Cmd.I2CC, Cmd.I2CRD, Cmd.I2CWD, Cmd.I2CWQ, Cmd.I2CRS, Cmd.I2CWS, Cmd.I2CRB, Cmd.I2CWB,
    Cmd.I2CRW, Cmd.I2CWW, Cmd.I2CRK, Cmd.I2CWK, Cmd.I2CRI, Cmd.I2CWI, Cmd.I2CPC, Cmd.I2CPK,
    Cmd.I2CZ, Cmd.SERC, Cmd.SERR, Cmd.SERRB, Cmd.SERW, Cmd.SERWB, Cmd.SERDA, Cmd.FC, Cmd.FR,
    Cmd.FW, Cmd.FS,
)  # fmt: skip


def commands() -> dict[int, Handler]:
    """Return the handlers by command number."""
    handlers: dict[int, Handler] = dict.fromkeys(_NEED_HANDLE, _no_handle)
    handlers[Cmd.I2CO] = _open_i2c
    handlers[Cmd.SERO] = _open_serial
    handlers[Cmd.FO] = _open_file
    handlers[Cmd.FL] = lambda *_: Err.NO_FILE_ACCESS
    return handlers


def _no_handle(_: int, __: int, ___: bytes) -> int:
    return Err.BAD_HANDLE


def _open_i2c(_: int, address: int, extension: bytes) -> Answer:
    if address > MAX_I2C_ADDRESS:
        return Err.BAD_I2C_ADDR
    return Err.BAD_FLAGS if word(extension, 0) else _no_bus()


def _no_bus() -> Steps:
    yield MODPROBE_NS
    return Err.BAD_I2C_BUS


def _open_serial(baud: int, flags: int, name: bytes) -> int:
    if not name.startswith((b"/dev/tty", b"/dev/serial")):
        return Err.BAD_SER_DEVICE
    if baud not in _BAUDS + _FAST_BAUDS:
        return Err.BAD_SER_SPEED
    return Err.BAD_FLAGS if flags else Err.SER_OPEN_FAILED


def _open_file(mode: int, _: int, __: bytes) -> int:
    return Err.NO_FILE_ACCESS if mode <= MAX_FILE_MODE and mode & 3 else Err.BAD_FILE_MODE
