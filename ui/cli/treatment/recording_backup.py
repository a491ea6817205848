"""Keep an older recording until there is something to put in its place.

A board opens its file as it starts, long before anybody knows whether the treatment will be
refused. If no session was opened nothing of it stays, and what lay there before comes back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.messages.snapshot import Snapshot
from ui.cli.terminal.output_files import replacing

Show = Callable[[Snapshot], None]


@contextmanager
def recording_backup(trace: Path | None) -> Iterator[Callable[[Show], Show]]:
    """Put an older file aside; give a wrapper of `show` that notices that a session was opened."""
    with replacing(trace) as worth_keeping:

        def keep_when_open(show: Show) -> Show:
            def show_and_keep(snapshot: Snapshot) -> None:
                if snapshot.session is not None:
                    worth_keeping()
                show(snapshot)

            return show_and_keep

        yield keep_when_open
