"""The kernel side: its frames, and the interfaces of spidev and gpiozero over it."""

import struct
import threading
from collections.abc import Callable
from pathlib import Path

import gpiozero
import pytest
from gpiozero.exc import PinFixedPull, PinPWMUnsupported, PinSetInput

from drivers.errors import NotConnected
from drivers.virtual.board_sockets import find_board
from drivers.virtual.host.kernel_client import KernelClient, SocketTransport
from drivers.virtual.host.pin_factory import BoardPinFactory
from drivers.virtual.host.spidev_double import VirtualSpiDev
from tests.drivers.virtual.board.conftest import NEG1, POS1, Process, Rig
from tests.support.hang import HANG_S

Maker = Callable[..., Rig]
Starter = Callable[..., Process]


# --- frames -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_bytes", "reply"),
    [
        (b"\x00\x01\x00\x00", b"\x00\x01\x02\x00\x01\x02"),  # HELLO: version 1, two channels
        (b"\x01\x00\x02\x00\x30\x00", b"\x00\x00\x02\x00\x00\x00"),  # TRANSFER to the DAC
        (b"\x01\x02\x01\x00\x00", b"\x06\x02\x00\x00"),  # no chip on CE2: ENXIO
        (b"\x03\x11\x00\x00", b"\x00\x11\x00\x00"),  # WRITE_HIGH 17
        (b"\x04\x1b\x00\x00", b"\x00\x1b\x01\x00\x01"),  # READ 27: e-stop closed
        (b"\x04\x36\x00\x00", b"\x16\x36\x00\x00"),  # READ 54: EINVAL
        (b"\x06\x11\x02\x00\x09\x00", b"\x16\x11\x00\x00"),  # mode 9: EINVAL
        (b"\x07\x11\x00\x00", b"\x00\x11\x02\x00\x01\x00"),  # GET_MODE 17: output, no pull
        (b"\x63\x00\x00\x00", b"\x16\x00\x00\x00"),  # no operation 99
    ],
)
def test_each_request_gets_the_documented_reply(
    make_rig: Maker, request_bytes: bytes, reply: bytes
) -> None:
    assert make_rig().board.kernel.connect().feed(request_bytes) == reply


def test_requests_may_arrive_in_parts_and_together(make_rig: Maker) -> None:
    session = make_rig().board.kernel.connect()
    both = b"\x04\x1b\x00\x00" * 2
    assert [session.feed(both[at : at + 3]) for at in (0, 3, 6)] == [
        b"",
        b"\x00\x1b\x01\x00\x01",
        b"\x00\x1b\x01\x00\x01",
    ]
    assert len(session.feed(both)) == 10


def test_a_huge_request_ends_the_session(make_rig: Maker) -> None:
    with pytest.raises(ValueError, match="at most 4096"):
        make_rig().board.kernel.connect().feed(struct.pack("<BBH", 1, 0, 5_000))


def test_the_last_resort_drives_every_gate_low_whatever_its_mode(rig: Rig) -> None:
    rig.kernel.write(POS1, 1)
    rig.kernel.set_mode(NEG1, 0, 2)
    rig.kernel.clear_gates()
    levels = rig.kernel.read_levels()
    assert not any(levels >> gate & 1 for gate in (17, 18, 22, 23))
    assert all(rig.kernel.get_mode(gate)[0] == 1 for gate in (17, 18, 22, 23))


# --- spidev -----------------------------------------------------------------------------------


@pytest.fixture
def spi(rig: Rig) -> VirtualSpiDev:
    device = VirtualSpiDev(rig.kernel)
    device.open(0, 1)
    return device


def test_a_transfer_reads_the_reference(spi: VirtualSpiDev) -> None:
    spi.max_speed_hz = 1_000_000
    reply = spi.xfer2([0x07, 0x40, 0])
    assert (reply[1] & 15) << 8 | reply[2] == pytest.approx(3102, abs=2)
    assert spi.xfer([0x07, 0x40, 0], 500_000, 0, 8)[0] == 0


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ([], "Empty argument list"),
        (5, "sequence"),
        (["a"], "Non-Int/Long"),
    ],
)
def test_wrong_arguments_raise_the_errors_of_spidev(
    spi: VirtualSpiDev, values: object, error: str
) -> None:
    with pytest.raises(TypeError, match=error):
        spi.xfer2(values)  # type: ignore[arg-type]


def test_a_transfer_too_long_and_a_closed_device_raise_the_errors_of_spidev(
    spi: VirtualSpiDev,
) -> None:
    with pytest.raises(OverflowError, match="4096"):
        spi.xfer2([0] * 5_000)
    spi.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        spi.xfer2([1])
    with pytest.raises(FileNotFoundError):
        spi.open(0, 2)
    with pytest.raises(OSError, match="Invalid argument"):
        VirtualSpiDev_opened(spi).bits_per_word = 16


def VirtualSpiDev_opened(spi: VirtualSpiDev) -> VirtualSpiDev:  # noqa: N802 - reads as one
    spi.open(0, 0)
    return spi


def test_the_double_has_the_signatures_of_the_real_one(spi: VirtualSpiDev) -> None:
    import spidev

    for name in ("open", "close", "xfer", "xfer2", "writebytes", "readbytes"):
        assert callable(getattr(spidev.SpiDev, name))
        assert callable(getattr(spi, name))
    with pytest.raises(FileNotFoundError):
        spidev.SpiDev().open(0, 9)


# --- gpiozero ---------------------------------------------------------------------------------


@pytest.fixture
def factory(rig: Rig) -> BoardPinFactory:
    return BoardPinFactory(rig.kernel)


def test_gpiozero_devices_drive_and_read_lines(rig: Rig, factory: BoardPinFactory) -> None:
    with gpiozero.DigitalOutputDevice(20, initial_value=True, pin_factory=factory) as heartbeat:
        assert rig.kernel.read(20) == 1
        heartbeat.off()
        assert rig.kernel.read(20) == 0
        heartbeat.toggle()
        assert rig.kernel.read(20) == 1
        assert heartbeat.value == 1
    assert rig.kernel.get_mode(20)[0] == 0
    assert rig.kernel.read(20) == 0
    with gpiozero.DigitalInputDevice(
        27, pull_up=None, active_state=True, pin_factory=factory
    ) as loop:
        assert loop.value == 1
        rig.board.fault_set("estop")
        assert loop.value == 0


def test_a_button_reports_its_edges_when_polled(rig: Rig, factory: BoardPinFactory) -> None:
    seen: list[str] = []

    def pressed() -> None:
        seen.append("pressed")

    def released() -> None:
        seen.append("released")

    with gpiozero.Button(6, pull_up=None, active_state=True, pin_factory=factory) as switch:
        switch.when_pressed, switch.when_released = pressed, released
        factory.poll()
        rig.board.fault_set("hand-switch")
        factory.poll()
        rig.board.fault_clear("hand-switch")
        factory.poll()
        factory.poll()
    assert seen == ["released", "pressed"]
    assert not factory.watched


def test_an_output_opened_high_is_never_low_in_between(rig: Rig, factory: BoardPinFactory) -> None:
    seen: list[int] = []
    rig.kernel.set_mode(15, 0, 0)
    rig.board.pins.subscribe(1 << 15, lambda _, levels: seen.append(levels >> 15 & 1))
    with gpiozero.LED(15, initial_value=True, pin_factory=factory):
        assert seen == [1]


def test_an_unsupported_pin_feature_is_refused_as_gpiozero_does(factory: BoardPinFactory) -> None:
    pin = factory.pin("GPIO2")
    with pytest.raises(PinFixedPull):
        pin.pull = "down"
    with pytest.raises(PinSetInput):
        pin.state = 1
    with pytest.raises(PinPWMUnsupported):
        pin.frequency = 100
    with pytest.raises(gpiozero.exc.PinInvalidPin):
        factory.pin("GPIO99")


# --- a real socket ----------------------------------------------------------------------------


def test_the_same_client_works_over_a_unix_socket(start_board: Starter) -> None:
    process = start_board()
    paths = find_board(process.port)
    assert paths is not None
    client = KernelClient(SocketTransport(paths.kernel, timeout_s=HANG_S))
    assert client.hello() == 2
    client.set_mode(15, 1, 0)
    client.write(15, 1)
    assert client.read(15) == 1
    assert client.read_levels() >> 15 & 1 == 1
    assert len(client.transfer(1, b"\x06\x00\x00")) == 3
    with pytest.raises(OSError, match="No such device"):
        client.transfer(2, b"\x00")
    process.child.kill()
    process.child.wait(HANG_S)
    with pytest.raises(OSError):  # which one depends on who notices first
        client.read(15)
    client.close()


def test_a_missing_board_gives_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotConnected, match="stimkiosk board"):
        SocketTransport(tmp_path / "none")


def test_two_clients_see_the_same_lines(start_board: Starter) -> None:
    paths = find_board(start_board().port)
    assert paths is not None
    clients = [KernelClient(SocketTransport(paths.kernel, timeout_s=HANG_S)) for _ in range(2)]
    clients[0].set_mode(14, 1, 0)

    def hammer(client: KernelClient) -> None:
        for _ in range(100):
            client.read_levels()

    threads = [threading.Thread(target=hammer, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clients[0].write(14, 1)
    assert clients[1].read(14) == 1
    for client in clients:
        client.close()
