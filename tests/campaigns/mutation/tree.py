"""The copy of the source tree in which mutants are made.

The working tree is never mutated, and edits to it during a run do not affect the run.
"""

import json
import re
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path

from tests.campaigns.bench.report import ROOT

KEPT = ROOT / "build" / "mutation"
TREE = KEPT / "tree"
_COPIED = ("appliance", "drivers", "ui", "stubs", "tests")
_ONLY = re.compile(r"^only_mutate = \[.*?^\]$", re.MULTILINE | re.DOTALL)
_TESTS = re.compile(r"^pytest_add_cli_args_test_selection = \[.*\]$", re.MULTILINE)


def targets(asked: Sequence[str]) -> list[str]:
    """Return the files to mutate: all those listed in `pyproject.toml`, or only those named.

    A file is named by its own name or its folder's: `gate`, `interlocks`. Raises `ValueError`.
    """
    patterns = _settings()["only_mutate"]
    paths = sorted(path for pattern in patterns for path in ROOT.glob(pattern))
    if missing := [pattern for pattern in patterns if not list(ROOT.glob(pattern))]:
        raise ValueError(f"pyproject.toml names files that are not there: {missing}")
    if unknown := [name for name in asked if not any(_is_named(path, name) for path in paths)]:
        known = sorted({path.stem for path in paths} | {path.parent.name for path in paths})
        raise ValueError(f"no file to mutate is called {unknown[0]}; there are {', '.join(known)}")
    wanted = [path for path in paths if not asked or any(_is_named(path, name) for name in asked)]
    return [str(path.relative_to(ROOT)) for path in wanted]


def test_selection() -> list[str]:
    """Return the tests that judge the mutants."""
    return _settings()["pytest_add_cli_args_test_selection"]


def make_tree(paths: Sequence[str], tests: Sequence[str]) -> Path:
    """Copy the current source, set up to mutate only `paths`; return the copy's folder."""
    shutil.rmtree(TREE, ignore_errors=True)
    TREE.mkdir(parents=True)
    for name in _COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, TREE / name, ignore=ignored)
    listed = "".join(f'    "{path}",\n' for path in paths)
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    settings, replaced = _ONLY.subn(f"only_mutate = [\n{listed}]", settings)
    selection = f"pytest_add_cli_args_test_selection = {json.dumps([*tests])}"
    settings, selected = _TESTS.subn(selection, settings)
    if (replaced, selected) != (1, 1):
        raise ValueError("pyproject.toml does not list only_mutate and tests as it used to")
    (TREE / "pyproject.toml").write_text(settings, encoding="utf-8")
    return TREE


def _settings() -> dict[str, list[str]]:
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    options: dict[str, list[str]] = whole["tool"]["mutmut"]
    return options


def _is_named(path: Path, name: str) -> bool:
    return name in {path.stem, path.parent.name}
