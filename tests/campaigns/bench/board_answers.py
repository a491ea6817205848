"""How long the board takes to answer one client while it and other clients are busy.

The board process is given as much work as possible: endless 1 µs + 1 µs pulses (or 5,000 without
any delay) and 32 scripts that loop; or 16 clients that send commands as fast as they are read.
Another client sends `WVHLT` from time to time, and starts the wave again before the next one.
"""

import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.campaigns.bench.figure import Figure, Options, Result, Row, margin
from tests.campaigns.bench.processes import BoardProcess

GPIO = 4
"""A pin that the board leaves free."""
WRITE, WVCLR, WVAG, WVHLT, PROC, PROCR, WVCRE, WVTXR = 4, 27, 28, 33, 38, 40, 49, 52
SCRIPTS, FLOODING = 32, 16
MOST_MS, MOST_MEDIAN_MS = 500.0, 10.0
PAUSE_S = 0.01
WAVES = {"1 µs + 1 µs pulses": (2, 1), "5,000 pulses without delay": (5_000, 0)}
"""For each wave: number of pulses, and the length of each in µs."""
FLOOD = """
import socket, struct, sys, threading
board = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def read():
    while board.recv(1 << 16): pass
threading.Thread(target=read, daemon=True).start()
sent = struct.pack("<IIII", 3, 4, 0, 0) * 4096
print("floods", flush=True)
while True: board.sendall(sent)
"""


class Asking:
    """A minimal pigpio client that speaks the wire protocol."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, command: int, first: int = 0, second: int = 0, extension: bytes = b"") -> int:
        """Return the result of a command; raises `RuntimeError` if the daemon reports an error."""
        self._socket.sendall(struct.pack("<IIII", command, first, second, len(extension)))
        self._socket.sendall(extension)
        reply = b""
        while len(reply) < struct.calcsize("<IIIi"):
            reply += self._socket.recv(16 - len(reply))
        result: int = struct.unpack("<IIIi", reply)[3]
        if result < 0:
            raise RuntimeError(f"command {command} was answered with {result}")
        return result

    def close(self) -> None:
        self._socket.close()


def latencies_ms(port: int, wave: int | None, count: int) -> list[float]:
    """Return how long each of `count` WVHLT took, sorted; the wave plays before each."""
    client = Asking(port)
    times_ms = []
    for _ in range(count):
        if wave is not None:
            client.ask(WVTXR, wave)
        time.sleep(PAUSE_S)
        asked_ns = time.perf_counter_ns()
        client.ask(WVHLT)
        times_ms.append((time.perf_counter_ns() - asked_ns) / 1e6)
    client.close()
    return sorted(times_ms)


def under_work(kind: str, count: int, folder: Path) -> tuple[list[float], float]:
    """Return the latencies with a wave and 32 scripts, and board time per elapsed time."""
    with BoardProcess(Path(tempfile.mkdtemp(dir=folder))) as board:
        client = Asking(board.port)
        client.ask(WRITE, GPIO, 0)
        pulses, delay_us = WAVES[kind]
        pair = struct.pack("<IIIIII", 1 << GPIO, 0, delay_us, 0, 1 << GPIO, delay_us)
        client.ask(WVAG, 0, 0, pair * (pulses // 2))
        wave = client.ask(WVCRE)
        scripts = [client.ask(PROC, 0, 0, b"tag 0 jmp 0") for _ in range(SCRIPTS)]
        time.sleep(0.1)
        for script in scripts:
            client.ask(PROCR, script)
        began = board.control.ask("status")["status"]
        times_ms = latencies_ms(board.port, wave, count)
        ended = board.control.ask("status")["status"]
        client.close()
    passed_us = ended["time_us"] - began["time_us"]
    return times_ms, passed_us / (passed_us + ended["slipped_us"] - began["slipped_us"])


def under_flood(count: int, folder: Path) -> list[float]:
    """Return the latencies of one client while 16 others flood the board."""
    with BoardProcess(Path(tempfile.mkdtemp(dir=folder))) as board, _flooding(board.port):
        return latencies_ms(board.port, None, count)


@contextmanager
def _flooding(port: int) -> Iterator[None]:
    command = [sys.executable, "-c", FLOOD, str(port)]
    children = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for _ in range(FLOODING)
    ]
    try:
        for child in children:
            if child.stdout is not None:
                child.stdout.readline()
        yield
    finally:
        for child in children:
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()


def run(options: Options) -> Result:
    """Measure under each kind of load."""
    count = options.size(1_000, 50)
    rows, notes = [], []
    for kind in WAVES:
        found, share = under_work(kind, count, options.place)
        worst_ms = _at(found, 0.99)
        rows.append(
            Row(
                f"board: WVHLT under {kind} and {SCRIPTS} scripts",
                f"p99 ≤ {MOST_MS:g} ms",
                _words(found),
                worst_ms <= MOST_MS,
                margin(worst_ms, MOST_MS),
            )
        )
        notes.append(
            f"under {kind} board time passed at {share:.1%} of real time, the rest slipped"
        )
    found = under_flood(count, options.place)
    median_ms = _at(found, 0.5)
    rows.append(
        Row(
            f"board: WVHLT of another client beside {FLOODING} that flood",
            f"median ≤ {MOST_MEDIAN_MS:g} ms",
            _words(found),
            median_ms <= MOST_MEDIAN_MS,
            margin(median_ms, MOST_MEDIAN_MS),
        )
    )
    notes.append(
        f"{count:,} questions each, {PAUSE_S * 1e3:g} ms apart; the clients shared the cores"
    )
    return Result(tuple(rows), tuple(notes))


def _at(found: list[float], share: float) -> float:
    return found[min(int(len(found) * share), len(found) - 1)]


def _words(found: list[float]) -> str:
    median_ms, rare_ms, worst_ms = (_at(found, share) for share in (0.5, 0.99, 1))
    return f"median {median_ms:.1f} ms, p99 {rare_ms:.1f} ms, worst {worst_ms:.1f} ms"


FIGURE = Figure("board_answers", "one client is answered whatever others do", run)
