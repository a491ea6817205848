"""Real-time priority for the processes that must answer in time."""

import os
from contextlib import suppress

PRIORITY = 10
"""From 1 to 99: above every ordinary process, below the kernel's interrupt threads at 50."""


def ask_for_real_time() -> None:
    """Take real-time priority if the system allows it; otherwise keep normal priority.

    pigpiod does the same for its own threads. A late answer is detected by the engine's interlocks
    in both cases; the priority only makes one less likely on a busy machine.
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
