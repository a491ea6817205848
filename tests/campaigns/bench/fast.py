"""`stimkiosk treat --fast`: wall time of 15 min of treatment, and whether two runs are equal."""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.campaigns.bench.figure import Figure, Options, Result, Row, margin

TARGET_S = 75
LEVEL_MA = 10


def treat(seconds: int, folder: Path, trace: Path | None) -> float:
    """Run one fast treatment from the command line; return its wall time in s."""
    recording = () if trace is None else ("--trace", str(trace))
    how = ("conventional-tens", "--channels", "1,2", "--level", str(LEVEL_MA), "--fast")
    began_s = time.monotonic()
    subprocess.run(
        [
            *(sys.executable, "-m", "ui.cli.main", "treat", *how),
            *("--seconds", str(seconds), "--json", *recording),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "STIMKIOSK_DATA": str(folder / "data")},
    )
    return time.monotonic() - began_s


def run(options: Options) -> Result:
    """Treat once without and twice with a recording, and compare the two recordings."""
    seconds = options.size(900, 30)
    scratch = Path(tempfile.mkdtemp(dir=options.place))
    plain_s = treat(seconds, scratch, None)
    traces = (scratch / "first.vcd", scratch / "second.vcd")
    traced_s = max(treat(seconds, scratch, trace) for trace in traces)
    digests = [hashlib.sha256(trace.read_bytes()).hexdigest() for trace in traces]
    equal = digests[0] == digests[1]
    megabytes = traces[0].stat().st_size / 1e6
    for trace in traces:
        trace.unlink()
    words = "equal to the byte" if equal else "DIFFERENT"
    rows = (
        _row("without recording", plain_s, options),
        _row("with recording", traced_s, options),
        Row("--fast, two recordings", "equal to the byte", words, equal),
    )
    notes = (
        f"recordings of {megabytes:.1f} MB, SHA-256 {digests[0][:16]}… and {digests[1][:16]}…",
        f"{seconds} s at {LEVEL_MA} mA, two channels, start of Python and rise included",
    )
    return Result(rows, notes)


def _row(how: str, took_s: float, options: Options) -> Row:
    allowed_s = TARGET_S * options.size(900, 30) / 900
    text = f"{took_s:.1f} s"
    met = took_s <= allowed_s
    return Row(f"--fast, 15 min {how}", f"≤ {TARGET_S} s", text, met, margin(took_s, allowed_s))


FIGURE = Figure("fast", "15 min in ≤ 75 s, deterministic", run)
