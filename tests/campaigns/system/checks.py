"""What has to hold on a unit that runs; each check is a sentence and may change the unit."""

import json
import re
import subprocess
from collections.abc import Callable

from tests.campaigns.system.container import Container
from tests.campaigns.system.root import install, put

ENGINE, PIGPIOD, KIOSK = (f"stimkiosk-{name}.service" for name in ("engine", "pigpiod", "kiosk"))
TIMER = "stimkiosk-maintenance-close.timer"
PROGRAM = "/usr/local/bin/stimkiosk"
CONNECT = "import socket; socket.create_connection(('127.0.0.1', 8888), 2)"
AS_ENGINE = (
    *("env", "STIMKIOSK_SOCKET=/run/stimkiosk/engine.sock", "STIMKIOSK_DATA=/var/lib/stimkiosk"),
    *("XDG_RUNTIME_DIR=/run/stimkiosk-board", "HOME=/var/lib/stimkiosk", PROGRAM),
)
MAY_CONNECT = """
import socket
link = socket.socket(socket.AF_UNIX)
link.connect("/run/stimkiosk/engine.sock")
"""
TELL = """
import socket, sys
link = socket.socket(socket.AF_UNIX)
link.connect("/run/stimkiosk-maintenance.sock")
link.sendall(sys.argv[1].encode() + b"\\n")
print(link.recv(200).decode())
"""
INTRUDER = r"""
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(void) {
    setvbuf(stdout, 0, _IONBF, 0);
    printf("system %d\n", system("/opt/pigpio/cgi/x; echo a shell runs"));
    execl("/usr/bin/env", "env", (char *)0);
    printf("execl %s\n", strerror(errno));
    return 0;
}
"""


def engine(unit: Container, *words: str) -> str:
    """Return what a command of the engine's user says, in the engine's network."""
    return unit.out(*AS_ENGINE, *words, user="stim", network_of=ENGINE)


def state(unit: Container) -> str:
    """Return the state of the engine, "" if it does not answer."""
    try:
        shown: str = json.loads(engine(unit, "status", "--json"))["state"]
    except (ValueError, KeyError):
        return ""
    return shown


def restarted(unit: Container, service: str, before: str) -> None:
    """Wait until a service runs again in another process."""
    unit.until(
        lambda: unit.show("MainPID", service) not in {before, "0"} and unit.is_active(service),
        f"{service} to run again",
    )


def services_are_up_and_the_engine_is_locked(unit: Container) -> None:
    for service in (PIGPIOD, ENGINE, KIOSK, "stimkiosk-firewall.service"):
        unit.until(lambda: unit.is_active(service), service)  # noqa: B023 - used at once
    assert state(unit) in {"Locked", "Tripped"}, state(unit)
    assert "output is off" in unit.journal(PIGPIOD)


def the_socket_is_open_to_engine_kiosk_and_maintenance_only(unit: Container) -> None:
    for user, may in (
        ("stim", True),
        ("stim-kiosk", True),
        ("stim-maint", True),
        ("nobody", False),
    ):
        code, said = unit.run("python3", "-c", MAY_CONNECT, user=user)
        assert (code == 0) == may, f"{user}: {said}"
    code, _ = unit.run("ls", "/var/lib/stimkiosk", user="stim-kiosk")
    assert code != 0, "the kiosk's user can read the records"


def the_port_of_the_daemon_is_reached_from_the_network_of_the_engine_only(unit: Container) -> None:
    assert unit.run("python3", "-c", CONNECT, network_of=ENGINE)[0] == 0
    code, said = unit.run("python3", "-c", CONNECT)
    assert code != 0, "the port answers outside"
    assert "refused" in said, said


def nothing_can_be_executed_where_pigpiod_runs(unit: Container) -> None:
    put(unit.root, "opt/stimkiosk/pigpiod/intruder.c", INTRUDER)
    build = ("gcc", "-o", "/opt/stimkiosk/pigpiod/intruder", "/opt/stimkiosk/pigpiod/intruder.c")
    assert unit.run(*build)[0] == 0
    text = (unit.root / f"etc/systemd/system/{PIGPIOD}").read_text(encoding="utf-8")
    text = re.sub(r"^Exec(StartPost|StopPost)=.*\n|^Restart=.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(
        r"^ExecStart=.*", "ExecStart=/opt/stimkiosk/pigpiod/intruder", text, flags=re.MULTILINE
    )
    put(unit.root, "etc/systemd/system/intruder.service", text.replace("Type=exec", "Type=oneshot"))
    unit.run("systemctl", "daemon-reload")
    unit.run("systemctl", "start", "intruder.service")
    said = unit.journal("intruder.service").splitlines()
    # 127 in the high byte: the shell could not be executed.
    assert "system 32512" in said, said
    assert "execl Permission denied" in said, said
    assert "a shell runs" not in said, said


def a_killed_engine_leaves_no_output_and_begins_locked(unit: Container) -> None:
    before = unit.show("MainPID", ENGINE)
    deliver(unit)
    unit.run("kill", "-KILL", before)
    restarted(unit, ENGINE, before)
    assert "output is off: gates, LDAC, DAC codes and SUPPLY_EN are low" in unit.journal(ENGINE)
    nothing_flows(unit)
    assert state(unit) == "Locked", state(unit)


def a_frozen_engine_is_killed_by_the_watchdog_and_begins_locked(unit: Container) -> None:
    before = unit.show("MainPID", ENGINE)
    unit.run("kill", "-STOP", before)
    restarted(unit, ENGINE, before)
    assert "Watchdog timeout" in unit.journal(ENGINE)
    nothing_flows(unit)
    assert state(unit) == "Locked", state(unit)


def a_killed_kiosk_comes_back(unit: Container) -> None:
    before = unit.show("MainPID", KIOSK)
    unit.run("kill", "-KILL", before)
    restarted(unit, KIOSK, before)


def deliver(unit: Container) -> None:
    """Have a treatment of test loads begin; it goes on without this function."""
    for channel in (1, 2):
        engine(unit, "fault", "set", f"resistor:{channel}=1000")
    words = " ".join((*AS_ENGINE, "treat", "low-rate-tens", "--level", "4", "--seconds", "300"))
    network = unit.show("MainPID", ENGINE)
    unit.run(
        *("systemd-run", "--quiet", "--collect", "sh", "-c"),
        f"nsenter -t {network} -n -- runuser -u stim -- {words}",
    )
    unit.until(lambda: state(unit) in {"RampUp", "Delivering"}, "a treatment")


def nothing_flows(unit: Container) -> None:
    """Look several times at the true current of each channel."""
    for _ in range(5):
        shown = engine(unit, "fault", "status")
        flowing = re.findall(r"([\d.-]+) mA flowing", shown)
        assert flowing == ["0.000", "0.000"], shown


def maintenance_is_opened_by_the_timer_that_closes_it(unit: Container) -> None:
    assert not unit.is_active("ssh.service")
    told = unit.out("python3", "-c", TELL, "open 2", user="stim")
    assert told.startswith("open until "), told
    unit.until(lambda: unit.is_active("ssh.service"), "ssh")
    assert "elements = { 22 }" in unit.out("nft", "list", "set", "inet", "stimkiosk", "open_tcp")
    assert unit.out("python3", "-c", TELL, "reboot", user="stim").startswith("refused: ")
    assert unit.run("python3", "-c", TELL, "open 2", user="stim-kiosk")[0] != 0
    assert unit.out("python3", "-c", TELL, "close", user="stim") == "closed"
    assert not unit.is_active("ssh.service")
    assert "elements" not in unit.out("nft", "list", "set", "inet", "stimkiosk", "open_tcp")


def an_end_that_passes_while_the_unit_is_off_closes_maintenance(unit: Container) -> None:
    assert unit.out("python3", "-c", TELL, "open 24", user="stim").startswith("open until ")
    ends = unit.root / f"etc/systemd/system/{TIMER}.d/until.conf"
    unit.stop()
    text = re.sub(r"OnCalendar=.*", "OnCalendar=2026-01-01 00:00:00 UTC", ends.read_text())
    stamp = unit.root / f"var/lib/systemd/timers/stamp-{TIMER}"
    ends.write_text(text, encoding="utf-8")
    subprocess.run(["touch", "-d", "2025-12-31", stamp], check=True)
    unit.boot()
    unit.until(lambda: not ends.exists(), "maintenance to close")
    unit.until(lambda: not unit.is_active("ssh.service"), "ssh to end")


def an_end_that_has_not_passed_keeps_maintenance_open_over_a_restart(unit: Container) -> None:
    assert unit.out("python3", "-c", TELL, "open 3", user="stim").startswith("open until ")
    unit.stop()
    unit.boot()
    unit.until(lambda: unit.is_active("ssh.service"), "ssh")
    assert unit.is_active(TIMER)
    assert "elements = { 22 }" in unit.out("nft", "list", "set", "inet", "stimkiosk", "open_tcp")
    assert unit.out("python3", "-c", TELL, "close", user="stim") == "closed"


def a_stop_of_the_unit_leaves_the_output_off(unit: Container) -> None:
    deliver(unit)
    unit.run("systemctl", "stop", ENGINE)
    assert "output is off: gates" in unit.journal(ENGINE)
    board = ("env", "XDG_RUNTIME_DIR=/run/stimkiosk-board", PROGRAM, "fault", "status")
    shown = unit.out(*board, user="stim", network_of=PIGPIOD)
    assert re.findall(r"([\d.-]+) mA flowing", shown) == ["0.000", "0.000"], shown
    assert unit.show("Result", ENGINE) == "success"
    unit.run("systemctl", "start", ENGINE)
    assert state(unit) == "Locked", state(unit)


def a_second_installation_changes_nothing(unit: Container) -> None:
    unit.stop()
    for options in ((), ("--check",)):
        code, said = install(unit.root, *options)
        assert code == 0, said
        assert "nothing differs" in said, said


def uninstalling_leaves_the_records(unit: Container) -> None:
    records = unit.root / "var/lib/stimkiosk/records.db"
    before = records.read_bytes()
    code, said = install(unit.root, "--uninstall")
    assert code == 0, said
    assert records.read_bytes() == before
    left = [
        path for path in (unit.root / "etc/systemd/system").rglob("stimkiosk*") if path.is_file()
    ]
    assert left == [], left


CHECKS: tuple[Callable[[Container], None], ...] = (
    services_are_up_and_the_engine_is_locked,
    the_socket_is_open_to_engine_kiosk_and_maintenance_only,
    the_port_of_the_daemon_is_reached_from_the_network_of_the_engine_only,
    nothing_can_be_executed_where_pigpiod_runs,
    a_killed_engine_leaves_no_output_and_begins_locked,
    a_frozen_engine_is_killed_by_the_watchdog_and_begins_locked,
    a_stop_of_the_unit_leaves_the_output_off,
    a_killed_kiosk_comes_back,
    maintenance_is_opened_by_the_timer_that_closes_it,
    an_end_that_has_not_passed_keeps_maintenance_open_over_a_restart,
    an_end_that_passes_while_the_unit_is_off_closes_maintenance,
    a_second_installation_changes_nothing,
    uninstalling_leaves_the_records,
)
"""In this order: the last ones stop the container."""
