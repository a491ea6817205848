"""Count the product files that a tick, a slice, a stop and an e-stop pass through.

A treatment of test loads runs on the stepped board. A profiler notes the file of every Python
function that is called between entering and leaving certain functions, and the files of those that
called them, up to `ControlLoop.tick`. Files of the virtual board and its rig are left out: on a Pi
they are chips, pins and a daemon. Files with constants only are never called and so never counted.

    python -m tests.support.tools.files_passed

On an older commit, here 13497b9, name its classes and modules:

    PYTHONPATH=. python files_passed.py --clinic tests.flows.clinic --messages appliance.messages \
        --renamed CommandDispatcher=Desk --renamed StateRunner=Machine
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

PRODUCT = ("drivers", "appliance", "ui")
NO_PRODUCT = ("drivers/virtual/", "drivers/rigs/virtual.py", "drivers/virtual_rig.py")
TICK = "ControlLoop.tick"
LEVEL_UA = 10_000
TICKS = 40

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "plain tick": (TICK,),
    "one slice sent": ("SliceStream._send_next",),
    "stop": ("CommandDispatcher._answer",),
    "e-stop": ("StateRunner.cut_for", "StateRunner.trip"),
}
"""The functions of each figure: every call inside them is counted."""


def files_inside(functions: tuple[str, ...], act: Callable[[], object]) -> frozenset[str]:
    """Return the product files passed inside these functions while `act` runs.

    Raises `LookupError` if none of them was called.
    """
    seen: set[str] = set()
    inside = 0

    def notice(frame: FrameType, event: str, _: object) -> None:
        nonlocal inside
        begins = frame.f_code.co_qualname in functions
        if event == "call":
            if begins:
                inside += 1
                seen.update(_callers(frame))
            if inside:
                seen.add(frame.f_code.co_filename)
        elif event == "return" and begins:
            inside -= 1

    sys.setprofile(notice)
    try:
        act()
    finally:
        sys.setprofile(None)
    if not seen:
        raise LookupError(f"none of {', '.join(functions)} was called")
    return frozenset(filter(None, map(_product_file, seen)))


def _callers(frame: FrameType) -> list[str]:
    """Return the files of the callers up to the tick; none outside a tick."""
    files, caller = [], frame.f_back
    while caller is not None:
        files.append(caller.f_code.co_filename)
        if caller.f_code.co_qualname == TICK:
            return files
        caller = caller.f_back
    return []


def _product_file(name: str) -> str:
    root = Path.cwd()
    if not Path(name).is_relative_to(root):
        return ""
    path = Path(name).relative_to(root).as_posix()
    if path.startswith(NO_PRODUCT) or path.partition("/")[0] not in PRODUCT:
        return ""
    return path


def count(clinic_module: str, messages: str, renamed: dict[str, str]) -> dict[str, frozenset[str]]:
    """Return the files of each figure, each counted in its own treatment."""
    open_clinic = import_module(clinic_module).open_clinic
    stop = import_module(messages).Stop

    def press_estop(clinic: Any) -> None:
        clinic.board.fault_set("estop")
        clinic.until("Tripped")

    acts: dict[str, Callable[[Any], object]] = {
        "plain tick": lambda clinic: clinic.tick(),
        "one slice sent": lambda clinic: clinic.ticks(TICKS),
        "stop": lambda clinic: clinic.link.ask(stop()),
        "e-stop": press_estop,
    }
    counted: dict[str, frozenset[str]] = {}
    for figure, act in acts.items():
        functions = tuple(_named(name, renamed) for name in FUNCTIONS[figure])
        with tempfile.TemporaryDirectory() as folder, open_clinic(Path(folder)) as clinic:
            for channel in (1, 2):
                clinic.board.fault_set(f"resistor:{channel}=1000")
            clinic.treat(level_ua=LEVEL_UA, **_test_load())
            clinic.wait(500)
            tries = TICKS if figure == "plain tick" else 1
            passed = [files_inside(functions, partial(act, clinic)) for _ in range(tries)]
            counted[figure] = min(passed, key=len)
    return counted


def _test_load() -> dict[str, object]:
    """Return what makes a treatment one of test loads; older commits had no subject to name."""
    wire: Any = getattr(import_module("appliance.messages"), "wire", None)
    return {"subject": wire.Subject.TEST_LOAD} if hasattr(wire, "Subject") else {}


def _named(function: str, renamed: dict[str, str]) -> str:
    owner, _, method = function.partition(".")
    return f"{renamed.get(owner, owner)}.{method}"


def main() -> None:
    """Print the counts, and with `--list` the files."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clinic", default="tests.support.clinic", help="module of the clinic")
    parser.add_argument("--messages", default="appliance.messages.actions", help="module of `Stop`")
    parser.add_argument("--renamed", action="append", default=[], metavar="NEW=OLD")
    parser.add_argument("--list", action="store_true", help="print the files too")
    asked = parser.parse_args()
    renamed = dict(pair.split("=", 1) for pair in asked.renamed)
    for figure, files in count(asked.clinic, asked.messages, renamed).items():
        print(f"{figure:<15} {len(files)}")
        if asked.list:
            print("".join(f"    {name}\n" for name in sorted(files)), end="")


if __name__ == "__main__":
    main()
