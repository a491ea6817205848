"""Closed by default: the firewall, SSH, the commands of the list, and the helper of two verbs."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.deploy.conftest import DEPLOY, System

NETWORK = DEPLOY / "network"
SHELL = NETWORK / "maintenance-shell"
ACCESS = NETWORK / "maintenance-access"


def lines(name: str) -> list[str]:
    return (NETWORK / name).read_text(encoding="utf-8").splitlines()


def nft(*files: Path | str) -> subprocess.CompletedProcess[str]:
    """Load rules into a network of their own, which ends with the process, and list them."""
    command = "; ".join(
        [*(f"/usr/sbin/nft -f {path}" for path in files), "/usr/sbin/nft list ruleset"]
    )
    # Only who is not root needs to be it in there; in a change of root nobody may become it.
    as_root = () if os.geteuid() == 0 else ("--map-root-user",)
    return subprocess.run(
        ["unshare", "--net", *as_root, "sh", "-ec", command],
        check=False,
        capture_output=True,
        text=True,
    )


def test_the_rules_can_be_loaded_twice_and_drop_what_they_do_not_name() -> None:
    rules = NETWORK / "firewall.nft"
    loaded = nft(rules, rules)
    assert loaded.returncode == 0, loaded.stderr
    for hook in ("input", "forward", "output"):
        assert f"hook {hook} priority filter; policy drop;" in loaded.stdout
    assert loaded.stdout.count("table inet stimkiosk") == 1


def test_no_port_is_open_until_maintenance_opens_one(tmp_path: Path) -> None:
    assert "elements" not in nft(NETWORK / "firewall.nft").stdout
    opened = tmp_path / "open.nft"
    opened.write_text("add element inet stimkiosk open_tcp { 22 }\n", encoding="utf-8")
    assert "elements = { 22 }" in nft(NETWORK / "firewall.nft", opened).stdout
    accepting = [line.strip() for line in lines("firewall.nft") if "tcp dport" in line]
    assert [line for line in accepting if not line.startswith("tcp dport 53")] == [
        "tcp dport @open_tcp ct state new limit rate 6/minute burst 6 packets accept"
    ]


def test_ssh_takes_keys_of_one_group_and_runs_one_program() -> None:
    stated = dict(line.split(maxsplit=1) for line in lines("sshd.conf") if not line.startswith("#"))
    assert stated["PermitRootLogin"] == "no"
    assert stated["PasswordAuthentication"] == "no"
    assert stated["KbdInteractiveAuthentication"] == "no"
    assert stated["AuthenticationMethods"] == "publickey"
    assert stated["AllowGroups"] == "stim-maint"
    assert stated["ForceCommand"] == "/usr/local/lib/stimkiosk/maintenance-shell"
    assert stated["DisableForwarding"] == "yes"
    assert stated["PermitTTY"] == "no"


def test_ssh_is_off_after_an_installation_and_nothing_switches_it_on(installed: System) -> None:
    units = installed.root / "etc/systemd/system"
    for unit in ("sshswitch.service", "ssh.socket"):
        assert os.fspath((units / unit).readlink()) == "/dev/null"
    wanted = [path.name for path in units.rglob("*") if path.parent.name.endswith(".wants")]
    assert "stimkiosk-firewall.service" in wanted
    assert "stimkiosk-maintenance-close.timer" not in wanted
    assert "ssh.service" not in wanted
    assert installed.read("etc/stimkiosk/maintenance_keys") == ""
    assert list((installed.root / "etc/stimkiosk/maintenance").iterdir()) == []


def test_ssh_is_started_by_the_timer_that_closes_it_only() -> None:
    assert "Wants=ssh.service" in lines("stimkiosk-maintenance-close.timer")
    assert "Persistent=true" in lines("stimkiosk-maintenance-close.timer")
    assert "ssh" not in (NETWORK / "stimkiosk-firewall.service").read_text(encoding="utf-8")


def test_keys_are_kept_by_a_later_run_and_replaced_on_request(
    system: System, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True, capture_output=True
    )
    public = f"{key}.pub"
    assert system.install("--maintenance-key", public).returncode == 0
    kept = system.read("etc/stimkiosk/maintenance_keys")
    assert kept == Path(public).read_text(encoding="utf-8")
    assert system.install().returncode == 0
    assert system.read("etc/stimkiosk/maintenance_keys") == kept


def ask(wanted: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SHELL, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={"SSH_ORIGINAL_COMMAND": wanted, **more},
    )


def test_help_lists_every_command_of_the_list_and_no_other() -> None:
    shown = ask("help")
    assert shown.returncode == 0
    named = {line[:17].strip() for line in shown.stdout.splitlines()}
    accepted = {
        line.strip().partition(")")[0].strip("'")
        for line in lines("maintenance-shell")
        if line.startswith("    ") and ") run " in line
    }
    assert named == accepted | {"help"}


HOSTILE = [
    "sh",
    "status; sh",
    "status\nsh",
    "status $(touch /tmp/x)",
    "status  --json",
    " status",
    "status --json --data /",
    "STATUS",
    "*",
    "stat*",
    "-c sh",
    "scp -t /etc",
    "/usr/lib/openssh/sftp-server",
    "help\x1b[2J",
    "a" * 100_000,
]


@pytest.mark.parametrize("wanted", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_not_a_whole_command_of_the_list_is_refused(wanted: str) -> None:
    refused = ask(wanted)
    assert refused.returncode == 6
    assert refused.stdout == ""
    assert "refused: no command of the list" in refused.stderr.splitlines()[-1]


def test_arguments_and_the_environment_of_the_caller_change_nothing(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text("echo trapped\n", encoding="utf-8")
    more = {"BASH_ENV": str(trap), "ENV": str(trap), "PATH": str(tmp_path)}
    more["BASH_FUNC_printf%%"] = "() { echo trapped; }"
    shown = ask("help", "-c", "sh", **more)
    assert shown.stdout == ask("help").stdout
    assert "trapped" not in shown.stdout + shown.stderr


class Unit:
    """A machine whose service manager writes down what it is told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told = folder / "told"
        self.told.write_text("", encoding="utf-8")
        for name in ("systemctl", "pkill"):
            self.stand_in(name)
        text = ACCESS.read_text(encoding="utf-8")
        assert "PATH=/usr/sbin:/usr/bin:/sbin:/bin" in text
        for old, new in (
            ("PATH=/usr/sbin", f"PATH={folder}/bin:/usr/sbin"),
            ("/etc/", f"{folder}/etc/"),
        ):
            text = text.replace(old, new)
        self.program = folder / "access"
        self.program.write_text(text, encoding="utf-8")
        self.program.chmod(0o755)

    def stand_in(self, name: str, *, fails_at: str = "nothing") -> None:
        target = self.folder / "bin" / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(
            f'#!/bin/sh\necho "{name} $*" >>{self.told}\n'
            f'case "$*" in *{fails_at}*) exit 3 ;; esac\n',
            encoding="utf-8",
        )
        target.chmod(0o755)

    def run(self, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, *words], input=said, check=False, capture_output=True, text=True
        )

    def commands(self) -> list[str]:
        return self.told.read_text(encoding="utf-8").splitlines()

    @property
    def rules(self) -> Path:
        return self.folder / "etc/stimkiosk/maintenance/open.nft"

    @property
    def until(self) -> Path:
        return self.folder / "etc/systemd/system/stimkiosk-maintenance-close.timer.d/until.conf"


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    return Unit(tmp_path)


def test_opening_starts_the_timer_before_the_port_is_open(unit: Unit) -> None:
    """Hazard: a failure between the two leaves a port open that nothing closes."""
    opened = unit.run("open", "2")
    assert opened.returncode == 0
    assert opened.stdout.startswith("open until ")
    order = unit.commands()
    assert order.index("systemctl restart stimkiosk-maintenance-close.timer") < order.index(
        "systemctl reload stimkiosk-firewall.service"
    )
    assert unit.rules.read_text(encoding="utf-8") == "add element inet stimkiosk open_tcp { 22 }\n"
    ends = opened.stdout.removeprefix("open until ").strip()
    assert unit.until.read_text(encoding="utf-8").splitlines() == [
        "[Timer]",
        "OnActiveSec=",  # takes every other time away: it must stand first
        f"OnCalendar={ends}",
        "OnActiveSec=2h",
    ]


def test_closing_takes_rule_server_and_whoever_is_there_away(unit: Unit) -> None:
    unit.run("open", "24")
    unit.told.write_text("", encoding="utf-8")
    assert unit.run("close").stdout == "closed\n"
    assert not unit.rules.exists()
    assert not unit.until.exists()
    assert unit.commands() == [
        "systemctl reload stimkiosk-firewall.service",
        "systemctl stop ssh.service",
        "pkill -KILL -u stim-maint",
        "systemctl disable --quiet --now stimkiosk-maintenance-close.timer",
        "systemctl daemon-reload",
    ]
    assert unit.run("close").returncode == 0


def test_a_closing_that_fails_in_one_place_still_does_all_the_others(unit: Unit) -> None:
    unit.run("open", "1")
    unit.stand_in("systemctl", fails_at="reload stimkiosk-firewall")
    unit.told.write_text("", encoding="utf-8")
    assert unit.run("close").returncode != 0
    assert "systemctl stop ssh.service" in unit.commands()
    assert "pkill -KILL -u stim-maint" in unit.commands()
    assert not unit.rules.exists()


def test_an_opening_that_fails_closes(unit: Unit) -> None:
    unit.stand_in("systemctl", fails_at="reload stimkiosk-firewall")
    failed = unit.run("open", "3")
    assert failed.returncode == 5
    assert "failed: maintenance is closed" in failed.stdout
    assert "systemctl stop ssh.service" in unit.commands()
    assert not unit.rules.exists()


def test_the_socket_takes_one_line_and_answers_with_one(unit: Unit) -> None:
    assert unit.run(said="open 4\n").stdout.count("\n") == 1
    assert unit.run(said="close\n").stdout == "closed\n"


NOT_ACCEPTED = ["open 0", "open 25", "open", "open 1h", "open -1", "open 1 2", "close 1", "reboot"]
NOT_ACCEPTED += ["open 2;reboot", "open *", "", "OPEN 1", "open 024", "close close close"]


@pytest.mark.parametrize("said", NOT_ACCEPTED)
def test_anything_but_the_two_verbs_is_refused_and_does_nothing(unit: Unit, said: str) -> None:
    for answer in (unit.run(said=f"{said}\n"), unit.run(*said.split())):
        assert answer.returncode == 4
        assert answer.stdout.startswith("refused: ")
    assert unit.commands() == []
