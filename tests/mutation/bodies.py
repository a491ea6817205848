"""Mutants of function bodies, made and judged by mutmut.

mutmut leaves alone what runs when a module is imported, and functions with a decorator; that part
is in `tables`.
"""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.mutant import CAUGHT, Change, Mutant, Outcome, Way

_MUTMUT = (sys.executable, "-m", "mutmut")
_NAME = re.compile(r"xǁ(?P<owner>\w+)ǁ(?P<method>\w+)__mutmut_\d+|x_(?P<function>\w+)__mutmut_\d+")
_OUTCOMES = {
    1: Outcome.KILLED,
    3: Outcome.KILLED,
    0: Outcome.SURVIVED,
    5: Outcome.UNTESTED,
    33: Outcome.UNTESTED,
    36: Outcome.TIMEOUT,
    -24: Outcome.TIMEOUT,
    24: Outcome.TIMEOUT,
    152: Outcome.TIMEOUT,
    255: Outcome.TIMEOUT,
}
"""mutmut's exit codes, as its own table reads them."""


def run(tree: Path, paths: Sequence[str], jobs: int) -> list[Mutant]:
    """Run mutmut in `tree` and return what became of each mutant; raises `RuntimeError`."""
    log = tree.parent / "mutmut.log"
    with log.open("w", encoding="utf-8") as out:
        command = [*_MUTMUT, "run", "--max-children", str(jobs)]
        ended = subprocess.run(command, cwd=tree, stdout=out, stderr=out, check=False)
    if ended.returncode:
        last = log.read_text(encoding="utf-8").replace("\r", "\n").splitlines()[-40:]
        raise RuntimeError("\n".join(["mutmut gave up:", *last]))
    return [mutant for path in paths for mutant in _read(tree, path)]


def _read(tree: Path, path: str) -> list[Mutant]:
    kept = tree / "mutants" / f"{path}.meta"
    if not kept.exists():
        return []
    codes: dict[str, int | None] = json.loads(kept.read_text(encoding="utf-8"))["exit_code_by_key"]
    found = []
    for name, code in codes.items():
        outcome = Outcome.UNCLEAR if code is None else _OUTCOMES.get(code, Outcome.UNCLEAR)
        change = _change(tree, path, name, wanted=outcome not in CAUGHT)
        found.append(Mutant(Way.BODIES, change, outcome))
    return found


def _change(tree: Path, path: str, name: str, *, wanted: bool) -> Change:
    """Return what a mutant changes; without its lines where nobody will look at them."""
    parts = _NAME.search(name)
    place = ".".join(part for part in (parts.groups() if parts else (name,)) if part)
    if not wanted:
        return Change(path, place, "", "")
    command = [*_MUTMUT, "show", name]
    shown = subprocess.run(command, cwd=tree, check=True, capture_output=True, text=True)
    lines = shown.stdout.splitlines()[3:]
    return Change(path, place, _side(lines, "-"), _side(lines, "+"))


def _side(lines: Sequence[str], sign: str) -> str:
    return "\n".join(line[1:].strip() for line in lines if line.startswith(sign))
