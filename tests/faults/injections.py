"""Puts a fault of a case in and takes it out: the board's own, and what no board fault names."""

from collections.abc import Callable

from tests.faults.scene import Scene

GONE_MS = 2_500
"""A screen is missed after 2 s; a person comes back a little later."""


def put_in(scene: Scene, fault: str) -> None:
    """Let it happen now; a freeze or a gone client takes its time."""
    name, _, value = fault.partition("=")
    special = _SPECIAL.get(name)
    if special is None:
        scene.board.fault_set(fault)
        return
    special(scene, float(value or 0))


def take_out(scene: Scene, fault: str) -> None:
    """Take it out again; what is over by itself, or for good, stays as it is."""
    name = fault.partition("=")[0]
    if name == "client-frozen":
        scene.clinic.watching = True
    elif name == "client-gone":
        scene.clinic.link._is_open = True
        scene.clinic.watching = True
    elif name not in _SPECIAL:
        scene.board.fault_clear(name)


def restarts(fault: str) -> bool | None:
    """Say whether another engine has to be started: None no, else whether on another board."""
    return {"engine-killed": False, "power-cut": True}.get(fault)


def _kill_engine(scene: Scene, _: float) -> None:
    scene.kill_engine()


def _cut_power(scene: Scene, _: float) -> None:
    scene.power_cut()


def _freeze_engine(scene: Scene, milliseconds: float) -> None:
    """Stop the engine's process for a while; the board goes on."""
    scene.board.advance_to_us(scene.now_us + round(milliseconds * 1_000))


def _freeze_client(scene: Scene, _: float) -> None:
    scene.clinic.watching = False


def _lose_client(scene: Scene, _: float) -> None:
    scene.clinic.watching = False
    scene.clinic.link.close()


_SPECIAL: dict[str, Callable[[Scene, float], None]] = {
    "engine-killed": _kill_engine,
    "power-cut": _cut_power,
    "engine-frozen": _freeze_engine,
    "client-frozen": _freeze_client,
    "client-gone": _lose_client,
}
