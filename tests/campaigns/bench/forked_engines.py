"""Engines that are there to be killed: one forked for each line on standard input.

    python -m tests.campaigns.bench.forked_engines engine --port 8889 --data DIR

Forked, because starting Python anew for each takes longer than all the rest. Says the number of
each engine's process once it is ready, "end" once that is gone.
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
    """Be an engine, until killed."""
    ask_for_real_time()
    with hosted_engine(partial(open_virtual_rig, port), data) as engine:
        os.write(1, f"engine {os.getpid()}\n".encode())
        while True:
            engine.step()


def main() -> None:
    """Fork an engine for each line."""
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
