"""Which Raspberry Pi this is, and whether pigpio can drive its pins.

Reads the device tree under a path prefix, so that tests can provide their own.
"""

from contextlib import suppress
from pathlib import Path

from drivers.errors import UnsupportedMachine

ROOT = Path("/")
SUPPORTED = (
    "Raspberry Pi 3 Model B Plus",
    "Raspberry Pi 4 Model B",
    "Raspberry Pi Compute Module 4",
    "Raspberry Pi Zero 2 W",
)
RP1_MODELS = ("Raspberry Pi 5", "Raspberry Pi Compute Module 5")
# In a Raspberry Pi revision code, bits 12 to 15 are the processor; 4 is BCM2712.
PROCESSOR_BCM2712 = 4


def check_machine(prefix: Path = ROOT) -> str:
    """Return the model of a supported Pi; raises `UnsupportedMachine` on any other machine."""
    model = _read(prefix / "proc/device-tree/model").decode(errors="replace")
    revision = _read(prefix / "proc/device-tree/system/linux,revision", strip=False)
    return judge_model(model, revision)


def judge_model(model: str, revision: bytes) -> str:
    """Return the model if pigpio can drive its pins; raises `UnsupportedMachine`.

    Both as the device tree has them; `revision` is b"" where it is not known.
    """
    if not model.startswith("Raspberry Pi"):
        named = f" (it calls itself {model})" if model else ""
        raise UnsupportedMachine(
            f"this machine is not a Raspberry Pi{named}; "
            "without one use the virtual board: stimkiosk demo"
        )
    if model.startswith(RP1_MODELS) or _processor(revision) == PROCESSOR_BCM2712:
        raise UnsupportedMachine(
            f"{model}: pigpio does not run on the Pi 5 family, whose pins sit behind another chip; "
            f"use one of {_listed()}"
        )
    if model.partition(" Rev ")[0] not in SUPPORTED:
        raise UnsupportedMachine(f"{model} is not supported; use one of {_listed()}")
    return model


def _listed() -> str:
    return ", ".join(name.removeprefix("Raspberry Pi ") for name in SUPPORTED)


def _processor(revision: bytes) -> int | None:
    return int.from_bytes(revision, "big") >> 12 & 0xF if revision else None


def _read(path: Path, *, strip: bool = True) -> bytes:
    with suppress(OSError):
        raw = path.read_bytes()
        return raw.rstrip(b"\0\n") if strip else raw
    return b""
