"""Injects and clears the faults of a case: those of the board, and those it does not have."""

from collections.abc import Callable
from typing import Any

from tests.campaigns.faults.scene import Scene

HOUR_US = 3_600_000_000
GONE_MS = 2_500
"""A missing screen is detected after 2 s; a person comes back a little later."""


def inject(scene: Scene, fault: str) -> None:
    """Inject the fault now; a freeze or a lost client takes some time to act."""
    name, _, value = fault.partition("=")
    special = _SPECIAL.get(name)
    if special is None:
        scene.board.fault_set(fault)
        return
    special(scene, float(value or 0))


def clear(scene: Scene, fault: str) -> None:
    """Clear the fault; one that is already over, or permanent, is left as it is."""
    name = fault.partition("=")[0]
    if name == "client-frozen":
        scene.clinic.watching = True
    elif name == "client-gone":
        _engine_end(scene)._is_open = True
        scene.clinic.watching = True
    elif name == "records-read-only":
        _refuse_writes(scene, on=False)
    elif name not in _SPECIAL:
        scene.board.fault_clear(name)


def restarts(fault: str) -> bool | None:
    """Return None if no new engine is needed, else whether it needs a new board."""
    return {"engine-killed": False, "power-cut": True}.get(fault)


def _kill_engine(scene: Scene, _: float) -> None:
    scene.kill_engine()


def _cut_power(scene: Scene, _: float) -> None:
    scene.power_cut()


def _freeze_engine(scene: Scene, milliseconds: float) -> None:
    """Suspend the engine's process for a while; the board continues."""
    scene.board.advance_to_us(scene.now_us + round(milliseconds * 1_000))


def _freeze_client(scene: Scene, _: float) -> None:
    scene.clinic.watching = False


def _lose_client(scene: Scene, _: float) -> None:
    scene.clinic.watching = False
    _engine_end(scene).close()


def _engine_end(scene: Scene) -> Any:
    """Return the engine's end of the link; tests still read the state through the client's end."""
    return scene.clinic.engine.link


def _lose_disk(scene: Scene, _: float) -> None:
    """Make every write to the disk fail, like a file system that was remounted read-only."""
    _refuse_writes(scene, on=True)


def _refuse_writes(scene: Scene, *, on: bool) -> None:
    journal: Any = scene.clinic.engine.loop._journal._records
    journal._writer._store.connection.execute(f"PRAGMA query_only = {int(on)}")


def _set_wall_clock(scene: Scene, _: float) -> None:
    """Set date and time one hour ahead."""
    wall: Any = scene.clinic.engine.loop._utc_us
    wall.__self__._offset_us += HOUR_US


_SPECIAL: dict[str, Callable[[Scene, float], None]] = {
    "engine-killed": _kill_engine,
    "power-cut": _cut_power,
    "engine-frozen": _freeze_engine,
    "client-frozen": _freeze_client,
    "client-gone": _lose_client,
    "records-read-only": _lose_disk,
    "wall-clock-set": _set_wall_clock,
}
