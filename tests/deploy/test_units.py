"""The units: accepted by systemd, hardly any exposure, off when anything ends, nothing resumed."""

import re
import shutil
import subprocess

import pytest

from drivers.board_file import load_board_file
from tests.deploy.conftest import DEPLOY, PROGRAMS, System

SERVICES = DEPLOY / "services"
PIGPIOD, ENGINE, KIOSK = (f"stimkiosk-{name}.service" for name in ("pigpiod", "engine", "kiosk"))
EXPOSURE = {ENGINE: 1.5, KIOSK: 2.5, PIGPIOD: 2.5}
UNITS = [*EXPOSURE, "stimkiosk-clock.service", "stimkiosk-firewall.service"]
UNITS += ["stimkiosk-maintenance.socket", "stimkiosk-maintenance-close.timer"]


def settings(unit: str) -> dict[str, list[str]]:
    """Return every setting of a unit with its values, in their order."""
    found: dict[str, list[str]] = {}
    for line in (SERVICES / unit).read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def complete(installed: System) -> System:
    """An installed system with stand-ins for the programs that its units start."""
    for path in PROGRAMS:
        installed.program(path)
    shutil.copytree(
        "/usr/lib/systemd/system", installed.root / "usr/lib/systemd/system", symlinks=True
    )
    return installed


def verified(system: System, *units: str) -> str:
    told = subprocess.run(
        ["systemd-analyze", "verify", f"--root={system.root}", "--recursive-errors=no", *units],
        check=False,
        capture_output=True,
        text=True,
    )
    return told.stdout + told.stderr


def test_systemd_has_nothing_to_say_about_any_unit(complete: System) -> None:
    assert verified(complete, *UNITS) == ""
    path = f"etc/systemd/system/{ENGINE}"
    complete.write(path, complete.read(path).replace("NoNewPrivileges", "NoNewPrivilege"))
    assert "NoNewPrivilege" in verified(complete, *UNITS)


@pytest.mark.parametrize("unit", EXPOSURE)
def test_a_service_is_exposed_no_more_than_promised(unit: str) -> None:
    judged = subprocess.run(
        [
            *("systemd-analyze", "security", "--offline=yes", "--no-pager"),
            f"--threshold={round(EXPOSURE[unit] * 10)}",
            SERVICES / unit,
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert judged.returncode == 0, judged.stdout.splitlines()[-1]


def test_pigpiod_may_write_the_pins_of_the_board_file_only() -> None:
    pins = load_board_file("reference").pins
    mask = sum(1 << pin for pin in (*pins.gate_list(), pins.ldac_n))
    (command,) = settings(PIGPIOD)["ExecStart"]
    assert command.split()[command.split().index("-x") + 1] == f"0x{mask:X}"


def test_pigpiod_listens_on_loopback_in_a_network_it_shares_with_the_engine_only() -> None:
    (command,) = settings(PIGPIOD)["ExecStart"]
    for words in ("-l", "-n 127.0.0.1", "-f", "-g", "-t 0", "-s 5"):
        assert f" {words} " in f"{command} "
    assert settings(PIGPIOD)["PrivateNetwork"] == ["yes"]
    assert settings(ENGINE)["PrivateNetwork"] == ["yes"]
    assert settings(ENGINE)["JoinsNamespaceOf"] == [PIGPIOD]
    assert "JoinsNamespaceOf" not in settings(KIOSK)


def test_nothing_but_pigpiod_and_its_libraries_can_be_executed_where_it_runs() -> None:
    found = settings(PIGPIOD)
    assert found["NoExecPaths"] == ["/"]
    (allowed,) = found["ExecPaths"]
    for path in allowed.split():
        assert re.fullmatch(
            r"/opt/stimkiosk/pigpiod|-/usr/bin/pigpiod|-/usr/lib/(aarch64|x86_64)-linux-gnu", path
        )


@pytest.mark.parametrize("unit", [PIGPIOD, ENGINE])
def test_whatever_ends_a_service_of_the_output_the_output_is_made_safe(unit: str) -> None:
    (after,) = settings(unit)["ExecStopPost"]
    assert re.search(r"/stimkiosk safe-levels --rig \$\{STIMKIOSK_RIG\}", after)
    assert ("--gates" in after) == (unit == PIGPIOD)


def test_a_hung_engine_is_killed_and_begins_anew() -> None:
    found = settings(ENGINE)
    assert found["Type"] == ["notify"]
    assert found["NotifyAccess"] == ["main"]
    assert found["WatchdogSec"] == ["3"]
    assert found["WatchdogSignal"] == ["SIGKILL"]
    assert found["Restart"] == ["on-failure"]


def test_no_unit_tells_a_program_to_start_or_continue_output() -> None:
    for unit in EXPOSURE:
        text = (SERVICES / unit).read_text(encoding="utf-8")
        commands = re.findall(r"^Exec\w+=(.*)$", text, re.MULTILINE)
        said = " ".join(commands)
        assert not re.search(r"\b(treat|unlock|resume|start|acknowledge|demo)\b", said)


def test_the_kiosk_has_neither_pins_nor_records_nor_network() -> None:
    found = settings(KIOSK)
    assert found["RestrictAddressFamilies"] == ["AF_UNIX AF_NETLINK"]
    assert "-/var/lib/stimkiosk" in found["InaccessiblePaths"]
    assert found["DevicePolicy"] == ["closed"]
    assert not [device for device in found["DeviceAllow"] if "spi" in device or "gpio" in device]
    assert "input" not in found["SupplementaryGroups"][0].split()


def test_the_screen_never_draws_into_memory_while_the_panel_stays_black() -> None:
    """Hazard: SDL falls back to a display that nobody sees."""
    assert "SDL_VIDEODRIVER=wayland" in " ".join(settings(KIOSK)["Environment"])


def test_the_engine_runs_without_any_power_of_root() -> None:
    found = settings(ENGINE)
    assert found["User"] == ["stim"]
    assert found["CapabilityBoundingSet"] == [""]
    assert found["DeviceAllow"] == ["/dev/spidev0.0 rw", "/dev/spidev0.1 rw", "char-gpiochip rw"]
    assert settings(PIGPIOD)["CapabilityBoundingSet"] == ["CAP_SYS_RAWIO"]


def test_the_settings_of_a_real_unit_never_name_the_virtual_board(installed: System) -> None:
    assert installed.read("etc/stimkiosk/engine.env").splitlines() == [
        "STIMKIOSK_RIG=hardware",
        "STIMKIOSK_BOARD=reference",
    ]
    assert not (installed.root / f"etc/systemd/system/{ENGINE}.d").exists()


def test_the_exposure_is_judged_by_what_is_installed(installed: System) -> None:
    for unit in EXPOSURE:
        assert installed.read(f"etc/systemd/system/{unit}") == (SERVICES / unit).read_text(
            encoding="utf-8"
        )
