"""Scheduling of the processes that must answer in time."""

import os
from contextlib import suppress

PRIORITY = 10
"""Of 1 to 99; above every ordinary process, below the kernel's own interrupt threads at 50."""


def ask_for_real_time() -> None:
    """Run before all ordinary processes, where the system allows it; else go on as one of them.

    pigpiod does the same for its own threads. The lapse of an answer is judged by the engine's
    rules either way: this only makes one less likely on a busy machine.
    """
    with suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(PRIORITY))


def may_have_real_time() -> bool:
    """Tell whether `ask_for_real_time` would succeed; the priority stays unchanged."""
    before = os.sched_getscheduler(0), os.sched_getparam(0)
    ask_for_real_time()
    if os.sched_getscheduler(0) != os.SCHED_RR:
        return False
    os.sched_setscheduler(0, *before)
    return True
