"""The board file: a typed TOML file that describes the hardware, read once and passed as a value.

Limits are not here (they are code): a board file says what the hardware is, not what is allowed.
"""

import hashlib
import tomllib
from importlib import resources
from pathlib import Path

import msgspec

from drivers.errors import BoardFileError
from drivers.host.regular_files import read_regular

MAX_BCM = 27
MAX_CHANNELS = 4
LONGEST = 1024 * 1024
"""Maximum size of a board file in bytes; the bundled ones have about 1 500."""


class Pins(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """BCM numbers of every line; `gates` holds (positive, negative) of each channel."""

    gates: tuple[tuple[int, int], ...]
    ldac_n: int
    supply_en: int
    heartbeat: int
    latch_reset: int
    supply_good: int
    estop_loop: int
    hand_switch: int
    latch_clear: int
    lamp_active: int
    lamp_fault: int
    buzzer: int

    def single(self) -> dict[str, int]:
        """Return every line except the gates, by name."""
        return {name: getattr(self, name) for name in self.__struct_fields__ if name != "gates"}

    def gate_list(self) -> tuple[int, ...]:
        """Return the gates in the order of the bits of `Segment.gates`."""
        return tuple(pin for pair in self.gates for pin in pair)


class Output(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The current sources: current at the highest DAC code, and the highest voltage they reach."""

    full_scale_ua: int
    compliance_mv: int


class Sense(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Full scales of the ADC inputs, and the reference voltage."""

    current_full_scale_ua: int
    voltage_full_scale_mv: int
    rail_full_scale_mv: int
    reference_mv: int
    adc_full_scale_mv: int


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Gains in parts per million and offsets in µA, one per channel.

    `reference` names the calibration record.
    """

    reference: str
    source_gain_ppm: tuple[int, ...]
    source_offset_ua: tuple[int, ...]
    sense_gain_ppm: tuple[int, ...]
    sense_offset_ua: tuple[int, ...]


class BoardFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One board. `digest` (SHA-256 of the file's bytes) goes into every session's record."""

    name: str
    channels: int
    pins: Pins
    output: Output
    sense: Sense
    calibration: Calibration
    digest: str = ""


def load_board_file(source: str | Path = "reference") -> BoardFile:
    """Read a board file by path, or a bundled one by name; raises `BoardFileError`."""
    path = Path(source)
    bundled = resources.files("drivers") / "boards" / f"{source}.toml"
    try:
        named = path.suffix == ".toml"
        raw = read_regular(path, LONGEST, follow=True) if named else bundled.read_bytes()
    except FileNotFoundError as error:
        names = sorted(p.name[:-5] for p in (resources.files("drivers") / "boards").iterdir())
        message = f"no board file {source!s}; give a .toml file or one of {', '.join(names)}"
        raise BoardFileError(message) from error
    except (OSError, ValueError) as error:  # a name may contain a zero byte
        why = getattr(error, "strerror", None) or error
        raise BoardFileError(f"board file {source!s} cannot be read: {why}") from error
    return parse_board_file(raw, str(source))


def parse_board_file(raw: bytes, name: str) -> BoardFile:
    """Parse and check the bytes of a board file; raises `BoardFileError`."""
    try:
        content = tomllib.loads(raw.decode())
        board = msgspec.convert({**content, "digest": hashlib.sha256(raw).hexdigest()}, BoardFile)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise BoardFileError(f"board file {name}: {error}") from error
    _check(board, name)
    return board


def _check(board: BoardFile, name: str) -> None:
    if not 1 <= board.channels <= MAX_CHANNELS:
        raise BoardFileError(f"board file {name}: channels is {board.channels}, not 1 to 4")
    if len(board.pins.gates) != board.channels:
        raise BoardFileError(f"board file {name}: pins.gates needs {board.channels} pairs")
    used: dict[int, str] = {}
    lines = board.pins.single() | {
        f"gates[{i // 2}][{i % 2}]": pin for i, pin in enumerate(board.pins.gate_list())
    }
    for line, pin in lines.items():
        if not 0 <= pin <= MAX_BCM:
            raise BoardFileError(f"board file {name}: {line} is BCM {pin}, not 0 to {MAX_BCM}")
        if pin in used:
            raise BoardFileError(f"board file {name}: BCM {pin} is both {used[pin]} and {line}")
        used[pin] = line
    for field in board.calibration.__struct_fields__[1:]:
        if len(getattr(board.calibration, field)) != board.channels:
            raise BoardFileError(f"board file {name}: calibration.{field} needs one per channel")
