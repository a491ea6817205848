"""Runs samples in forked children, so that one treatment can be broken hundreds of times.

The parent continues the treatment tick by tick. At a tick it forks; the child lets the board run
into the tick, injects a fault, and reads the result from its own recording. A sample therefore
costs only the time after the fault, and all samples start from the same healthy treatment.
"""

import os
import pickle
import traceback
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class ChildFailed(AssertionError):
    """An exception in a child, with its traceback as text."""


def in_child(job: Callable[[], T]) -> T:
    """Run a job in a child of this process and return its result.

    Raises `ChildFailed` if the job raised. The child's changes are not visible here.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            answer: object = (True, job())
        except BaseException:  # noqa: BLE001 - the child must not return into its parent
            answer = (False, traceback.format_exc())
        with os.fdopen(writer, "wb") as out:
            out.write(pickle.dumps(answer))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as source:
        data = source.read()
    os.waitpid(child, 0)
    done, result = pickle.loads(data)  # noqa: S301 - from our own child
    if not done:
        raise ChildFailed(result)
    return result  # type: ignore[no-any-return]
