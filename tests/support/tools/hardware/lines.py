"""Every line between the Raspberry Pi and the board, with its place on the 40-pin header.

Numbers of our own lines come from the board file only. Fixed by the machine: SPI0 and I2C1, and
which header pin carries which BCM line (Zephyr's binding raspberrypi-40pins-header; supplies (M)).
"""

from dataclasses import dataclass

from drivers.board_file import BoardFile, load_board_file

HEADER = {
    2: 3, 3: 5, 4: 7, 5: 29, 6: 31, 7: 26, 8: 24, 9: 21, 10: 19, 11: 23, 12: 32, 13: 33, 14: 8,
    15: 10, 16: 36, 17: 11, 18: 12, 19: 35, 20: 38, 21: 40, 22: 15, 23: 16, 24: 18, 25: 22, 26: 37,
    27: 13,
}  # fmt: skip
"""BCM line -> pin of the header. 0 and 1 (pins 27 and 28) belong to the EEPROM of a HAT."""
SUPPLY_PINS = {
    1: "3.3 V", 17: "3.3 V", 2: "5 V", 4: "5 V",
    **dict.fromkeys((6, 9, 14, 20, 25, 30, 34, 39), "GND"), 27: "EEPROM", 28: "EEPROM",
}  # fmt: skip
LAST_PULLED_UP = 8
"""At power-on lines 0 to 8 are inputs pulled up, 9 to 27 down [BCM2835 ARM Peripherals p. 102, as
quoted in raspberrypi.stackexchange.com question 51479]; the same on the other models (M)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `out` is from the Pi; `kind` groups it in the drawings."""

    name: str
    bcm: int
    kind: str
    out: bool
    job: str
    resting: str

    @property
    def header(self) -> int:
        """Return the pin of the 40-pin header, 1 to 40."""
        return HEADER[self.bcm]

    @property
    def boot_pull(self) -> str:
        """Return which way the Pi pulls the line from power-on until a program opens it."""
        return "up" if self.bcm <= LAST_PULLED_UP else "down"


_OURS = {
    "ldac_n": ("gate", True, "low 20 µs opens each slice: the DAC takes its codes", "pull-down"),
    "supply_en": ("safety", True, "high: the isolated supply may run", "pull-down"),
    "heartbeat": ("safety", True, "each edge retriggers the watchdog one-shot", "pull-down"),
    "latch_reset": ("safety", True, "a rising edge clears the fault latch", "pull-down"),
    "supply_good": ("safety", False, "high: the rail is at 90 % or more", "pull-down"),
    "estop_loop": ("person", False, "high: second e-stop contact closed", "pull-down"),
    "hand_switch": ("person", False, "high: hand switch at rest and plugged in", "pull-down"),
    "latch_clear": ("safety", False, "high: fault latch clear", "pull-down"),
    "lamp_active": ("person", True, "yellow lamp: output active", "driver, pull-down"),
    "lamp_fault": ("person", True, "red lamp: fault", "driver, pull-down"),
    "buzzer": ("person", True, "active buzzer, on or off", "driver, pull-down"),
}
_FIXED = (
    Line("SDA", 2, "fixed", True, "clock chip DS3231", "pull-up of the Pi's board"),
    Line("SCL", 3, "fixed", True, "clock chip DS3231", "pull-up of the Pi's board"),
    Line("CE1_ADC", 7, "fixed", True, "SPI0 chip select of the ADC", "pull-up"),
    Line("CE0_DAC", 8, "fixed", True, "SPI0 chip select of the DAC", "pull-up"),
    Line("MISO", 9, "fixed", False, "SPI0 data from the ADC", "pull-down"),
    Line("MOSI", 10, "fixed", True, "SPI0 data to DAC and ADC", "pull-down"),
    Line("SCLK", 11, "fixed", True, "SPI0 clock", "pull-down"),
)


def lines_of(board: BoardFile) -> tuple[Line, ...]:
    """Return every line by BCM number.

    Raises `KeyError` for a line of the board file that is not described here, and `ValueError` if
    the board file uses a pin of SPI0 or I2C1, or one that is not on the header.
    """
    found = list(_FIXED)
    for number, pair in enumerate(board.pins.gates, 1):
        for sign, word, bcm in zip(("POS", "NEG"), ("positive", "negative"), pair, strict=True):
            job = f"channel {number}, {word} gate"
            found.append(Line(f"GATE{number}_{sign}", bcm, "gate", True, job, "pull-down"))
    for name, bcm in board.pins.single().items():
        kind, out, job, resting = _OURS[name]
        found.append(Line(name.upper(), bcm, kind, out, job, resting))
    numbers = [line.bcm for line in found]
    if len(set(numbers)) != len(numbers) or not set(numbers) <= set(HEADER):
        raise ValueError(f"board {board.name}: a pin of SPI0, I2C1 or the EEPROM is used")
    return tuple(sorted(found, key=lambda line: line.bcm))


def reference() -> tuple[BoardFile, tuple[Line, ...]]:
    """Return the reference board with its lines."""
    board = load_board_file("reference")
    return board, lines_of(board)
