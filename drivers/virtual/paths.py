"""Where a running board is found: two sockets in the user's runtime folder, named by its port."""

import errno
import os
from pathlib import Path
from typing import NamedTuple

from drivers.errors import NotConnected
from drivers.host.connection_table import listener_of

DEFAULT_PORT = 8_888
"""pigpiod's own."""


class BoardPaths(NamedTuple):
    """The board's own sockets beside the daemon's port, the file a rig locks, and board time."""

    control: Path
    kernel: Path
    claim: Path
    clock: Path


def runtime_dir() -> Path:
    """Return the folder of the sockets, whether it exists or not."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime) / "stimkiosk"
    return Path("/tmp") / f"stimkiosk-{os.getuid()}"  # noqa: S108 - made 0700 and checked for it


def make_runtime_dir() -> Path:
    """Make the folder for its owner alone; raises `PermissionError` if it is somebody else's."""
    folder = runtime_dir()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = folder.lstat()
    if state.st_uid != os.getuid() or folder.is_symlink():
        raise PermissionError(f"{folder} belongs to another user; set XDG_RUNTIME_DIR")
    folder.chmod(0o700)
    return folder


def board_paths(port: int) -> BoardPaths:
    """Return where the sockets of the board on `port` would be."""
    folder = runtime_dir()
    return BoardPaths(*(folder / f"board-{port}.{end}" for end in BoardPaths._fields))


def find_board(port: int) -> BoardPaths | None:
    """Return the sockets of the virtual board on `port`, None where none was started.

    A board that was killed leaves its sockets behind: connecting tells.
    """
    paths = board_paths(port)
    return paths if paths.control.is_socket() and paths.kernel.is_socket() else None


def own_board(port: int, otherwise: str) -> BoardPaths:
    """Return the sockets of this user's virtual board on `port`.

    Raises `NotConnected`, which says `otherwise` what to do where nothing listens, and from a
    `PermissionError` where the port is another user's.
    """
    paths = find_board(port)
    if paths is not None:
        return paths
    listener = listener_of(port)
    if listener is None:
        raise NotConnected(f"no virtual board on port {port}; {otherwise}")
    if listener == os.getuid():
        held = f"port {port} is held by another program, which is no virtual board of ours"
        raise NotConnected(f"{held}; end it, or take another port")
    why = f"port {port} is used by another user ({listener}), whose board is not yours to use"
    raise NotConnected(f"{why}; {otherwise}") from PermissionError(errno.EPERM, why)
