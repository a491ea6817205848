"""Samples in forked children, so that one treatment can be broken hundreds of times.

The parent goes on with the treatment, tick by tick. At a tick it forks; the child lets the board
run into the tick, breaks something, and reads what followed from its own recording. So a sample
costs what happens after the fault, and every one comes from the same healthy treatment.
"""

import os
import pickle
import traceback
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class ChildFailed(AssertionError):
    """What went wrong in a child, with its traceback."""


def in_child(job: Callable[[], T]) -> T:
    """Do a job in a child of this process and return what it returned.

    Raises `ChildFailed` where it raised. Nothing the child does is seen here.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            answer: object = (True, job())
        except BaseException:  # noqa: BLE001 - the child must never come back into its parent's work
            answer = (False, traceback.format_exc())
        with os.fdopen(writer, "wb") as out:
            out.write(pickle.dumps(answer))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as source:
        data = source.read()
    os.waitpid(child, 0)
    done, found = pickle.loads(data)  # noqa: S301 - from our own child
    if not done:
        raise ChildFailed(found)
    return found  # type: ignore[no-any-return]
