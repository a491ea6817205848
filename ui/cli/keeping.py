"""Keep an older recording until there is something to put in its place.

A board opens its file as it starts, long before anybody knows whether the treatment will be
refused. What lay there before comes back if no session was opened.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.messages import Snapshot

Show = Callable[[Snapshot], None]
SUFFIX = ".before"


@contextmanager
def keeping(trace: Path | None) -> Iterator[Callable[[Show], Show]]:
    """Put an older file aside; give a wrapper of `show` that notices that a session was opened."""
    if trace is None or not trace.is_file():  # a pipe is written into as it is
        yield lambda show: show
        return
    aside = trace.with_name(trace.name + SUFFIX)
    trace.rename(aside)
    opened: list[str] = []

    def noticing(show: Show) -> Show:
        def shown(snapshot: Snapshot) -> None:
            if snapshot.session is not None and not opened:
                opened.append(snapshot.session)
            show(snapshot)

        return shown

    try:
        yield noticing
    finally:
        if opened:
            aside.unlink()
        else:
            aside.replace(trace)
