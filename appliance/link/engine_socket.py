"""The path of an engine's socket, and listening there without displacing another engine."""

import errno
import hashlib
import os
import socket
import stat
import tempfile
from pathlib import Path

from appliance.errors import EngineBusy, LinkError

ENVIRONMENT = "STIMKIOSK_SOCKET"
"""Names the socket where clients may not enter the data folder; the units of a device set it."""
MAX_PATH_BYTES = 107
"""sockaddr_un holds 108 with the closing zero (unix(7))."""
_BACKLOG = 128
"""A connect() with a timeout fails at once while this many wait."""


def link_path(data_folder: Path) -> Path:
    """Return the socket's path for a data folder: `run/engine.sock` in it.

    A data folder too deep for a socket's path gets one in the user's runtime folder, named by a
    digest, so that engine and clients still find each other by the data folder. $STIMKIOSK_SOCKET,
    an absolute path, comes before both.
    """
    named = Path(os.environ.get(ENVIRONMENT, ""))
    if named.is_absolute():
        return named
    folder = data_folder.expanduser().absolute()
    path = folder / "run" / "engine.sock"
    if len(os.fsencode(path)) <= MAX_PATH_BYTES:
        return path
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    parent = Path(runtime) if runtime else Path(tempfile.gettempdir())
    return parent / f"stimkiosk-{os.getuid()}" / f"{digest}.sock"


def listen(path: Path, mode: int) -> socket.socket:
    """Return a non-blocking socket listening at `path`.

    A file left behind by a dead engine is removed. One that somebody answers on is `EngineBusy`;
    anything that is no socket is left alone and is a `LinkError`.
    """
    if len(os.fsencode(path)) > MAX_PATH_BYTES:
        raise LinkError(f"{path} is too long for a socket: at most {MAX_PATH_BYTES} bytes")
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_owner(path.parent)
        _clear(path)
        server.bind(str(path))
        # Nobody can connect before listen(), so the mode is never too wide for a client.
        path.chmod(mode)
        server.listen(_BACKLOG)
        server.setblocking(False)
    except (EngineBusy, LinkError):
        server.close()
        raise
    except OSError as error:
        server.close()
        if error.errno == errno.EADDRINUSE:
            raise EngineBusy(f"another engine has just taken {path}") from error
        raise LinkError(f"cannot listen on {path}: {error.strerror}") from error
    return server


def _check_owner(folder: Path) -> None:
    """Raise `PermissionError` if another user could replace the socket."""
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, f"{folder} is a link, or another user's")


def _clear(path: Path) -> None:
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(kind):
        raise LinkError(f"{path} is in the way: it is no socket; move it away")
    if _is_answered(path):
        raise EngineBusy(f"another engine listens on {path}; stop it or use another data folder")
    path.unlink(missing_ok=True)


def _is_answered(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except (BlockingIOError, TimeoutError):
            # A full backlog means that an engine listens, however busy it is.
            return True
    return True
