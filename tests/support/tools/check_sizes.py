"""Reject files and functions that are too long to read at a glance.

A file has at most 400 lines, a function at most 40 without its docstring. Split the code to fix it;
the exceptions below are for code whose length is a table, each with its reason.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40

EXCEPTIONS: dict[str, str] = {}
"""`path` or `path:function` -> the reason why it may be longer."""

type_of_function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files() -> list[Path]:
    """Return every Python file that git tracks or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True)
    return [path for path in map(Path, sorted(listed.stdout.splitlines())) if path.exists()]


def body_lines(function: type_of_function) -> int:
    """Count the lines of a function from `def` to its end, without the docstring."""
    length = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function, clean=False) is None:
        return length
    docstring = function.body[0]
    return length - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)


def oversized(path: Path, source: str) -> Iterator[str]:
    """Yield one line for each file or function in `path` that is too long."""
    lines = len(source.splitlines())
    if lines > MAX_FILE_LINES and str(path) not in EXCEPTIONS:
        yield f"{path}: {lines} lines, at most {MAX_FILE_LINES}"
    for node in ast.walk(ast.parse(source, filename=str(path))):
        if isinstance(node, type_of_function) and f"{path}:{node.name}" not in EXCEPTIONS:
            length = body_lines(node)
            if length > MAX_FUNCTION_LINES:
                where = f"{path}:{node.lineno}"
                yield f"{where}: {node.name} has {length} lines, at most {MAX_FUNCTION_LINES}"


def main() -> int:
    """Print what is too long; return 1 if anything is."""
    paths = python_files()
    found = [line for path in paths for line in oversized(path, path.read_text(encoding="utf-8"))]
    for line in found:
        print(line)
    print(f"sizes: {len(paths)} files, {len(found)} too long")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
