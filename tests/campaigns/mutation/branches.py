"""`python -m tests.campaigns.mutation.branches`: branch coverage of the files to mutate.

The tests that judge the mutants must reach each line and each branch; the exit code is 1 if one is
missed. A branch that types prove impossible (`assert_never`) is excluded by
`[tool.coverage.report]`.
"""

import json
import subprocess
import sys

from tests.campaigns.bench.report import ROOT
from tests.campaigns.mutation.tree import KEPT, targets, test_selection

_PYTEST = (sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly")
_WITHOUT = (
    "-p",
    "tests.campaigns.mutation.profile",
    "-m",
    "not (hil or realtime or slow or spice)",
)


def main() -> int:
    """Run the tests under coverage and print what they did not reach; return the exit code."""
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / "coverage.json"
    measured = ("--cov=appliance", "--cov-branch", f"--cov-report=json:{kept}")
    command = [*_PYTEST, *_WITHOUT, *measured, *test_selection()]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        return 1
    files = json.loads(kept.read_text(encoding="utf-8"))["files"]
    paths = targets([])
    missed = 0
    for path in paths:
        for where in _missed(files.get(path)):
            print(f"{path}: {where}")
            missed += 1
    print(f"branches: {len(paths)} files, {missed} places not reached")
    return int(bool(missed))


def _missed(found: dict[str, list[object]] | None) -> list[str]:
    if found is None:
        return ["never imported"]
    lines = [f"line {line}" for line in found["missing_lines"]]
    return lines + [f"branch {branch}" for branch in found["missing_branches"]]


if __name__ == "__main__":
    sys.exit(main())
