"""A daemon on a timeline, and the unmodified pigpio client in the same process."""

from dataclasses import dataclass, field

import pigpio

from drivers.virtual.pigpiod.daemon import Daemon
from drivers.virtual.pigpiod.in_process_socket import InProcessSocket
from drivers.virtual.pigpiod.session import ClientSession
from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Timeline


class InProcessPi(pigpio.pi):
    """pigpio.pi unchanged except for its socket."""

    def __init__(self, session: ClientSession) -> None:
        self.connected = True
        self._host, self._port = "board", 0
        self.sl = pigpio._socklock()
        self.socket = InProcessSocket(session)
        self.sl.s = self.socket  # type: ignore[assignment]
        self._notify = None


@dataclass
class Bench:
    """Parts of a board, and the steps that tests share."""

    timeline: Timeline = field(default_factory=Timeline)
    pins: PinBank = field(default_factory=PinBank)
    daemon: Daemon = field(init=False)
    pi: InProcessPi = field(init=False)

    def __post_init__(self) -> None:
        self.daemon = Daemon(self.timeline, self.pins)
        self.pi = self.client()

    def client(self) -> InProcessPi:
        return InProcessPi(self.daemon.connect())

    def run_us(self, length_us: int) -> None:
        self.timeline.advance_to(self.timeline.now_ns + length_us * 1_000)

    def edges(self, *gpios: int) -> list[tuple[int, int, int]]:
        """Return a list that grows by (time in µs since now, GPIO, level) with each edge."""
        start_us = self.timeline.now_us
        seen: list[tuple[int, int, int]] = []

        def note(changed: int, levels: int) -> None:
            at_us = self.timeline.now_us - start_us
            seen.extend((at_us, g, levels >> g & 1) for g in gpios if changed >> g & 1)

        self.pins.subscribe(sum(1 << gpio for gpio in gpios), note)
        return seen

    def outputs(self, *gpios: int) -> None:
        for gpio in gpios:
            assert self.pi.set_mode(gpio, pigpio.OUTPUT) == 0

    def start_wave_clock(self) -> None:
        """Send a wave without effect, so that later sends start at once."""
        self.pi.wave_add_generic([pigpio.pulse(0, 0, 1)])
        wave = self.pi.wave_create()
        self.pi.wave_send_once(wave)
        self.run_us(100)
        self.pi.wave_tx_stop()
        self.pi.wave_clear()

    def store(self, text: str, *parameters: int) -> int:
        """Store a script and run it as soon as its thread is ready."""
        script = self.pi.store_script(text.encode())
        assert script >= 0, script
        self.run_us(100)
        assert self.pi.run_script(script, list(parameters)) == 0
        return script

    def send(self, command: int, first: int = 0, second: int = 0, extension: bytes = b"") -> int:
        """Send one frame on its own session; return the result as a C int."""
        session = self.daemon.connect()
        words = (command, first, second, len(extension))
        session.feed(b"".join(w.to_bytes(4, "little") for w in words) + extension)
        while not session.has_output:
            following_ns = self.timeline.next_ns()
            assert following_ns is not None
            self.timeline.advance_to(following_ns)
        result = int.from_bytes(session.take_output()[12:16], "little", signed=True)
        session.close()
        return result


def rises(edges: list[tuple[int, int, int]]) -> list[int]:
    """Return the times of the rising edges."""
    return [at for at, _, level in edges if level]
