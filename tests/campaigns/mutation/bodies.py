"""Mutants of function bodies, made and judged by mutmut.

mutmut does not mutate code that runs at import, nor functions with a decorator; `tables` covers
those.
"""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.campaigns.mutation.mutant import CAUGHT, Change, Mutant, Outcome, Way

_MUTMUT = (sys.executable, "-m", "mutmut")
_NAME = re.compile(r"xǁ(?P<owner>\w+)ǁ(?P<method>\w+)__mutmut_\d+|x_(?P<function>\w+)__mutmut_\d+")
_SHOW = """
import json, sys
from mutmut.mutation.diff_apply import get_diff_for_mutant
path, *names = sys.argv[1:]
print(json.dumps({name: get_diff_for_mutant(name, path=path) for name in names}))
"""
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
"""mutmut's exit codes, as in its own table."""


def run(tree: Path, paths: Sequence[str], jobs: int) -> list[Mutant]:
    """Run mutmut in `tree` and return the outcome of each mutant; raises `RuntimeError`."""
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
    outcomes = {
        name: Outcome.UNCLEAR if code is None else _OUTCOMES.get(code, Outcome.UNCLEAR)
        for name, code in codes.items()
    }
    alive = [name for name, outcome in outcomes.items() if outcome not in CAUGHT]
    diffs = _diffs(tree, path, alive) if alive else {}
    return [
        Mutant(Way.BODIES, _change(path, name, diffs.get(name, "")), outcome)
        for name, outcome in outcomes.items()
    ]


def _diffs(tree: Path, path: str, names: Sequence[str]) -> dict[str, str]:
    """Ask mutmut, in a separate process, for the diffs of these mutants."""
    command = [sys.executable, "-c", _SHOW, path, *names]
    shown = subprocess.run(command, cwd=tree, check=True, capture_output=True, text=True)
    shown_by_name: dict[str, str] = json.loads(shown.stdout)
    return shown_by_name


def _change(path: str, name: str, diff: str) -> Change:
    """Return what a mutant changes; without the lines if no report shows them."""
    parts = _NAME.search(name)
    place = ".".join(part for part in (parts.groups() if parts else (name,)) if part)
    lines = diff.splitlines()[2:]
    return Change(path, place, _side(lines, "-"), _side(lines, "+"))


def _side(lines: Sequence[str], sign: str) -> str:
    return "\n".join(line[1:].strip() for line in lines if line.startswith(sign))
