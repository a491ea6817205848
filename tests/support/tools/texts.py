"""List every text to translate as a gettext template: `python -m tests.support.tools.texts`.

The key is the context of a message, so that equal English texts can have different translations.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CATALOGUE = Path(__file__).parents[3] / "appliance" / "texts" / "catalogue"


class Entry(NamedTuple):
    """A template of the catalogue, and its file and line."""

    file: str
    line: int
    key: str
    template: str


def entries() -> Iterator[Entry]:
    """Read all templates marked for translation without importing them, like gettext."""
    for path in sorted(CATALOGUE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Dict):
                continue
            for key, value in zip(node.keys, node.values, strict=True):
                template = _marked(value)
                if isinstance(key, ast.Constant) and template is not None:
                    yield Entry(path.name, value.lineno, str(key.value), template)


def _marked(node: ast.expr) -> str | None:
    """Return the template of `_("...")`, None for any other expression."""
    match node:
        case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(template))]):
            return template
        case _:
            return None


def quoted(text: str) -> str:
    """Return a text quoted for a gettext file."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def main() -> None:
    """Print the template file."""
    print('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"')
    for entry in entries():
        print(f"\n#: appliance/texts/catalogue/{entry.file}:{entry.line}")
        print(f"msgctxt {quoted(entry.key)}\nmsgid {quoted(entry.template)}")
        print('msgstr ""')


if __name__ == "__main__":
    main()
