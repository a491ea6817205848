"""Cold start of the kiosk: from its command to a screen on which somebody can sign in.

An engine runs on a virtual board. `stimkiosk kiosk` draws to SDL's `offscreen` driver; its
description of the screen (`--describe`) is asked until the lock screen has its keys. Before each
cold start the files of Python, of the packages, of Mesa and the fonts are put out of the page cache
where no other process has them mapped.
"""

import os
import socket
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from appliance.texts.fonts import FOLDER
from tests.campaigns.bench.figure import Figure, Options, Result, Row, margin
from tests.campaigns.bench.kiosk_drawing import look_on
from tests.campaigns.bench.processes import BoardProcess, EngineProcess
from tests.campaigns.bench.report import ROOT

MOST_S, WITHIN_S, LOOK_S = 2.0, 30.0, 0.02
LIBRARIES = Path("/usr/lib")
OF_MESA = ("libLLVM*", "dri/*", "libgallium*", "libGL*", "libEGL*", "libSDL*")


def forget_files() -> int:
    """Put the files that a start reads out of the page cache; return how many MB they have."""
    folders = (ROOT / "ui", ROOT / "appliance", FOLDER)
    paths = [Path(sysconfig.get_path(name)) for name in ("stdlib", "platlib")]
    files = [file for folder in (*folders, *paths) for file in folder.rglob("*")]
    multiarch = LIBRARIES / str(sysconfig.get_config_var("MULTIARCH"))
    files += [file for pattern in OF_MESA for file in multiarch.glob(pattern)]
    return sum(map(_forget, files)) // 1_000_000


def _forget(path: Path) -> int:
    with suppress(OSError):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
                return path.stat().st_size
    return 0


def usable(shown: dict[str, Any]) -> bool:
    """Return whether somebody can sign in: the lock screen has a key beside STOP."""
    keys = [part for part in shown.get("widgets", ()) if part["role"] == "key"]
    return shown.get("screen") == "lock" and any(
        key["enabled"] and key["text"] != "STOP" for key in keys
    )


def start_once(data: Path, engine: EngineProcess, size: str) -> float:
    """Return the seconds from the command to a usable screen."""
    described = data.parent / "described"
    command = [sys.executable, "-m", "ui.cli.main", "kiosk", "--data", str(data)]
    began_s = time.monotonic()
    process = subprocess.Popen(
        [*command, "--size", size, "--describe", str(described)],
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not usable(_described(described)):
            look_on(engine.link, LOOK_S)
            if time.monotonic() - began_s > WITHIN_S or process.poll() is not None:
                raise TimeoutError("no usable screen")
        return time.monotonic() - began_s
    finally:
        process.kill()
        process.wait()
        described.unlink(missing_ok=True)


def _described(path: Path) -> dict[str, Any]:
    with suppress(OSError), _asked(path) as lines:
        answer: dict[str, Any] = msgspec.json.decode(lines)
        return answer
    return {}


@contextmanager
def _asked(path: Path) -> Iterator[bytes]:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1.0)
        client.connect(str(path))
        client.sendall(b"\n")
        with client.makefile("rb") as answers:
            yield answers.readline() or b"{}"


def run(options: Options) -> Result:
    """Start it cold and warm."""
    scratch = Path(tempfile.mkdtemp(dir=options.place))
    times = options.size(7, 1)
    rows, notes = [], []
    with BoardProcess(scratch) as board, EngineProcess(board, scratch / "data") as engine:
        for size in ("800x480", "1280x720"):
            cold, forgotten_mb = [], 0
            for _ in range(times):
                forgotten_mb = forget_files()
                cold.append(start_once(scratch / "data", engine, size))
            warm = [start_once(scratch / "data", engine, size) for _ in range(times)]
            rows.append(_row(size, cold))
            notes.append(
                f"{size}: cold {_words(cold)} s ({forgotten_mb} MB of files put out of the page "
                f"cache); warm {_words(warm)} s"
            )
    return Result(tuple(rows), tuple(notes))


def _row(size: str, cold: list[float]) -> Row:
    middle, worst = statistics.median(cold), max(cold)
    return Row(
        f"kiosk, cold start to a usable screen, {size}",
        f"≤ {MOST_S:g} s",
        f"median {middle:.2f} s, worst {worst:.2f} s of {len(cold)}",
        middle <= MOST_S,
        margin(middle, MOST_S),
    )


def _words(seconds: list[float]) -> str:
    return ", ".join(f"{each:.2f}" for each in seconds)


FIGURE = Figure("kiosk_start", "≤ 2 s from the command to a usable screen", run)
