"""docs/hardware/wiring.svg: the 40-pin header with every line that is used."""

from tests.support.tools.hardware.canvas import AMBER, BLUE, GREY, RED, Canvas
from tests.support.tools.hardware.lines import SUPPLY_PINS, Line

KINDS = {
    "gate": (BLUE, "pulses (pigpiod)"),
    "fixed": (GREY, "SPI0 and I2C (kernel)"),
    "safety": (RED, "safety lines (engine, kernel)"),
    "person": (AMBER, "e-stop, hand switch, lamps, buzzer"),
}
WIDTH, ROW, TOP = 800, 27, 74
MIDDLE = WIDTH / 2
SHORT = {
    "LDAC_N": "DAC latch", "SUPPLY_EN": "120 V supply on", "HEARTBEAT": "watchdog one-shot",
    "LATCH_RESET": "fault latch", "SUPPLY_GOOD": "rail monitor", "ESTOP_LOOP": "e-stop, contact 2",
    "HAND_SWITCH": "hand switch", "LATCH_CLEAR": "fault latch", "LAMP_ACTIVE": "yellow lamp",
    "LAMP_FAULT": "red lamp", "BUZZER": "buzzer", "SDA": "clock chip", "SCL": "clock chip",
    "CE1_ADC": "ADC", "CE0_DAC": "DAC", "MISO": "from ADC", "MOSI": "to DAC and ADC",
    "SCLK": "DAC and ADC",
}  # fmt: skip


def wiring(lines: tuple[Line, ...]) -> str:
    """Return the drawing."""
    used = {line.header: line for line in lines}
    canvas = Canvas(WIDTH, TOP + 20 * ROW + 62, "Wiring of the 40-pin header, by BCM line")
    canvas.word(MIDDLE, 28, "40-pin header of the Raspberry Pi", "middle", bold=True, size=16)
    canvas.word(
        MIDDLE, 48, "seen from above, pin 1 at the corner; BCM numbers", "middle", colour=GREY
    )
    canvas.box(MIDDLE - 44, TOP - 15, 88, 20 * ROW + 4, [""])
    for row in range(20):
        y = TOP + row * ROW
        for side, pin in ((-1, 2 * row + 1), (1, 2 * row + 2)):
            _pin(canvas, side, pin, y, used.get(pin))
    for index, (colour, words) in enumerate(KINDS.values()):
        x, y = 60 + (index % 2) * 380, TOP + 20 * ROW + 16 + (index // 2) * 22
        canvas.wire([(x, y), (x + 34, y)], colour, arrow="none")
        canvas.word(x + 44, y + 4, words, colour=GREY)
    return canvas.text()


def _pin(canvas: Canvas, side: int, pin: int, y: float, line: Line | None) -> None:
    x = MIDDLE + side * 20
    anchor = "end" if side < 0 else "start"
    colour = KINDS[line.kind][0] if line else "#b8c0c8"
    canvas.dot(x, y, 9, "#ffffff")
    canvas.word(x, y + 4, str(pin), "middle", size=11)
    if line is None:
        words = SUPPLY_PINS.get(pin, "not used")
        canvas.word(MIDDLE + side * 60, y + 4, words, anchor, colour=GREY)
        return
    far = MIDDLE + side * 236
    ends = [(MIDDLE + side * 45, y), (far, y)]
    canvas.wire(ends if line.out else ends[::-1], colour, arrow="end")
    canvas.word(
        MIDDLE + side * 62, y - 4, f"BCM {line.bcm} {line.name}", anchor, bold=True, size=12
    )
    gate = line.name.removeprefix("GATE").lower().replace("_", ", ")
    canvas.word(
        far + side * 8, y + 4, SHORT.get(line.name, f"bridge {gate}"), anchor, colour=colour
    )
