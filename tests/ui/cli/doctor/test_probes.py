"""Each line of the doctor, in order on a unit, and wrong once with what causes it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.host.machine import Node, Room
from tests.support.clinic import Clinic, open_clinic
from tests.support.made_up_machine import (
    BLOCK,
    NOW_S,
    SYSTEMCTL,
    MadeUp,
    MadeUpWall,
    laptop,
    pi,
    subject,
    unit,
)
from ui.cli.doctor.examine import PROBES, Probe, examine
from ui.cli.doctor.lines import Line, Status, ok
from ui.cli.doctor.subject import EngineSeen, Subject

pytestmark = pytest.mark.proves_none

OF_MACHINE = {
    "model", "system", "installation", "update slot", "boot", "processor", "watchdog",
    "time of day", "clock chip", "pigpiod", "pigpiod options", "pigpiod mask", "pigpiod port",
    "audio", "SPI", "board file", "display", "service pigpiod", "service engine", "service kiosk",
    "service firewall", "disk wear", "file systems", "disk room",
}  # fmt: skip


def lines(looked_at: Subject) -> dict[str, Line]:
    return {line.name: line for line in examine(looked_at)}


def test_every_line_of_a_unit_in_order_is_ok() -> None:
    found = lines(subject(unit()))
    assert {name for name, line in found.items() if line.status is Status.OK} == OF_MACHINE
    assert found["pigpiod mask"].found.startswith("runs with 0xC70000")
    assert found["disk wear"].found == "mmcblk0 (SC32G) tells nothing of its wear; made 03/2026"
    assert found["display"].found == "vc4-drm, DSI-1, 800x480"


@pytest.mark.parametrize(
    "model", ["Raspberry Pi 4 Model B Rev 1.5", "Raspberry Pi Zero 2 W Rev 1.0"]
)
def test_a_supported_model_is_ok(model: str) -> None:
    assert lines(subject(unit(model)))["model"] == ok("model", model)


def changed(path: str, text: str) -> Callable[[MadeUp], None]:
    return lambda machine: machine.write({path: text})


def gone(path: str) -> Callable[[MadeUp], None]:
    def change(machine: MadeUp) -> None:
        del machine.files[path]

    return change


def other_service(old: str, new: str, name: str = "engine") -> Callable[[MadeUp], None]:
    def change(machine: MadeUp) -> None:
        before = SYSTEMCTL.format(name=name)
        told = machine.commands["systemctl"]
        machine.commands["systemctl"] = told.replace(before, before.replace(old, new))

    return change


def other_options(old: str, new: str) -> Callable[[MadeUp], None]:
    def change(machine: MadeUp) -> None:
        path = "/proc/812/cmdline"
        machine.files[path] = machine.files[path].replace(old.encode(), new.encode())

    return change


def no_pigpiod(machine: MadeUp) -> None:
    del machine.files["/proc/812/comm"]
    line = "ExecStart=/opt/stimkiosk/pigpiod/pigpiod -g -l -n 127.0.0.1 -f -s 5 -t 0 -x 0xC70000\n"
    machine.write({"/etc/systemd/system/stimkiosk-pigpiod.service": f"[Service]\n{line}"})


def open_spi(machine: MadeUp) -> None:
    machine.nodes["/dev/spidev0.1"] = Node("device", 0, 989, 0o660)


def no_spi(machine: MadeUp) -> None:
    del machine.nodes["/dev/spidev0.0"]


def room_left(free: int) -> Callable[[MadeUp], None]:
    def change(machine: MadeUp) -> None:
        machine.rooms["/var/lib/stimkiosk"] = Room(free, 10**11)

    return change


def playing(machine: MadeUp) -> None:
    machine.write(
        {
            "/proc/asound/cards": " 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0\n",
            "/proc/77/comm": "aplay\n",
        }
    )
    machine.links["/proc/77/fd/4"] = "/dev/snd/pcmC0D0p"


def in_no_slot(machine: MadeUp) -> None:
    del machine.links["/opt/stimkiosk/current"]


def emmc(life: str, reserve: str) -> Callable[[MadeUp], None]:
    folder = "/sys/block/mmcblk0/device"
    return lambda machine: machine.write(
        {f"{folder}/life_time": life, f"{folder}/pre_eol_info": reserve}
    )


def no_gpu(machine: MadeUp) -> None:
    del machine.nodes["/dev/dri/renderD128"]


def no_boot_partition(machine: MadeUp) -> None:
    del machine.files["/boot/firmware/config.txt"]


THROTTLED = "/sys/devices/platform/soc/soc:firmware/get_throttled"
LISTENER = "  sl  local_address rem_address   st\n   0: 00000000:22B8 00000000:0000 0A 0\n"
WATCHDOG = "/sys/class/watchdog/watchdog0"
FIRMWARE_AUDIO = "snd_bcm2835 24576 0 - Live\n"
MODEL = "/proc/device-tree/model"
CONFIG = "/boot/firmware/config.txt"
ENV = "/etc/stimkiosk/engine.env"
WRONG, WARNING = Status.WRONG, Status.WARNING
BROKEN = [
    ("model", WRONG, "pigpio does not run on the Pi 5", changed(MODEL, "Raspberry Pi 5 Model B\0")),
    ("model", WRONG, "is not supported", changed(MODEL, "Raspberry Pi 2 Model B Rev 1.1\0")),
    ("system", WRONG, "32-bit", changed("/bin/true", "\x7fELF\x01")),
    ("system", WRONG, "not a release", changed("/etc/os-release", "VERSION_CODENAME=bullseye\n")),
    ("update slot", WRONG, "leads nowhere", in_no_slot),
    ("update slot", WRONG, "no program", gone("/opt/stimkiosk/current/venv/bin/stimkiosk")),
    ("update slot", WRONG, "cut off", gone("/opt/stimkiosk/current/installed")),
    ("boot", WRONG, "there is no config.txt", no_boot_partition),
    ("boot", WRONG, "lacks dtparam=spi=on, dtparam=audio=off", changed(CONFIG, "audio=off\n")),
    ("boot", WRONG, "lacks dtparam=spi=on", changed(CONFIG, BLOCK.replace("spi=on", "spi=off"))),
    ("boot", WRONG, "console", changed("/boot/firmware/cmdline.txt", "console=serial0,115200\n")),
    ("processor", WRONG, "too low now", changed(THROTTLED, "50005\n")),
    ("processor", WARNING, "slowed down, at", changed(THROTTLED, "8\n")),
    ("processor", WARNING, "at 81 °C", changed("/sys/class/thermal/thermal_zone0/temp", "81000")),
    ("processor", WARNING, "was too low", changed(THROTTLED, "10000\n")),
    ("processor", WARNING, "was slowed down", changed(THROTTLED, "80000\n")),
    ("processor", WARNING, "does not tell", gone(THROTTLED)),
    ("watchdog", WRONG, "nothing resets", changed(f"{WATCHDOG}/state", "inactive")),
    ("clock chip", WRONG, "no clock chip", gone("/sys/class/rtc/rtc0/name")),
    ("clock chip", WRONG, "has no time", gone("/sys/class/rtc/rtc0/since_epoch")),
    ("clock chip", WARNING, "6 s from", changed("/sys/class/rtc/rtc0/since_epoch", str(NOW_S - 6))),
    ("pigpiod", WRONG, "not installed", gone("/opt/stimkiosk/pigpiod/pigpiod")),
    ("pigpiod", WRONG, "not the file", changed("/opt/stimkiosk/pigpiod/pigpiod", "another")),
    ("pigpiod options", WRONG, "without -l", other_options("-l\0", "")),
    ("pigpiod options", WRONG, "without -n 127.0.0.1", other_options("127.0.0.1", "10.0.0.1")),
    ("pigpiod options", WRONG, "without -t 0", other_options("-t\x000", "-t\x001")),
    ("pigpiod options", WRONG, "does not run", no_pigpiod),
    ("pigpiod options", WRONG, "has no unit", gone("/proc/812/comm")),
    ("pigpiod mask", WRONG, "0xFFFFFFF", other_options("0xC70000", "0xFFFFFFF")),
    ("pigpiod mask", WRONG, "runs with none", other_options("-x\x000xC70000", "")),
    ("pigpiod port", WRONG, "can connect", changed("/proc/net/tcp", LISTENER)),
    ("pigpiod port", WRONG, "cannot be read", gone("/proc/net/tcp")),
    ("audio", WRONG, "vc4-hdmi - vc4-hdmi-0, in use by aplay", playing),
    ("audio", WRONG, "snd_bcm2835 is loaded", changed("/proc/modules", FIRMWARE_AUDIO)),
    ("SPI", WRONG, "there is no /dev/spidev0.0", no_spi),
    ("SPI", WRONG, "/dev/spidev0.1 are not for", open_spi),
    ("SPI", WRONG, "not for the engine's user", changed("/etc/group", "root:x:0:\n")),
    ("board file", WARNING, "never calibrated", changed(ENV, "STIMKIOSK_BOARD=reference\n")),
    ("board file", WRONG, "no board file nothing", changed(ENV, "STIMKIOSK_BOARD=nothing\n")),
    ("board file", WRONG, "board file /etc/b.toml", changed("/etc/b.toml", "name = 3\n")),
    ("display", WRONG, "no panel", changed("/sys/class/drm/card1-DSI-1/status", "disconnected\n")),
    ("display", WARNING, "has 720x1280", changed("/sys/class/drm/card1-DSI-1/modes", "720x1280\n")),
    ("display", WRONG, "no GPU", no_gpu),
    ("service engine", WRONG, "it is failed", other_service("=active", "=failed")),
    ("service engine", WRONG, "not installed", other_service("=loaded", "=not-found")),
    ("service engine", WRONG, "not after a restart", other_service("=enabled", "=disabled")),
    ("service kiosk", WARNING, "failed 3 times", other_service("=0", "=3", "kiosk")),
    ("services", WARNING, "does not answer", lambda machine: machine.commands.clear()),
    ("disk wear", WARNING, "70 to 80 %", emmc("0x01 0x08", "0x01")),
    ("disk wear", WRONG, "worn out", emmc("0x01 0x0b", "0x01")),
    ("disk wear", WRONG, "worn out", emmc("0x01 0x01", "0x03")),
    ("disk wear", WARNING, "0 to 10 %", emmc("0x01 0x01", "0x02")),
    ("file systems", WRONG, "mmcblk0p2 (3)", changed("/sys/fs/ext4/mmcblk0p2/errors_count", "3\n")),
    ("file systems", WRONG, "written any more", changed("/proc/mounts", "/dev/x / ext4 ro 0 0\n")),
    ("disk room", WRONG, "may not be recorded", room_left(64 * 1024 * 1024 - 1)),
    ("disk room", WARNING, "511 MiB", room_left(512 * 1024 * 1024 - 1)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "status", "words", "change"), BROKEN, ids=[f"{row[0]}-{row[2]}" for row in BROKEN]
)
def test_what_is_broken_is_named_with_what_to_do(
    name: str, status: Status, words: str, change: Callable[[MadeUp], None]
) -> None:
    machine = unit()
    change(machine)
    line = lines(subject(machine))[name]
    assert (line.status, words in line.found) == (status, True), line
    assert line.fix != ""


def test_every_line_about_a_unit_was_broken_once() -> None:
    broken = {name for name, *_ in BROKEN} | {"time of day"}
    by_the_same_rule = {"service pigpiod", "service firewall", "installation"}
    assert OF_MACHINE - broken == by_the_same_rule


def test_a_time_that_nobody_has_set_is_wrong_on_a_unit_and_a_warning_elsewhere() -> None:
    for machine, status in ((unit(), WRONG), (laptop(), WARNING)):
        found = lines(subject(machine, wall=MadeUpWall(trusted=False)))
        assert found["time of day"].status is status


def test_a_unit_restarted_a_moment_ago_is_no_reason_to_warn_of_its_clock() -> None:
    machine = unit()
    machine.write({"/sys/class/rtc/rtc0/since_epoch": str(NOW_S + 5)})
    assert lines(subject(machine))["clock chip"].status is Status.OK


def test_on_a_laptop_nothing_is_wrong_and_each_line_that_does_not_apply_says_why() -> None:
    found = lines(subject(laptop()))
    assert [line for line in found.values() if line.status is WRONG] == []
    left_out = {name for name, line in found.items() if line.status is Status.NOT_HERE}
    assert {"model", "audio", "SPI", "pigpiod", "clock chip", "engine", "services"} <= left_out
    assert all(found[name].found for name in left_out)


def test_a_bare_pi_is_told_what_to_install() -> None:
    found = lines(subject(pi()))
    assert found["model"].status is Status.OK
    for name in ("boot", "pigpiod", "audio", "SPI"):
        assert found[name].status is WRONG
        assert "deploy/install.sh" in found[name].fix
    assert found["services"].status is Status.NOT_HERE


def test_a_unit_with_a_virtual_board_needs_no_pins_and_no_daemon() -> None:
    machine = unit()
    machine.write({"/etc/stimkiosk/install.conf": "display=800x480\nvirtual_board=yes\n"})
    found = lines(subject(machine))
    for name in ("model", "pigpiod", "SPI", "audio", "clock chip", "watchdog"):
        assert found[name].status is Status.NOT_HERE
    assert found["service engine"].status is Status.OK


def test_what_this_user_may_not_see_is_a_warning_that_says_so() -> None:
    machine = unit()
    machine.forbidden.add("/opt/stimkiosk/pigpiod/pigpiod")
    found = lines(subject(machine))
    assert found["pigpiod"].status is WARNING
    assert "sudo stimkiosk doctor" in found["pigpiod"].fix
    assert found["pigpiod options"].status is Status.OK


def test_the_owner_of_sound_that_this_user_may_not_see_is_left_out() -> None:
    machine = unit()
    playing(machine)
    machine.forbidden.add("/proc/77/fd")
    found = lines(subject(machine))["audio"]
    assert (found.status, "aplay" in found.found) == (WRONG, False)


def test_a_probe_that_hangs_or_fails_is_a_line_and_the_others_are_told() -> None:
    never = threading.Event()

    def hanging(_: Subject) -> Iterator[Line]:
        never.wait()
        yield ok("hanging", "")

    def failing(_: Subject) -> Iterator[Line]:
        yield ok("half", "done")
        raise ValueError("no such thing")

    def fine(_: Subject) -> Iterator[Line]:
        yield ok("fine", "")

    probes = (Probe("hanging", hanging, 0.05), Probe("failing", failing), Probe("fine", fine))
    found = list(examine(subject(laptop()), probes))
    never.set()
    assert [(line.name, line.status) for line in found] == [
        ("hanging", WRONG),
        ("half", Status.OK),
        ("failing", WRONG),
        ("fine", Status.OK),
    ]
    assert "no answer within 0.05 s" in found[0].found
    assert "no such thing" in found[2].found


def test_nothing_that_a_machine_tells_ends_the_doctor() -> None:
    for path in unit().files:
        for text in ("", "\0\xff\n", "-1", "9" * 400, "a=b]:\n" * 3):
            machine = unit()
            machine.write({path: text})
            assert {line.name for line in examine(subject(machine))} >= {"model", "disk room"}


def test_a_running_engine_tells_its_state_and_its_emergency_stop(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.treat()
        found = lines(subject(unit(), ask=seen_of(clinic)))
        assert found["engine"].found == "0.1.0 on the virtual board, delivering"
        assert found["e-stop loop"] == ok("e-stop loop", "closed")
        clinic.board.fault_set("estop")
        clinic.trip()
        found = lines(subject(unit(), ask=seen_of(clinic)))
        assert (found["engine"].status, "T01" in found["engine"].found) == (WARNING, True)
        assert (found["e-stop loop"].status, found["e-stop loop"].found[:5]) == (WRONG, "open:")


def seen_of(clinic: Clinic) -> Callable[[], EngineSeen]:
    seen = EngineSeen("0.1.0", clinic.view)
    return lambda: seen


def test_a_unit_without_an_engine_is_wrong_and_its_emergency_stop_is_not_called_in_order() -> None:
    found = lines(subject(unit()))
    assert found["engine"].status is WRONG
    assert found["e-stop loop"].status is WARNING


def test_the_probes_have_names_of_their_own() -> None:
    assert len({probe.name for probe in PROBES}) == len(PROBES)
