"""Judges the mutants of `tables`: each in a forked process with the mutated module in place.

The parent has imported the libraries but nothing of this project, so that a child starts within
milliseconds and still imports every project module itself.
"""

import importlib.machinery
import importlib.util
import os
import resource
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import CodeType, ModuleType

import hypothesis
import msgspec
import pytest

from tests.campaigns.bench.report import ROOT
from tests.campaigns.mutation.mutant import Change, Mutant, Outcome, Way
from tests.campaigns.mutation.tables import Edit, edits

LIBRARIES = (hypothesis, msgspec, pytest)
"""Imported before the fork, only for speed."""
CPU_SECONDS = 90
"""Limit of a child; the whole selection needs a fifth of this."""
_OUTCOMES = {0: Outcome.SURVIVED, 1: Outcome.KILLED, 2: Outcome.KILLED, 5: Outcome.UNTESTED}
"""pytest's exit codes: 0 all passed, 1 a test failed, 2 an import failed, 5 no tests."""
_ARGUMENTS = (
    *("-x", "-q", "--tb=no", "-p", "no:randomly", "-p", "no:cacheprovider"),
    # The parent has already imported hypothesis; pytest need not rewrite its asserts.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
    *("-m", "not (hil or realtime or slow or spice)"),
)


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads one module from source text that is in no file."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.get_filename(fullname), "exec")


class _Finder(MetaPathFinder):
    """Finds the mutated module before the normal finders find the original."""

    def __init__(self, tree: Path, path: str, source: str) -> None:
        self._name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self._loader = _Loader(self._name, str(tree / path), source)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Return a spec for the mutated module only."""
        if fullname != self._name:
            return None
        where = self._loader.path
        return importlib.util.spec_from_file_location(fullname, where, loader=self._loader)


NEAR: dict[str, tuple[str, ...]] = {
    "compiler": ("appliance/core/test_compiler*", "appliance/core/test_slice_boundaries*"),
    "slice_boundaries": ("appliance/core/test_slice_boundaries*", "appliance/core/test_compiler*"),
    "slice_shapes": ("appliance/core/test_slice_boundaries*", "appliance/core/test_compiler*"),
    "readable_text": ("appliance/core/test_readable_text*",),
    "contracting_current": ("appliance/core/test_contracting_current*",),
    "dose": ("appliance/core/test_dose*", "appliance/core/test_last_second*"),
    "limits": ("appliance/safety/test_limit*", "appliance/safety/test_refusals*"),
    "level_limits": ("appliance/safety/test_level*",),
    "trip": ("appliance/safety/test_trip*",),
    "codes": ("appliance/safety/test_trip*",),
    "table": ("appliance/safety/test_trip*",),
    "transitions": ("appliance/safety/test_states*", "appliance/safety/test_stop*"),
    "states": ("appliance/safety/test_states*", "appliance/safety/test_stop*"),
    "events": ("appliance/safety/test_states*", "appliance/safety/test_stop*"),
    "interlocks": ("appliance/safety/interlocks/test_*",),
}
"""The tests that kill most mutants of a file or folder; they run first."""


def near_tests(tree: Path, path: str) -> list[Path]:
    """Return the tests to run before all others; only for speed."""
    file = Path(path)
    patterns = NEAR.get(file.stem) or NEAR.get(file.parent.name)
    patterns = patterns or (f"appliance/safety/test_{file.stem}*",)
    return [test for name in patterns for test in sorted((tree / "tests").glob(f"{name}.py"))]


def run(tree: Path, paths: Sequence[str], tests: Sequence[str], jobs: int) -> list[Mutant]:
    """Judge every mutant of `tables` in `paths` with `tests`."""
    waiting = [
        (path, edit)
        for path in reversed(paths)
        for edit in reversed(list(edits((tree / path).read_text(encoding="utf-8"))))
    ]
    running: dict[int, tuple[str, Edit]] = {}
    judged: list[Mutant] = []
    log = (tree.parent / "tables.log").open("w", encoding="utf-8")
    while waiting or running:
        while waiting and len(running) < jobs:
            path, edit = waiting.pop()
            running[_start(tree, path, edit.source, tests)] = (path, edit)
        child, status = os.wait()
        path, edit = running.pop(child)
        change = Change(path, edit.place, edit.removed, edit.added)
        judged.append(Mutant(Way.TABLES, change, _outcome(os.waitstatus_to_exitcode(status))))
        left = len(waiting) + len(running)
        log.write(f"{left} left; {judged[-1].outcome} {path}\n{change.diff()}\n")
        log.flush()
    log.close()
    return judged


def passes(tree: Path, tests: Sequence[str]) -> bool:
    """Tell whether the tests pass without a mutation; otherwise a kill proves nothing."""
    _, status = os.waitpid(_start(tree, "no/such/file.py", "", tests), 0)
    return os.waitstatus_to_exitcode(status) == 0


def _outcome(exit_code: int) -> Outcome:
    if exit_code < 0:
        return Outcome.TIMEOUT
    return _OUTCOMES.get(exit_code, Outcome.UNCLEAR)


def _start(tree: Path, path: str, source: str, tests: Sequence[str]) -> int:
    """Fork a child that runs the tests against the mutant; return its process id."""
    child = os.fork()
    if child:
        return child
    exit_code = 3
    try:
        exit_code = _judge(tree, path, source, tests)
    finally:
        os._exit(exit_code)


def _judge(tree: Path, path: str, source: str, tests: Sequence[str]) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.chdir(tree)
    for name in [name for name in sys.modules if name.partition(".")[0] in {"tests", "appliance"}]:
        del sys.modules[name]
    others = (entry for entry in sys.path if entry and Path(entry).resolve() != ROOT)
    sys.path[:] = [str(tree), *others]
    sys.dont_write_bytecode = True
    sys.meta_path.insert(0, _Finder(tree, path, source))
    arguments = [*_ARGUMENTS, "-p", "tests.campaigns.mutation.profile"]
    near = near_tests(tree, path)
    if near and (found := int(pytest.main([*arguments, *map(str, near)]))):
        return found
    return int(pytest.main([*arguments, *tests]))
