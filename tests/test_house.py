"""Checks of the repository itself: no addresses, no paths of a machine, locks with hashes."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.tools.check_sizes import oversized

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements-build.lock", "requirements.lock", "requirements-dev.lock"]

# Assembled from pieces, so that this file does not contain what it forbids.
REGISTRY_ADDRESSES = ["pypi." + "org", "python" + "hosted", "pi" + "wheels", "index" + "-url"]
INDEX_OPTIONS = ["find" + "-links", "extra-" + "index", "trusted" + "-host"]
MACHINE_PATHS = ["/ro" + "ot/", "/ho" + "me/", "/wo" + "rk/", "/op" + "t/wheels", "/op" + "t/pypi"]
UV_OPTIONS = re.compile(r"--no-emit-(index|find)-\w+")
"""Options that make uv leave out addresses; a lock file's header may name them."""

REQUIREMENT = re.compile(r"[a-z0-9-]+==[^ ]+( ; .+)? \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+")


def committed_text() -> dict[str, str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    text = {}
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file():
            text[name] = path.read_bytes().decode("utf-8", errors="replace")
    return text


@pytest.mark.parametrize("word", REGISTRY_ADDRESSES + INDEX_OPTIONS + MACHINE_PATHS)
def test_no_committed_file_names_a_registry_or_a_path_of_a_machine(word: str) -> None:
    found = []
    for name, text in committed_text().items():
        if word in UV_OPTIONS.sub("", text):
            found.append(name)
    assert found == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_a_version_with_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert REQUIREMENT.sub("", text if text.endswith("\n") else text + "\n") == ""


def test_the_three_locks_agree_on_every_version() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
            if "==" in line and not line.startswith(" "):
                name, _, rest = line.partition("==")
                versions.setdefault(name, set()).add(rest.split()[0])
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_make_alone_lists_its_targets() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, check=True, capture_output=True, text=True)
    for target in ("setup", "demo", "test", "check", "bench", "clean"):
        assert f"make {target} " in listed.stdout


def test_a_file_of_401_lines_and_a_function_of_41_are_refused() -> None:
    path = Path("x.py")
    assert list(oversized(path, "x = 1\n" * 400)) == []
    assert len(list(oversized(path, "x = 1\n" * 401))) == 1
    assert list(oversized(path, "def f():\n" + "    x = 1\n" * 39)) == []
    assert len(list(oversized(path, "def f():\n" + "    x = 1\n" * 40))) == 1


def test_a_docstring_does_not_count_as_length() -> None:
    docstring = '    """Do.\n' + "    More.\n" * 10 + '    """\n'
    assert list(oversized(Path("x.py"), "def f():\n" + docstring + "    x = 1\n" * 39)) == []
