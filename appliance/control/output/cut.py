"""The cut: output off now, in the order of the design, whatever else fails.

    clear gates, stop waves, clear gates, LDAC low   (the daemon; `PulseOutput.cut`)
    DAC codes 0                                      (LDAC is low, so they act at once)
    SUPPLY_EN low                                    (bridges disabled by hardware too)

A lost daemon may still have waves playing that would rewrite the gates, so there SUPPLY_EN goes
low first, through the kernel, and the gates are cleared through the kernel after it; the daemon is
still asked, for it may only have been slow. Stopping the heartbeat is the loop's: it beats only in
states that are not tripped.
"""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.interfaces import Rig
from drivers.quantities import DacCode, Microseconds


@dataclass(frozen=True, slots=True)
class CutReport:
    """What a cut did: when it began, how long it took, and each step that failed.

    `supply_off` says that SUPPLY_EN was written low: then no current flows, whatever else failed.
    `codes_zero` says that the DAC took zero codes: otherwise what it holds is unknown.
    `gates_off_us` is when the daemon had answered every step of its part, `supply_off_us` when
    SUPPLY_EN had first been written low; None where that failed.
    """

    began_us: Microseconds
    took_us: Microseconds
    failures: tuple[str, ...]
    supply_off: bool
    gates_off_us: Microseconds | None = None
    supply_off_us: Microseconds | None = None
    codes_zero: bool = True


def cut(rig: Rig, *, daemon_lost: bool = False) -> CutReport:
    """Take the output off. Every step is tried; nothing is raised. Running it twice is harmless."""
    began_us = rig.clock.now_us()
    failures: list[str] = []
    gates_off_us = supply_off_us = None
    if not daemon_lost and _tried(rig.pulses.cut, "waves", failures):
        gates_off_us = rig.clock.now_us()
    else:
        if _supply_off(rig, failures):
            supply_off_us = rig.clock.now_us()
        _tried(rig.lines.clear_gates, "kernel gates", failures)
    if daemon_lost:
        _tried(rig.pulses.cut, "waves", [])  # known to be lost: that it fails is no news
    zero = (DacCode(0),) * rig.board.channels
    codes_zero = _tried(lambda: rig.currents.write_codes(zero), "codes", failures)
    supply_off = _supply_off(rig, failures)
    took_us = Microseconds(rig.clock.now_us() - began_us)
    if supply_off and supply_off_us is None:
        supply_off_us = rig.clock.now_us()
    failed = tuple(dict.fromkeys(failures))
    return CutReport(began_us, took_us, failed, supply_off, gates_off_us, supply_off_us, codes_zero)


def _supply_off(rig: Rig, failures: list[str]) -> bool:
    return _tried(lambda: rig.lines.set_supply(on=False), "supply", failures)


def _tried(step: Callable[[], None], name: str, failures: list[str]) -> bool:
    try:
        step()
    except Exception as error:  # noqa: BLE001 - whatever fails, the steps after it are tried
        failures.append(f"{name}: {error}")
        return False
    return True
