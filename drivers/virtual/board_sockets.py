"""Find a running board and connect to it: files in the user's runtime folder, named by port."""

import errno
import os
import socket
from pathlib import Path
from typing import NamedTuple

from drivers.errors import NotConnected
from drivers.host.connection_table import listener_of

DEFAULT_PORT = 8_888
"""pigpiod's own default."""


class BoardPaths(NamedTuple):
    """The control and kernel sockets, the file that a rig locks, and the shown board time."""

    control: Path
    kernel: Path
    claim: Path
    clock: Path


def runtime_dir() -> Path:
    """Return the folder of the sockets, whether or not it exists."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime) / "stimkiosk"
    return Path("/tmp") / f"stimkiosk-{os.getuid()}"  # noqa: S108 - made 0700 and checked for it


def make_runtime_dir() -> Path:
    """Create the folder, private to its owner; raises `PermissionError` if another user owns it."""
    folder = runtime_dir()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = folder.lstat()
    if state.st_uid != os.getuid() or folder.is_symlink():
        raise PermissionError(f"{folder} belongs to another user; set XDG_RUNTIME_DIR")
    folder.chmod(0o700)
    return folder


def board_paths(port: int) -> BoardPaths:
    """Return the paths that a board on `port` uses."""
    folder = runtime_dir()
    return BoardPaths(*(folder / f"board-{port}.{end}" for end in BoardPaths._fields))


def find_board(port: int) -> BoardPaths | None:
    """Return the paths of the virtual board on `port`, None if none was started.

    A killed board leaves its sockets behind, so only connecting shows whether it runs.
    """
    paths = board_paths(port)
    return paths if paths.control.is_socket() and paths.kernel.is_socket() else None


def own_board(port: int, otherwise: str) -> BoardPaths:
    """Return the paths of this user's virtual board on `port`.

    Raises `NotConnected`. `otherwise` is the advice in its text if nothing listens there; if the
    port belongs to another user, the cause is a `PermissionError`.
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


def connect_to_board(path: Path, timeout_s: float) -> socket.socket:
    """Return a connection to one of a board's Unix sockets; raises `NotConnected`."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout_s)
    try:
        connection.connect(str(path))
    except OSError as error:
        connection.close()
        raise NotConnected(
            f"no virtual board answers at {path} ({error.strerror or error}); "
            "start one with: stimkiosk board"
        ) from error
    return connection
