"""docs/hardware/output-stage.svg: the circuit that ngspice solves in the tests, and the bridge."""

from tests.support.tools.hardware.canvas import BLUE, GREEN, GREY, INK, RED, Canvas

WIDTH, HEIGHT = 800, 392
WIRE_Y, GROUND_Y, END = 120, 330, 728


def output_stage() -> str:
    """Return the drawing."""
    canvas = Canvas(WIDTH, HEIGHT, "One channel as the netlist of the tests has it")
    canvas.word(24, 28, "One channel, as ngspice solves it in the tests", bold=True, size=15)
    canvas.word(24, 50, "Names are those of the netlist. Source and H-bridge", colour=GREY)
    canvas.word(24, 68, "together are one source with a sign.", colour=GREY)
    canvas.wire([(70, WIRE_Y), (END, WIRE_Y)], arrow="none")
    canvas.wire([(70, GROUND_Y), (END, GROUND_Y)], arrow="none")
    _source(canvas)
    _clamp(canvas)
    _shunt(canvas)
    canvas.box(438, 99, 80, 42, ["Cblock", "10 µF"], BLUE)
    canvas.box(534, 99, 80, 42, ["Vmeter", "and fuse"], BLUE)
    _load(canvas)
    canvas.word(70, 356, "b: bridge side of the DC block", colour=GREY, size=12)
    canvas.word(END, 356, "return: the other leg of the bridge", "end", colour=GREY, size=12)
    words = "Measured: current at Vmeter, voltage at b; both are held at the end of a phase."
    canvas.word(70, 378, words, colour=GREY, size=12)
    return canvas.text()


def _source(canvas: Canvas) -> None:
    canvas.wire([(70, GROUND_Y), (70, WIRE_Y)], BLUE, arrow="none")
    canvas.box(22, 204, 96, 42, ["Isrc", "DAC × gates"], BLUE)
    canvas.word(70, 108, "b", "middle", bold=True)


def _clamp(canvas: Canvas) -> None:
    canvas.wire([(250, WIRE_Y), (250, GROUND_Y)], GREEN, arrow="none")
    canvas.box(206, 140, 88, 42, ["Sclamp", "in a phase"], GREEN)
    canvas.box(206, 262, 88, 42, ["±120 V", "the rail"], GREEN)
    canvas.dot(250, WIRE_Y)
    canvas.dot(250, GROUND_Y)


def _shunt(canvas: Canvas) -> None:
    canvas.wire([(370, WIRE_Y), (370, GROUND_Y)], RED, arrow="none")
    canvas.box(310, 140, 120, 58, ["Sshunt", "open in a phase", "and 300 µs more"], RED)
    canvas.box(326, 262, 88, 42, ["Rshunt", "100 kΩ"], RED)
    canvas.dot(370, WIRE_Y)
    canvas.dot(370, GROUND_Y)


def _load(canvas: Canvas) -> None:
    canvas.wire([(END, WIRE_Y), (END, 170)], arrow="none")
    canvas.box(630, 99, 80, 42, ["Rs", "pads, leads"], GREY)
    canvas.wire([(690, 228), (690, 170), (766, 170), (766, 228)], INK, arrow="none")
    canvas.wire([(690, 228), (690, 280), (766, 280), (766, 228)], INK, arrow="none")
    canvas.wire([(END, 280), (END, GROUND_Y)], INK, arrow="none")
    canvas.box(660, 206, 60, 42, ["Rp", "skin"], GREY)
    canvas.box(736, 206, 60, 42, ["Cp", "skin"], GREY)
    canvas.dot(END, 170)
    canvas.dot(END, 280)
