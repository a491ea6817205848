"""Forks one engine for each line on standard input; the engines are meant to be killed.

    python -m tests.campaigns.bench.forked_engines engine --port 8889 --data DIR

They are forked because starting Python for each one takes longer than the rest of the measurement.
Prints an engine's process id when it is ready, and "end" when it has exited.
"""

import argparse
import os
import sys
from functools import partial
from pathlib import Path

from appliance.engine import hosted_engine
from drivers.rigs.virtual import open_virtual_rig
from ui.cli.engine.priority import ask_for_real_time


def serve(port: int, data: Path) -> None:
    """Run an engine until it is killed."""
    ask_for_real_time()
    with hosted_engine(partial(open_virtual_rig, port), data) as engine:
        os.write(1, f"engine {os.getpid()}\n".encode())
        while True:
            engine.step()


def main() -> None:
    """Fork an engine for each line of input."""
    parser = argparse.ArgumentParser(prog="forked_engines")
    parser.add_argument("command", choices=["engine"])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    asked = parser.parse_args()
    asked.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.write(1, b"ready\n")
    for _ in sys.stdin:
        engine = os.fork()
        if engine == 0:
            serve(asked.port, asked.data)
        os.waitpid(engine, 0)
        os.write(1, b"end\n")


if __name__ == "__main__":
    main()
