"""What is shown is told on a socket: an object for each line, and no file is lost for it."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.kiosk.describe import DescribeServer

SHOWN = {"screen": "home", "widgets": []}


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    server = DescribeServer(tmp_path / "told", lambda look: look(), lambda: dict(SHOWN))
    server.start()
    yield tmp_path / "told"
    server.close()
    server.close()
    assert not (tmp_path / "told").exists()


def asked(path: Path, lines: bytes) -> socket.socket:
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(10)
    client.connect(str(path))
    client.sendall(lines)
    return client


def test_each_line_is_answered_by_one_line(path: Path) -> None:
    with asked(path, b"\nanything\n") as client, client.makefile("rb") as answers:
        assert [json.loads(answers.readline()) for _ in range(2)] == [SHOWN, SHOWN]


def test_who_is_silent_keeps_nobody_else_waiting(path: Path) -> None:
    with asked(path, b""), asked(path, b"\n") as client, client.makefile("rb") as answers:
        assert json.loads(answers.readline()) == SHOWN


def test_only_who_runs_the_kiosk_may_ask(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_in_its_place_is_left_alone(tmp_path: Path) -> None:
    """Hazard: `--describe notes.txt` deletes the notes."""
    notes = tmp_path / "notes.txt"
    notes.write_text("kept", encoding="utf-8")
    with pytest.raises(FileExistsError):
        DescribeServer(notes, lambda look: look(), dict)
    assert notes.read_text(encoding="utf-8") == "kept"


def test_a_socket_that_a_kiosk_left_behind_is_replaced(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left:
        left.bind(str(tmp_path / "told"))
    DescribeServer(tmp_path / "told", lambda look: look(), dict).close()
