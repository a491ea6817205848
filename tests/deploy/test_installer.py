"""The installer: twice is as good as once, drift is told, and going leaves the records."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.deploy.conftest import CMDLINE, CONFIG, DEPLOY, System

USERS_FILES = ("etc/passwd", "etc/group", "etc/shadow", "etc/gshadow", "etc/.pwd.lock")


def test_a_second_run_changes_nothing(installed: System) -> None:
    before = installed.contents()
    times = {path: path.lstat().st_mtime_ns for path in installed.root.rglob("*")}
    again = installed.install()
    assert (again.returncode, again.stdout) == (0, "")
    assert "nothing differs" in again.stderr
    assert installed.contents() == before
    assert times == {path: path.lstat().st_mtime_ns for path in installed.root.rglob("*")}


def test_a_run_that_was_interrupted_is_completed_by_the_next(system: System) -> None:
    system.install(only="users,services")
    (system.root / "etc/systemd/system/stimkiosk-engine.service").unlink()
    assert system.install().returncode == 0
    assert system.install("--check").returncode == 0


def test_a_check_of_a_bare_system_changes_nothing_and_tells_what_is_missing(system: System) -> None:
    before = system.contents()
    told = system.install("--check")
    assert told.returncode == 1
    assert "/etc/stimkiosk/install.conf" in told.stdout.splitlines()
    assert "/etc/stimkiosk/engine.env" in told.stdout.splitlines()
    assert "/boot/firmware/config.txt" in told.stdout.splitlines()
    assert system.contents() == before


DRIFT = {
    "a unit was edited": "etc/systemd/system/stimkiosk-engine.service",
    "the firewall was edited": "etc/stimkiosk/firewall.nft",
    "the rules of devices were edited": "etc/udev/rules.d/99-stimkiosk.rules",
    "the settings of SSH were edited": "etc/ssh/sshd_config.d/10-stimkiosk.conf",
    "the settings of the engine were edited": "etc/stimkiosk/engine.env",
}


@pytest.mark.parametrize("path", DRIFT.values(), ids=DRIFT.keys())
def test_a_changed_file_is_told_by_a_check_and_put_right_by_a_run(
    installed: System, path: str
) -> None:
    right = installed.read(path)
    installed.write(path, right + "# changed\n")
    told = installed.install("--check")
    assert (told.returncode, told.stdout) == (1, f"/{path}\n")
    assert installed.read(path) != right
    assert installed.install().stdout == f"/{path}\n"
    assert installed.read(path) == right
    assert installed.install("--check").returncode == 0


def test_a_wrong_mode_and_a_disabled_unit_are_drift(installed: System) -> None:
    (installed.root / "etc/stimkiosk/firewall.nft").chmod(0o666)
    subprocess.run(
        ["systemctl", f"--root={installed.root}", "disable", "-q", "stimkiosk-firewall.service"],
        check=True,
    )
    told = installed.install("--check").stdout.splitlines()
    assert told == ["/etc/stimkiosk/firewall.nft", "stimkiosk-firewall.service (not enabled)"]
    installed.install()
    assert installed.install("--check").returncode == 0


def test_audio_is_set_aside_and_spi_the_clock_and_the_watchdog_are_on(installed: System) -> None:
    lines = installed.read("boot/firmware/config.txt").splitlines()
    for line in ("dtparam=spi=on", "dtparam=audio=off", "dtoverlay=vc4-kms-v3d,noaudio"):
        assert line in lines
    for line in ("dtoverlay=i2c-rtc,ds3231", "dtparam=watchdog=on", "enable_uart=0"):
        assert line in lines
    for line in ("dtparam=audio=on", "dtoverlay=vc4-kms-v3d", "enable_uart=1"):
        assert line not in lines
    assert "otg_mode=1" in lines


def test_the_kernel_starts_quietly_without_blanking_and_without_a_serial_console(
    installed: System,
) -> None:
    words = installed.read("boot/firmware/cmdline.txt").split()
    assert {"quiet", "consoleblank=0", "vt.global_cursor_default=0", "console=tty1"} <= set(words)
    assert "root=PARTUUID=12-02" in words
    assert not [word for word in words if word.startswith("console=serial0")]
    assert words.count("quiet") == 1


def test_what_the_owner_adds_to_the_boot_configuration_stays(installed: System) -> None:
    path = "boot/firmware/config.txt"
    installed.write(path, "display_rotate=2\n" + installed.read(path))
    assert installed.install("--check").returncode == 0
    assert installed.read(path).startswith("display_rotate=2\n")


def test_uninstalling_gives_everything_back_but_records_and_users(
    system: System,
) -> None:
    before = dict(system.contents())
    system.install()
    system.write("var/lib/stimkiosk/records.db", "of patients")
    gone = system.install("--uninstall")
    assert gone.returncode == 0, gone.stderr
    assert "records stay where they are" in gone.stderr
    after = dict(system.contents())
    assert after.pop("var/lib/stimkiosk/records.db") == b"of patients"
    for path in USERS_FILES:
        before.pop(path, None)
        after.pop(path, None)
        after.pop(f"{path}-", None)
    assert after == before
    assert "stim:" in system.read("etc/passwd")
    assert system.read("boot/firmware/config.txt") == CONFIG
    assert system.read("boot/firmware/cmdline.txt") == CMDLINE


def test_a_changed_line_of_the_kernel_is_not_put_back_over(installed: System) -> None:
    """Hazard: the old line names a root that no longer exists, and the unit does not start."""
    path = "boot/firmware/cmdline.txt"
    installed.write(path, installed.read(path).replace("12-02", "34-02"))
    gone = installed.install("--uninstall")
    assert "root=PARTUUID=34-02" in installed.read(path)
    assert "was changed since" in gone.stderr


REFUSED = {
    "a Pi 5": ("Raspberry Pi 5 Model B Rev 1.0\0", "pigpio cannot drive the pins of a Pi 5"),
    "a compute module of that family": ("Raspberry Pi Compute Module 5 Rev 1.0\0", "of a Pi 5"),
    "a Pi 3B": ("Raspberry Pi 3 Model B Rev 1.2\0", "is not supported; use one of"),
    "another computer": ("Orange Thing\0", "this is no Raspberry Pi but a Orange Thing"),
}


@pytest.mark.parametrize(("model", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_a_machine_that_cannot_work_is_refused_in_one_line(
    system: System, model: str, why: str
) -> None:
    system.write("proc/device-tree/model", model)
    before = system.contents()
    refused = system.install()
    assert (refused.returncode, refused.stdout) == (1, "")
    assert why in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert system.contents() == before


def test_a_machine_without_a_device_tree_is_refused_in_one_line(system: System) -> None:
    (system.root / "proc/device-tree/model").unlink()
    told = system.install().stderr
    assert told.startswith("install: this is no Raspberry Pi; use one of")
    assert len(told.splitlines()) == 1


def test_what_was_chosen_is_known_after_an_interruption(system: System) -> None:
    failed = system.install("--display", "1280x720", "--data-device", "/dev/null")
    assert failed.returncode == 1
    assert "display=1280x720" in system.read("etc/stimkiosk/install.conf")


def test_a_pi_of_the_new_family_is_known_by_its_chip_whatever_its_name(system: System) -> None:
    revision = system.root / "proc/device-tree/system/linux,revision"
    revision.parent.mkdir()
    revision.write_bytes(bytes.fromhex("00d04170"))
    assert "of a Pi 5" in system.install().stderr
    revision.write_bytes(bytes.fromhex("00b03115"))
    assert system.install().returncode == 0


def test_a_system_with_32_bits_is_refused(system: System) -> None:
    program = system.root / "bin/true"
    content = bytearray(program.read_bytes())
    content[4] = 1  # EI_CLASS of an ELF file: 32 bits
    program.write_bytes(content)
    assert "64-bit Raspberry Pi OS Lite" in system.install().stderr


@pytest.mark.parametrize("release", ["VERSION_CODENAME=buster\n", ""])
def test_another_release_is_refused(system: System, release: str) -> None:
    system.write("etc/os-release", release)
    refused = system.install()
    assert refused.returncode == 1
    assert "of Trixie or Bookworm" in refused.stderr


def test_bookworm_is_accepted(system: System) -> None:
    system.write("etc/os-release", "VERSION_CODENAME=bookworm\n")
    assert system.install().returncode == 0


def test_a_virtual_board_needs_no_pi_and_is_never_mixed_with_the_real_one(system: System) -> None:
    system.write("proc/device-tree/model", "")
    assert system.install("--virtual-board").returncode == 0
    assert "STIMKIOSK_RIG=virtual" in system.read("etc/stimkiosk/engine.env")
    assert system.install("--check").returncode == 0  # remembered
    folder = system.root / "etc/systemd/system/stimkiosk-pigpiod.service.d"
    assert (folder / "virtual.conf").exists()


WRONG = {
    "an unknown option": (["--chekc"], "unknown option --chekc"),
    "an unknown step": (["--only", "boots"], "no step boots"),
    "an unknown display": (["--display", "640x480"], "640x480 is not accepted here"),
    "a device that is none": (["--data-device", "/dev/sda1; reboot"], "is not accepted here"),
    "a missing value": (["--theme"], "--theme needs a value"),
    "a folder that is not there": (["--wheelhouse", "/nowhere/wheels"], "no folder"),
    "a key that is none": (["--maintenance-key", __file__], "holds no public SSH key"),
}


@pytest.mark.parametrize(("options", "why"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_command_line_is_told_before_anything_is_done(
    system: System, options: list[str], why: str
) -> None:
    refused = system.install(*options)
    assert refused.returncode in {1, 2}
    assert why in refused.stderr.splitlines()[-1]


def test_a_partition_for_the_records_becomes_a_mount_of_its_own(system: System) -> None:
    assert system.install("--data-device", "PARTUUID=12-03").returncode == 0
    unit = system.read("etc/systemd/system/var-lib-stimkiosk.mount")
    assert "What=PARTUUID=12-03" in unit
    assert "noatime,commit=5,errors=remount-ro,nodev,nosuid,noexec" in unit
    assert system.install("--check").returncode == 0


def test_what_is_no_partition_is_never_formatted(system: System) -> None:
    refused = system.install("--data-device", "/dev/null")
    assert refused.returncode == 1
    assert "/dev/null is no partition" in refused.stderr


def test_without_a_package_or_a_source_of_pigpiod_it_is_said_how_to_get_one(system: System) -> None:
    refused = system.install(only="pigpiod")
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert "tag v79" in line
    assert "--pigpio-source FILE" in line


def test_a_source_of_pigpio_that_is_not_the_tag_is_never_compiled(
    system: System, tmp_path: Path
) -> None:
    """Hazard: a changed daemon holds the gates of a patient."""
    inner = tmp_path / "pigpio-79"
    inner.mkdir()
    (inner / "pigpio.c").write_text("int main(void) { return 0; }", encoding="utf-8")
    archive = tmp_path / "pigpio-79.tar.gz"
    subprocess.run(["tar", "-czf", archive, "-C", tmp_path, "pigpio-79"], check=True)
    (system.root / "tmp").mkdir()
    refused = system.install("--pigpio-source", str(archive), only="pigpiod")
    assert refused.returncode == 1
    assert "is not the source of pigpio v79" in refused.stderr
    assert not (system.root / "opt/stimkiosk/pigpiod").exists()
    assert list((system.root / "tmp").iterdir()) == []


def test_the_help_names_every_option() -> None:
    shown = subprocess.run(
        [DEPLOY / "install.sh", "--help"], check=True, capture_output=True, text=True
    ).stdout
    for option in ("--check", "--uninstall", "--wheelhouse", "--pigpio-source", "--root"):
        assert option in shown
    assert "set -euo" not in shown
    assert "shellcheck" not in shown


def test_the_scripts_are_clean_for_shellcheck() -> None:
    scripts = ["install.sh", "setup-venv.sh", "make-locks.sh"]
    scripts += ["network/maintenance-shell", "network/maintenance-access"]
    judged = subprocess.run(
        ["shellcheck", "--external-sources", *scripts],
        check=False,
        capture_output=True,
        text=True,
        cwd=DEPLOY,
    )
    assert (judged.returncode, judged.stdout) == (0, "")


def test_the_hash_of_a_folder_is_the_one_that_git_computes(tmp_path: Path) -> None:
    folder = tmp_path / "source"
    (folder / "lib.c").mkdir(parents=True)
    (folder / "lib.c" / "a").write_text("inner", encoding="utf-8")
    (folder / "lib.h").write_text("text\n", encoding="utf-8")
    (folder / "run").write_text("#!/bin/sh\n", encoding="utf-8")
    (folder / "run").chmod(0o755)
    (folder / "link").symlink_to("run")
    git = ["git", "-C", str(folder), "-c", "core.fileMode=true"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"}
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run([*git, *command], check=True, env=environment)
    wanted = subprocess.run(
        [*git, "write-tree"], check=True, capture_output=True, text=True, env=environment
    ).stdout
    subprocess.run(["rm", "-r", folder / ".git"], check=True)
    own = ["python3", "-I", "-S", str(DEPLOY / "pigpiod/tree_hash.py"), str(folder)]
    assert subprocess.run(own, check=True, capture_output=True, text=True).stdout == wanted
    (folder / "run").chmod(0o644)
    assert subprocess.run(own, check=True, capture_output=True, text=True).stdout != wanted
