"""Print the hash of a folder as git names it: every name, mode and content counts.

Only the standard library: it runs on a new system, before anything is installed.
"""

import hashlib
import os
import stat
import sys
from pathlib import Path


def tree_hash(folder: Path) -> bytes:
    """Return the SHA-1 of git's tree object for a folder; raises `OSError`."""
    entries = []
    for path in folder.iterdir():
        mode = path.lstat().st_mode
        # git sorts a folder as if its name ended with a slash.
        if stat.S_ISDIR(mode):
            entries.append((os.fsencode(path.name) + b"/", b"40000", tree_hash(path)))
        elif stat.S_ISLNK(mode):
            digest = _object(b"blob", os.fsencode(path.readlink()))
            entries.append((os.fsencode(path.name), b"120000", digest))
        else:
            kind = b"100755" if mode & stat.S_IXUSR else b"100644"
            entries.append((os.fsencode(path.name), kind, _object(b"blob", path.read_bytes())))
    lines = (
        kind + b" " + name.rstrip(b"/") + b"\0" + digest for name, kind, digest in sorted(entries)
    )
    return _object(b"tree", b"".join(lines))


def _object(kind: bytes, content: bytes) -> bytes:
    # git names its objects by SHA-1; a forged archive would need a second preimage of it.
    return hashlib.sha1(kind + b" %d\0" % len(content) + content).digest()  # noqa: S324


def main() -> None:
    """Print the hash of the folder that is named."""
    sys.stdout.write(tree_hash(Path(sys.argv[1])).hex() + "\n")


if __name__ == "__main__":
    main()
