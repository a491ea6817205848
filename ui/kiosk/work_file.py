"""The state file of the kiosk: unfinished work of whoever is signed in, for half an hour.

It is written at each step before the step is shown, with a temporary file and a rename: a killed
screen loses nothing that was shown, and a power cut leaves the file of before or after. It holds no
PIN and no token. A file that cannot be read, or is of another version, is as none.
"""

import json
import math
import os
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import msgspec

from appliance.messages.actions import RecordFact
from ui.kiosk.journey.kept import UNFINISHED
from ui.kiosk.journey.lock import Lock
from ui.kiosk.journey.place import Act, KeptWork, Place
from ui.kiosk.journey.set_up import SetUp
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Treatment
from ui.kiosk.places import SCREENS

VERSION = 1
KEPT_S = 1_800.0
"""For so long unfinished work is offered again (D): longer than any wait at a bedside."""
FUNCTION = "first_step"
"""The field that is the table of steps: it is code and not kept."""
_KINDS: Mapping[str, type] = {
    kind.__name__: kind for kind in (*SCREENS, Treatment) if kind not in (Lock, SetUp)
}
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class WorkFile:
    """Keeps one piece of work in a file; used by the screen's thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written: tuple[str, Place, tuple[Act, ...]] | None = None
        self._until_s = -math.inf

    def keep(self, operator: str, place: Place, acts: tuple[Act, ...] = ()) -> None:
        """Write what was entered and is on its way, or forget all where nothing was entered."""
        if self._written == (operator, place, acts):
            return
        self._written = (operator, place, acts)
        if not isinstance(place, UNFINISHED):
            self.forget()
            return
        sent = [[act.id, msgspec.to_builtins(act.action)] for act in acts]
        work = {"version": VERSION, "operator": operator, **_stamp(), "place": _plain(place)}
        work["acts"] = sent
        with suppress(OSError):  # a full disk must not stop a treatment
            self._write(json.dumps(work))

    def load(self) -> KeptWork | None:
        """Return what is kept, None for nothing that is readable and recent."""
        self._written, self._until_s = None, -math.inf
        try:
            work = json.loads(self._path.read_text(encoding="utf-8"))
            left_s = KEPT_S - _age_s(work)
            if work["version"] != VERSION or left_s < 0:
                self.forget()
                return None
            self._until_s = time.monotonic() + left_s
            place = _value(work["place"])
            if isinstance(place, Place):
                return KeptWork(str(work["operator"]), place, _acts(work.get("acts", [])))
        except (OSError, ValueError, KeyError, TypeError, msgspec.MsgspecError):
            pass
        return None

    def is_over(self) -> bool:
        """Return whether the work that was loaded has become too old; nothing always is."""
        return time.monotonic() > self._until_s

    def forget(self) -> None:
        """Remove the file."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _write(self, text: str) -> None:
        new = self._path.with_suffix(".new")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            copy = os.dup(file.fileno())
        new.replace(self._path)
        # The disk may take long: the screen does not wait for it.
        threading.Thread(target=_to_disk, args=(copy,), daemon=True).start()


def _to_disk(descriptor: int) -> None:
    with suppress(OSError):
        os.fsync(descriptor)
    os.close(descriptor)


def _stamp() -> dict[str, Any]:
    boot = ""
    with suppress(OSError):
        boot = _BOOT.read_text(encoding="ascii").strip()
    return {"boot": boot, "monotonic_s": time.monotonic(), "wall_s": time.time()}


def _age_s(work: Mapping[str, Any]) -> float:
    """Return how old the work is; after a start of the machine only the wall clock can tell.

    A clock that stands before the work says nothing: then it is too old.
    """
    now = _stamp()
    name = "monotonic_s" if work["boot"] and work["boot"] == now["boot"] else "wall_s"
    age_s = float(now[name]) - float(work[name])
    return age_s if age_s >= 0 else KEPT_S * 2


def _acts(sent: list[list[Any]]) -> tuple[Act, ...]:
    """Return what was on its way; raises `ValueError` for what is no fact."""
    return tuple(Act(name, 0, 0, msgspec.convert(action, RecordFact)) for name, action in sent)


def _plain(value: object) -> Any:
    """Return a value as JSON; what has no plain form (a refusal) becomes None."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {"map": [[_plain(key), _plain(each)] for key, each in value.items()]}
    if isinstance(value, tuple | list):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_plain(each) for each in value]}
    if isinstance(value, frozenset):
        return {"set": sorted(_plain(each) for each in value)}
    if is_dataclass(value) and type(value).__name__ in _KINDS:
        names = [field.name for field in fields(value) if field.name != FUNCTION]
        kept = {name: _plain(getattr(value, name)) for name in names}
        return {"kind": type(value).__name__, "fields": kept}
    return None


def _value(plain: Any) -> Any:
    """Return the value that `_plain` wrote; raises `KeyError` or `TypeError`."""
    if not isinstance(plain, dict):
        return plain
    if "map" in plain:
        return {_value(key): _value(each) for key, each in plain["map"]}
    if "tuple" in plain:
        return tuple(map(_value, plain["tuple"]))
    if "list" in plain:
        return list(map(_value, plain["list"]))
    if "set" in plain:
        return frozenset(plain["set"])
    kind = _KINDS[plain["kind"]]
    values = {name: _value(each) for name, each in plain["fields"].items()}
    if kind is Treatment:
        values[FUNCTION] = step_for
    return kind(**values)
