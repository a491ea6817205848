"""Keys of texts as code and data name them."""

import ast
import tomllib
from pathlib import Path

CLINICAL = Path(__file__).parents[2] / "appliance" / "clinical"


def strings_of(room: str) -> set[str]:
    """Return every string in the code and in the data files of a room of the clinical core."""
    found: set[str] = set()
    for path in (CLINICAL / room).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    for path in (CLINICAL / room).glob("*.toml"):
        found |= set(_strings_in(tomllib.loads(path.read_text(encoding="utf-8"))))
    return found


def _strings_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings_in(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _strings_in(inner)]
    return []
