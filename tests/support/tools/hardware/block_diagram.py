"""docs/hardware/block-diagram.svg: Pi, safety logic, isolation, patient side."""

from tests.support.tools.hardware.canvas import AMBER, BLUE, GREEN, GREY, INK, RED, Canvas
from tests.support.tools.hardware.lines import Line

WIDTH, HEIGHT = 900, 760
PI_RIGHT = 176
BARRIER = 468
ROWS = {
    "LDAC_N": 172, "CE0_DAC": 194, "MOSI": 216, "SCLK": 238, "MISO": 260, "CE1_ADC": 282,
    "SUPPLY_EN": 330, "SUPPLY_GOOD": 384, "HEARTBEAT": 436, "LATCH_RESET": 470,
    "LATCH_CLEAR": 500, "ESTOP_LOOP": 580, "HAND_SWITCH": 628, "LAMP_ACTIVE": 660,
    "LAMP_FAULT": 680, "BUZZER": 700, "SDA": 724, "SCL": 742,
}  # fmt: skip
"""Line -> height of its wire. The gates have rows of their own."""
GATE_ROWS = (92, 108, 124, 140)


def block_diagram(lines: tuple[Line, ...]) -> str:
    """Return the drawing."""
    canvas = Canvas(WIDTH, HEIGHT, "Block diagram of the reference board")
    canvas.dashed((BARRIER, 42), (BARRIER, 560), RED)
    canvas.word(BARRIER, 34, "BARRIER", "middle", colour=RED, bold=True)
    canvas.word(296, 34, "SAFETY LOGIC (Pi side)", "middle", colour=GREY, bold=True)
    canvas.word(698, 34, "OUTPUT STAGE (patient side)", "middle", colour=GREY, bold=True)
    _pi(canvas, lines)
    _pulses(canvas)
    _patient(canvas)
    _safety(canvas)
    _people(canvas)
    _legend(canvas)
    return canvas.text()


def _pi(canvas: Canvas, lines: tuple[Line, ...]) -> None:
    canvas.box(16, 50, PI_RIGHT - 16, 702, [""])
    canvas.word(96, 34, "RASPBERRY PI", "middle", colour=GREY, bold=True)
    canvas.word(26, 72, "line and BCM number", colour=GREY, size=12)
    gates = [line for line in lines if line.name.startswith("GATE")]
    rows = dict(zip((gate.name for gate in gates), GATE_ROWS, strict=True)) | ROWS
    for line in lines:
        canvas.word(PI_RIGHT - 8, rows[line.name] + 4, f"{line.name} {line.bcm}", "end", size=12)


def _pulses(canvas: Canvas) -> None:
    """Gates and converter lines go straight to isolators."""
    right = BARRIER - 26
    for y in GATE_ROWS:
        canvas.wire([(PI_RIGHT, y), (right, y)], BLUE)
    for name in ("LDAC_N", "CE0_DAC", "MOSI", "SCLK", "CE1_ADC"):
        canvas.wire([(PI_RIGHT, ROWS[name]), (right, ROWS[name])], BLUE)
    canvas.wire([(right, ROWS["MISO"]), (PI_RIGHT, ROWS["MISO"])], BLUE)
    for top, height in ((82, 68), (160, 134), (314, 32), (368, 32), (436, 32), (506, 36)):
        canvas.box(BARRIER - 26, top, 52, height, ["iso"], RED)


def _patient(canvas: Canvas) -> None:
    left = BARRIER + 26
    canvas.box(548, 88, 120, 56, ["Disable", "all gates off"], RED)
    canvas.box(548, 172, 120, 44, ["DAC", "MCP4922"], BLUE)
    canvas.box(548, 238, 120, 44, ["ADC", "MCP3208"], BLUE)
    canvas.box(712, 76, 126, 232, [""], BLUE)
    canvas.word(775, 102, "Channel 1, 2", "middle", bold=True)
    parts = ("phase limiter", "current source", "H-bridge", "over-current", "sample and hold",
             "DC block 10 µF", "shunt 100 kΩ", "fuse")  # fmt: skip
    for index, words in enumerate(parts):
        canvas.word(722, 134 + 22 * index, words, size=12)
    canvas.wire([(left, 116), (548, 116)], BLUE)
    canvas.wire([(668, 116), (712, 116)], BLUE)
    canvas.wire([(left, 194), (548, 194)], BLUE)
    canvas.wire([(668, 194), (712, 194)], BLUE)
    canvas.wire([(left, 260), (548, 260)], BLUE, arrow="both")
    canvas.wire([(712, 260), (668, 260)], BLUE)
    for y, name in ((130, "+"), (152, "–"), (232, "+"), (254, "–")):
        canvas.wire([(838, y), (862, y)], INK, arrow="none")
        canvas.dot(867, y, 5, "#ffffff")
        canvas.word(878, y + 4, name)
    canvas.word(884, 116, "pads 1", "end", size=12)
    canvas.word(884, 218, "pads 2", "end", size=12)
    canvas.box(548, 326, 120, 72, ["120 V supply", "isolated, limited", "rail monitor"], GREEN)
    canvas.wire([(668, 350), (740, 350), (740, 308)], GREEN)
    canvas.word(748, 346, "rail", colour=GREEN)
    canvas.wire([(608, 326), (608, 282)], BLUE)
    canvas.box(548, 500, 120, 48, ["Logic supply", "always on"], GREEN)
    canvas.word(680, 520, "for DAC, ADC, limiter,", colour=GREY, size=12)
    canvas.word(680, 536, "comparators, isolators", colour=GREY, size=12)
    canvas.wire([(left, 524), (548, 524)], GREEN)


def _safety(canvas: Canvas) -> None:
    left, right = BARRIER - 26, BARRIER + 26
    canvas.box(262, 310, 140, 40, ["AND", "latch clear"], RED)
    canvas.wire([(PI_RIGHT, 330), (262, 330)], RED)
    canvas.wire([(402, 330), (left, 330)], RED)
    canvas.wire([(right, 338), (548, 338)], RED)
    canvas.wire([(right, 322), (520, 322), (520, 132), (548, 132)], RED)
    canvas.wire([(548, 384), (right, 384)], GREEN)
    canvas.wire([(left, 384), (PI_RIGHT, 384)], GREEN)
    canvas.box(214, 414, 92, 44, ["Watchdog", "160 ms"], RED)
    canvas.box(342, 414, 60, 108, ["Fault", "latch"], RED)
    canvas.wire([(PI_RIGHT, 436), (214, 436)], RED)
    canvas.wire([(306, 436), (342, 436)], RED)
    canvas.wire([(PI_RIGHT, 470), (342, 470)], RED)
    canvas.wire([(342, 500), (PI_RIGHT, 500)], RED)
    canvas.wire([(372, 414), (372, 350)], RED)
    canvas.wire([(790, 308), (790, 452), (right, 452)], RED)
    canvas.wire([(left, 452), (402, 452)], RED)
    canvas.word(660, 444, "trip", "middle", colour=RED)
    canvas.word(660, 468, "over-current or phase limiter", "middle", colour=GREY, size=12)
    canvas.wire([(PI_RIGHT + 238, 540), (PI_RIGHT + 238, 524), (left, 524)], GREEN, arrow="end")
    canvas.word(PI_RIGHT + 238, 556, "5 V", "middle", colour=GREEN)


def _people(canvas: Canvas) -> None:
    canvas.box(214, 556, 130, 48, ["E-stop", "contact 1 and 2"], AMBER)
    canvas.wire([(214, 580), (PI_RIGHT, 580)], AMBER)
    canvas.wire([(328, 556), (328, 540), (372, 540), (372, 522)], RED)
    canvas.box(214, 614, 130, 28, ["Hand switch"], AMBER)
    canvas.wire([(214, 628), (PI_RIGHT, 628)], AMBER)
    canvas.box(214, 652, 130, 56, ["Lamps, buzzer", "with drivers"], AMBER)
    for y in (660, 680, 700):
        canvas.wire([(PI_RIGHT, y), (214, y)], AMBER)
    canvas.box(214, 716, 130, 34, ["Clock DS3231"])
    for y in (724, 742):
        canvas.wire([(PI_RIGHT, y), (214, y)], GREY, arrow="both" if y == ROWS["SDA"] else "end")


def _legend(canvas: Canvas) -> None:
    canvas.dashed((418, 684), (458, 684), RED)
    canvas.word(470, 688, "two means of patient protection: isolators (iso), supplies")
    rows = (
        (BLUE, "pulses, amplitude, measurement"),
        (RED, "what ends the output without any program"),
        (GREEN, "supply, and whether it is good"),
        (AMBER, "what people press, see and hear"),
    )
    for index, (colour, words) in enumerate(rows):
        y = 588 + 24 * index
        canvas.wire([(418, y), (458, y)], colour)
        canvas.word(470, y + 4, words)
    canvas.word(418, 718, "Numbers are BCM lines of drivers/boards/reference.toml.", size=12)
    canvas.word(418, 738, "A reference design, not a cleared medical device.", size=12, bold=True)
