"""Write the generated files of docs/hardware.

`python -m tests.support.tools.hardware` writes them; `--check` exits with 1 if one is out of date.
"""

import sys

from tests.support.tools.hardware.files import FOLDER, files


def main() -> int:
    """Write the files, or with `--check` name those that are out of date."""
    stale = 0
    for name, text in files().items():
        path = FOLDER / name
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"docs/hardware/{name} is out of date: python -m tests.support.tools.hardware")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
