"""What the probes look at: the machine, how the unit was installed, its engine, its records."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from drivers.host.machine import Machine, text_at

if TYPE_CHECKING:
    from appliance.messages.snapshot import Snapshot
    from appliance.records.wall_clock import WallClock
    from drivers.board_file import BoardFile

INSTALL_CONF = "/etc/stimkiosk/install.conf"
ENGINE_ENV = "/etc/stimkiosk/engine.env"
KIOSK_ENV = "/etc/stimkiosk/kiosk.env"
RECORDS = "/var/lib/stimkiosk"
SOCKET = "/run/stimkiosk/engine.sock"
INSTALL = "sudo deploy/install.sh"
"""Puts everything back that it once installed (docs/deploy.md)."""
NO_UNIT = "nothing is installed here as a unit"
NO_BOARD = "this machine has no output stage of its own"


class Installed(NamedTuple):
    """How the installer set this unit up, by its own settings."""

    display: str
    board: str
    virtual_board: bool


class EngineSeen(NamedTuple):
    """A running engine: its build and its newest snapshot."""

    build: str
    snapshot: "Snapshot"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at; `ask_engine` raises `LinkError` where none answers.

    `records` is the folder of the records. `wall` says whether the machine's time can be trusted.
    """

    machine: Machine
    records: Path
    ask_engine: Callable[[], EngineSeen]
    wall: "WallClock"

    @property
    def model(self) -> str:
        """Return what the machine calls itself, "" where it has no device tree."""
        return text_at(self.machine, "/proc/device-tree/model")

    @property
    def installed(self) -> Installed | None:
        """Return how the unit was installed, None where nothing is."""
        settings = settings_at(self.machine, INSTALL_CONF)
        if not settings:
            return None
        return Installed(
            settings.get("display", ""),
            settings.get("board", "reference"),
            settings.get("virtual_board") == "yes",
        )

    @property
    def has_board(self) -> bool:
        """Say whether a real output stage belongs here: on a unit of its own, or on a bare Pi."""
        installed = self.installed
        if installed is not None:
            return not installed.virtual_board
        return self.model.startswith("Raspberry Pi")

    def board(self) -> "BoardFile":
        """Return the board file that the engine is started with; raises `BoardFileError`."""
        from drivers.board_file import load_board_file, parse_board_file

        named = settings_at(self.machine, ENGINE_ENV).get("STIMKIOSK_BOARD", "reference")
        raw = self.machine.read(named) if named.endswith(".toml") else None
        return load_board_file(named) if raw is None else parse_board_file(raw, named)


def settings_at(machine: Machine, path: str) -> dict[str, str]:
    """Return the lines NAME=VALUE of a settings file; {} where there is none."""
    pairs = (line.partition("=") for line in text_at(machine, path).splitlines())
    return {name.strip(): value.strip() for name, mark, value in pairs if mark}
