"""Unmodified clients over a real socket: pigpio.pi, the C client pigs, gpiozero."""

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import gpiozero
import pigpio
import pytest
from gpiozero.pins.pigpio import PiGPIOFactory

from tests.drivers.virtual.pigpiod.live import LiveDaemon
from tests.support.hang import HANG_S

# Set-up installs pigpio-tools wherever the release has it; Debian 13 dropped the package.
needs_pigs = pytest.mark.skipif(shutil.which("pigs") is None, reason="this release has no pigs")


def stop(client: pigpio.pi) -> None:
    """Wait for the client's callback thread to end before its daemon is closed."""
    thread = client._notify
    client.stop()
    if thread is not None:
        thread.join(timeout=HANG_S)


@pytest.fixture
def pi(live: LiveDaemon, monkeypatch: pytest.MonkeyPatch) -> Iterator[pigpio.pi]:
    monkeypatch.setattr(pigpio, "exceptions", False)
    client = pigpio.pi("127.0.0.1", live.port)
    assert client.connected
    yield client
    stop(client)


@pytest.fixture
def factory(live: LiveDaemon) -> Iterator[PiGPIOFactory]:
    made = PiGPIOFactory("127.0.0.1", live.port)
    thread = made.connection._notify
    yield made
    made.close()
    thread.join(timeout=HANG_S)


def pigs(live: LiveDaemon, *words: str) -> str:
    place = {"PIGPIO_ADDR": "127.0.0.1", "PIGPIO_PORT": str(live.port)}
    done = subprocess.run(
        ["pigs", *words],
        env=os.environ | place,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    return (done.stdout + done.stderr).strip()


def test_the_python_client_drives_and_reads_pins(live: LiveDaemon, pi: pigpio.pi) -> None:
    assert pi.get_hardware_revision() == 0xC03111
    assert pi.write(17, 1) == 0
    assert live.do(lambda: live.pins.level(17)) == 1
    live.do(lambda: live.pins.drive(27, 1))
    assert pi.read(27) == 1


def test_the_python_client_gets_callbacks(live: LiveDaemon, pi: pigpio.pi) -> None:
    seen: list[tuple[int, int, int]] = []
    callback = pi.callback(27, pigpio.EITHER_EDGE, lambda *what: seen.append(what))
    for count, level in enumerate((1, 0, 1), 1):
        live.do(partial(live.pins.drive, 27, level))
        assert live.until(lambda count=count: len(seen) == count)  # type: ignore[misc]
    assert [level for _, level, _ in seen] == [1, 0, 1]
    callback.cancel()


def test_the_python_client_gets_watchdogs(live: LiveDaemon, pi: pigpio.pi) -> None:
    seen: list[int] = []
    pi.callback(27, pigpio.EITHER_EDGE, lambda _, level, __: seen.append(level))
    pi.set_watchdog(27, 20)
    assert live.until(lambda: len(seen) >= 2)
    assert set(seen) == {pigpio.TIMEOUT}


def test_the_python_client_plays_waves(live: LiveDaemon, pi: pigpio.pi) -> None:
    pi.set_mode(17, pigpio.OUTPUT)
    edges: list[int] = []
    live.do(lambda: live.pins.subscribe(1 << 17, lambda *_: edges.append(live.timeline.now_us)))
    pi.wave_add_generic([pigpio.pulse(1 << 17, 0, 700), pigpio.pulse(0, 1 << 17, 300)] * 10)
    pi.wave_send_once(pi.wave_create())
    assert live.until(lambda: len(edges) == 20)
    assert {later - earlier for earlier, later in pairwise(edges)} == {700, 300}


def test_too_many_pulses_in_one_call_lose_the_connection(pi: pigpio.pi) -> None:
    pulses = [pigpio.pulse(0, 0, 1)] * 5_462
    with pytest.raises((struct.error, OSError)):
        pi.wave_add_generic(pulses)


@needs_pigs
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("hwver",), "12595473"),
        (("pigpv",), "79"),
        (("m", "17", "w", "w", "17", "1", "r", "17", "mg", "17"), "1\n1"),
        (("p", "17", "128", "gdc", "17", "pfg", "17", "prrg", "17"), "128\n800\n250"),
        (("s", "17", "1500", "gpw", "17"), "1500"),
        (("mils", "30", "mics", "500"), ""),
        (("wvag", "0", "0", "100", "131072", "0", "10", "wvcre", "wvsc", "2"), "2\n0\n25016"),
        (("wvag", "0", "0", "100", "wvcap", "5", "wvtxm", "0", "2"), "1\n0\n1191"),
        (("proc", "inr p0 mils 1 halt"), "0"),
        (("w", "1", "1"), "-41\nERROR: no permission to update GPIO"),
        (("shell", "ls", "x"), "-88\nERROR: unknown command"),
        (("spio", "0", "500000", "0", "spix", "0", "6", "0", "0"), "0\n3 0 0 0"),
        (("i2co", "1", "0x53", "0"), "-74\nERROR: bad I2C bus"),
        (("no", "nb", "0", "0xff", "np", "0", "nc", "0"), "0"),
    ],
)
def test_pigs_commands_give_the_expected_answers(
    live: LiveDaemon, words: tuple[str, ...], said: str
) -> None:
    assert pigs(live, *words) == said


@needs_pigs
def test_pigs_runs_a_script_and_reads_its_status(live: LiveDaemon) -> None:
    assert pigs(live, "proc", "lda p0 add p1 sta p9") == "0"
    assert pigs(live, "procr", "0", "3", "4", "mils", "20", "procp", "0") == "1 3 4 0 0 0 0 0 0 0 7"


def test_a_gpiozero_led_drives_its_pin(live: LiveDaemon, factory: PiGPIOFactory) -> None:
    with gpiozero.LED(17, pin_factory=factory) as led:
        led.on()
        assert live.do(lambda: live.pins.level(17)) == 1
        led.off()
        assert live.do(lambda: live.pins.level(17)) == 0


def test_a_gpiozero_button_reports_its_edges(live: LiveDaemon) -> None:
    live.do(lambda: live.pins.drive(27, 1))
    factory = PiGPIOFactory("127.0.0.1", live.port)
    thread = factory.connection._notify
    with gpiozero.Button(27, pin_factory=factory) as button:
        assert not button.is_pressed
        pressed: list[bool] = []
        button.when_pressed = lambda: pressed.append(True)
        live.do(lambda: live.pins.drive(27, 0))
        assert live.until(lambda: bool(pressed))
        assert button.is_pressed
    factory.close()
    thread.join(timeout=HANG_S)


def test_gpiozero_pwm_led_and_servo_drive_their_pins(
    live: LiveDaemon, factory: PiGPIOFactory
) -> None:
    edges: list[tuple[int, int]] = []

    def note(_: int, levels: int) -> None:
        edges.append((live.timeline.now_us, levels >> 17 & 1))

    live.do(lambda: live.pins.subscribe(1 << 17, note))
    with gpiozero.PWMLED(17, frequency=100, pin_factory=factory) as led:
        led.value = 0.25
        assert live.until(lambda: len(edges) > 8)
        rise, fall = [at for at, level in edges if level][1], edges
        assert next(at for at, level in fall if at > rise and not level) - rise == 2_500
    edges.clear()
    with gpiozero.Servo(17, pin_factory=factory) as servo:
        servo.max()
        assert live.until(lambda: len(edges) > 8)
        (rise, _), (end, _) = edges[-4:-2] if edges[-4][1] else edges[-3:-1]
        assert end - rise == 2_000


@pytest.mark.parametrize("channel", [0, 3, 7])
def test_gpiozero_reads_an_mcp3208(factory: PiGPIOFactory, channel: int) -> None:
    with gpiozero.MCP3208(channel, pin_factory=factory) as converter:
        assert converter.raw_value == 500 * channel


def test_gpiozero_reads_an_mcp3208_over_bit_banged_spi(factory: PiGPIOFactory) -> None:
    with gpiozero.MCP3208(
        5, clock_pin=11, mosi_pin=10, miso_pin=9, select_pin=8, pin_factory=factory
    ) as converter:
        assert converter.raw_value == 2_500
