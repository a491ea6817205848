"""Keep an older recording until the new one has content.

A board opens its file when it starts, before it is known whether the treatment will be refused. If
no session was opened, the new file is deleted and the older one is restored.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.messages.snapshot import Snapshot
from ui.cli.terminal.output_files import replacing

Show = Callable[[Snapshot], None]


@contextmanager
def recording_backup(trace: Path | None) -> Iterator[Callable[[Show], Show]]:
    """Set an older file aside; yield a wrapper of `show` that notices an opened session."""
    with replacing(trace) as keep_new_file:

        def keep_when_open(show: Show) -> Show:
            def show_and_keep(snapshot: Snapshot) -> None:
                if snapshot.session is not None:
                    keep_new_file()
                show(snapshot)

            return show_and_keep

        yield keep_when_open
