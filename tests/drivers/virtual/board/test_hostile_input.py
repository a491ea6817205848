"""No number and no text from a client ends the board, and every request is answered.

The boards are processes in stepped time: a delay of a minute takes no real time.
"""

import json
import random
import socket
import struct
from collections.abc import Callable, Iterator
from itertools import product
from typing import BinaryIO

import pytest

from drivers.virtual.board_sockets import BoardPaths, find_board
from drivers.virtual.control_socket import ControlClient
from drivers.virtual.pigpiod.scripts.script_text import _WORDS
from tests.drivers.virtual.board.conftest import Process
from tests.drivers.virtual.pigpiod.driven import frame
from tests.support.hang import HANG_S

Starter = Callable[..., Process]

WITH_BODY = {43, 45, 56, 65, 67, 70, 73, 75, 80, 92, 106, 109, 113}
"""Commands whose reply is followed by bytes, as in pigpio.c 7125, without those absent here."""
NOIB, PROC, PROCD, PROCR, PROCS, PROCP, MILS, WVHLT, PIGPV = 99, 38, 39, 40, 41, 45, 47, 33, 26
BIG = 0xFFFF_FFFF
NUMBERS = (0, 1, 2, 8, 31, 32, 53, 54, 255, 65_535, 1 << 31, (1 << 31) - 1, BIG - 1, BIG)
EXTENSIONS = (b"", b"\0" * 4, b"\xff" * 4, b"\xff" * 24, b"\0" * 24, b"/dev/tty\xff\0 %s" * 9)
LONGEST = 65_535
WORDS = (
    "0", "-0", "+7", "017", "0x1F", "-1", "149", "150", "v0", "v149", "v150", "p9", "p10",
    "2147483647", "-2147483648", "4294967296", "9223372036854775808", "1" * 4_301,
    "-" + "9" * 5_000, "0x" + "f" * 5_000, "0" + "7" * 5_000, "v" + "1" * 4_301, "R", "U", "\xb2",
)  # fmt: skip


class Client:
    """Sends frames and reads complete replies."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 120)
        self._replies = self.socket.makefile("rb")

    def ask(self, *frames: bytes) -> list[int]:
        """Send frames at once; return the results as C ints."""
        self.socket.sendall(b"".join(frames))
        return [self._reply() for _ in frames]

    def _reply(self) -> int:
        head = self._replies.read(16)
        assert len(head) == 16, "the board went away"
        command, _, _, result = struct.unpack("<IIIi", head)
        if command in WITH_BODY and result > 0:
            assert len(self._replies.read(result)) == result
        return int(result)

    def close(self) -> None:
        self._replies.close()
        self.socket.close()


@pytest.fixture
def board(start_board: Starter) -> Iterator[Process]:
    """A stepped board; at the end it runs, answers, and no command failed inside."""
    process = start_board("--stepped")
    yield process
    client = Client(process.port)
    assert client.ask(frame(PIGPV)) == [79]
    client.close()
    with ControlClient(paths(process).control) as control:
        assert control.ask("status")["status"]["failures"] == 0
    assert process.child.poll() is None


@pytest.fixture
def client(board: Process) -> Iterator[Client]:
    made = Client(board.port)
    yield made
    made.close()


def paths(process: Process) -> BoardPaths:
    paths = find_board(process.port)
    assert paths is not None
    return paths


def test_every_command_with_extreme_numbers_is_answered(client: Client) -> None:
    for command in range(200):
        if command == NOIB:  # reports would come between the replies
            continue
        for extension in EXTENSIONS:
            asked = [
                frame(command, first, second, extension)
                for first, second in product(NUMBERS, NUMBERS)
            ]
            assert len(client.ask(*asked)) == len(asked)
        client.ask(frame(WVHLT), frame(27))


def test_a_command_of_the_maximum_length_is_answered(client: Client) -> None:
    noise = random.Random(1).randbytes(LONGEST)
    for command in range(200):
        if command != NOIB:
            for extension in (bytes(LONGEST), noise, b"\xff" * LONGEST, b"1" * LONGEST):
                client.ask(frame(command, 17, 9_600, extension), frame(WVHLT))


def test_a_longer_command_disconnects_only_its_client(board: Process, client: Client) -> None:
    for size in (65_536, (1 << 31) - 1, 1 << 31, BIG):
        rude = Client(board.port)
        rude.socket.sendall(struct.pack("<IIII", 28, 0, 0, size))
        assert rude.socket.recv(16) == b""
        rude.close()
        assert client.ask(frame(PIGPV)) == [79]


def test_a_script_with_a_number_of_4301_digits_is_stored_with_the_largest_number(
    client: Client,
) -> None:
    text = b"lda " + b"1" * 4_301 + b" sta p0 lda -" + b"1" * 4_301 + b" sta p1"
    # strtoimax stops at 2**63 - 1 and -2**63; a variable keeps the low 32 bits of those.
    stored = client.ask(frame(PROC, 0, 0, text), frame(MILS, 1), frame(PROCR), frame(MILS, 1))
    assert stored == [0, 0, 0, 0]
    client.socket.sendall(frame(PROCP, 0))
    parameters = struct.unpack("<11i", client._replies.read(16 + 44)[16:])[1:]
    assert parameters[:2] == (-1, 0)


STRTOIMAX = {
    "017": 15, "0x7fffffff": 0x7FFF_FFFF, "2147483648": -(1 << 31), "-1": -1,
    "9223372036854775807": -1, "9223372036854775808": -1, "4294967297": 1,
    "0777777777777777777777": -1, "01000000000000000000000": -1, "0" * 90 + "5": 5,
    "0x" + "0" * 90 + "5": 5, "-9223372036854775809": 0, "0x" + "9" * 21: -1,
}  # fmt: skip
"""What a script's variable keeps of a number: the low 32 bits of the result of strtoimax."""


def test_numbers_in_scripts_are_read_as_by_strtoimax(client: Client) -> None:
    for number, value in STRTOIMAX.items():
        text = f"lda {number} sta p0".encode()
        client.ask(frame(PROC, 0, 0, text), frame(MILS, 1), frame(PROCR), frame(MILS, 1))
        client.socket.sendall(frame(PROCP, 0))
        assert struct.unpack("<11i", client._replies.read(16 + 44)[16:])[1] == value, number
        client.ask(frame(PROCD, 0))


def run_script(text: str) -> list[bytes]:
    """Return frames that store a script in the first slot, run it, stop it and delete it."""
    stored = frame(PROC, 0, 0, text.encode("latin-1"))
    run = (frame(MILS, 1), frame(PROCR, 0), frame(MILS, 2))
    return [stored, *run, frame(PROCS, 0), frame(PROCD, 0)]


def test_every_script_word_with_every_operand_runs_and_ends(client: Client) -> None:
    for word in sorted(_WORDS):
        for operand in WORDS:
            for count in (0, 1, 2, 3):
                client.ask(*run_script(" ".join([word, *[operand] * count])))
    assert client.ask(frame(PROC, 0, 0, b"halt")) == [0]


def test_random_scripts_run_and_end(client: Client) -> None:
    chance = random.Random(8)
    words = sorted(set(_WORDS) - {"MILS", "MICS"})
    for _ in range(1_500):
        count = chance.randrange(1, 12)
        lines = [
            " ".join([chance.choice(words), *chance.choices(WORDS[:13], k=chance.randrange(4))])
            for _ in range(count)
        ]
        client.ask(*run_script("tag 0 " + " ".join(lines)))


def test_a_return_to_a_pushed_position_ends_the_script(client: Client) -> None:
    for left in ("-5", "-2147483648", "2147483647", "7"):
        assert client.ask(*run_script(f"lda {left} pusha ret")) == [0] * 6


LINES = (
    b"", b" ", b"null", b"true", b"1" * 4_301, b"-1e999", b"[" * 60_000, b'{"do":' * 9_000,
    b'{"do": "advance", "to_us": %s}' % (b"9" * 4_301),
    b'{"do": "advance", "to_us": 9223372036854775807}', b'{"do": "advance", "to_us": -5}',
    b'{"do": "advance", "to_us": 1e999}', b'{"do": "advance"}', b'{"do": "set"}',
    b'{"do": "\\ud800"}', b'{"do": "set", "fault": "\\ud800:1"}', b'{"do": "list", "do": 7}',
    b'{"do": "set", "fault": ["lead-off:1"]}', b"\x00\xff\xfe", b'{"do": "' + b"x" * 60_000 + b'"}',
)  # fmt: skip
VALUES = ("", "0", "-1", "nan", "inf", "-inf", "1e999", "9" * 4_301, "0x10", "\u0662", " 1 ", "=")


def test_every_line_to_the_control_socket_is_answered(board: Process) -> None:
    with ControlClient(paths(board).control) as control:
        known = [fault["usage"].partition(":")[0] for fault in control.ask("list")["known"]]
    names = {name.partition("=")[0] for name in known}
    faults = [
        f"{name}{target}={value}" for name in sorted(names) for target in ("", ":1", ":9" * 3)
        for value in VALUES
    ]  # fmt: skip
    lines = [*LINES, *(json.dumps({"do": "set", "fault": fault}).encode() for fault in faults)]
    with socket.socket(socket.AF_UNIX) as raw:
        raw.settimeout(HANG_S)
        raw.connect(str(paths(board).control))
        replies = raw.makefile("rb")
        for line in lines:
            raw.sendall(line + b"\n")
            assert json.loads(replies.readline())["ok"] in (True, False), line[:80]
        for fault in json.loads(_exchange(raw, replies, b'{"do": "list"}'))["faults"]:
            name = json.dumps({"do": "clear", "fault": fault.partition("=")[0]}).encode()
            assert json.loads(_exchange(raw, replies, name))["ok"]
        replies.close()


def _exchange(raw: socket.socket, replies: BinaryIO, line: bytes) -> bytes:
    raw.sendall(line + b"\n")
    return replies.readline()


def test_every_request_of_the_kernel_side_is_answered(board: Process) -> None:
    payloads = (b"", b"\0", b"\xff", b"\xff\xff", b"\x01\x02", bytes(3), b"\xff" * 4_096)
    asked = [
        struct.pack("<BBH", operation, argument, len(payload)) + payload
        for operation in range(256)
        for argument in (0, 1, 3, 4, 27, 53, 54, 255)
        for payload in payloads
    ]
    with socket.socket(socket.AF_UNIX) as raw:
        raw.settimeout(HANG_S)
        raw.connect(str(paths(board).kernel))
        replies = raw.makefile("rb")
        for request in asked:
            raw.sendall(request)
            length = struct.unpack("<BBH", replies.read(4))[2]
            assert len(replies.read(length)) == length
        replies.close()


def test_a_kernel_request_too_long_disconnects_only_its_client(board: Process) -> None:
    for length in (4_097, 32_768, 65_535):
        with socket.socket(socket.AF_UNIX) as raw:
            raw.settimeout(HANG_S)
            raw.connect(str(paths(board).kernel))
            raw.sendall(struct.pack("<BBH", 1, 0, length))
            assert raw.recv(1) == b""
