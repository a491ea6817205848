"""Events of a ward in real time; each begins with current on both channels."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.messages.actions import Stop
from appliance.records.queries import list_sessions
from appliance.records.storage.store import open_read_only
from appliance.records.verify import verify
from drivers.board_file import load_board_file
from drivers.errors import DaemonRefused
from drivers.pigpio.client import StreamClient
from tests.appliance.link.raw_peer import command
from tests.campaigns.bench.processes import BoardProcess, EngineProcess, Process
from tests.campaigns.faults.layers_stand import packed_pulses
from tests.campaigns.faults.realtime_hand import Hand
from tests.campaigns.faults.realtime_ward import Flood, Happened, Ward, running_scripts
from ui.cli.terminal.snapshot_text import trip_text

AFTER_S = 0.4
"""How long to look after an event that cuts; the one-shot acts within 200 ms."""
FREEZE_S = 0.03
"""An engine that is suspended this long, while the guard acts, trips when it continues."""
FROZEN_S = 0.6
SCREEN_S, LATE_S = 3.2, 0.5
FLOOD_S = 1.0
FALL_S = 0.8
POWER_CUT, FINE, TOO_LATE = "power cut", "fine", "tripped before the power was cut"

Act = Callable[[Ward], None]


def _after(ward: Ward, seconds: float = AFTER_S) -> str:
    """Confirm the screen while the output ends; return the trip code."""
    began_s = time.monotonic()
    code = ward.person.tripped()
    left_s = seconds - (time.monotonic() - began_s)
    if left_s > 0:
        ward.person.watch(left_s)
    return code


def press(ward: Ward) -> None:
    """Press the e-stop with every layer active."""
    at_ns = ward.now_ns()
    ward.fault("estop")
    ward.note("estop", at_ns, edge="estop_loop", trip=_after(ward))
    ward.clear("estop")


def press_with_guard_only(ward: Ward) -> None:
    """Press with a dead latch, while the engine is suspended and a nearly gapless wave loops."""
    ward.fault("latch-dead")
    with ward.client() as client:
        at_ns = ward.now_ns()
        ward.signal(signal.SIGSTOP)
        try:
            _loop(client)
            ward.fault("estop")
            time.sleep(FREEZE_S)
            until_ns = ward.now_ns()
        finally:
            ward.signal(signal.SIGCONT)
    code = _after(ward)
    ward.note("estop guard", at_ns, until_ns=until_ns, edge="estop_loop", trip=code)
    ward.note("estop guard afterwards", until_ns, trip=code)
    ward.clear("estop", "latch-dead")


def _loop(client: StreamClient) -> None:
    """Play legal phases with almost no gap between them, for ever."""
    client.wave_add_new()
    client.add_pulses(packed_pulses(load_board_file()))
    client.wave_send_repeat(client.wave_create())


def silence_with_guard_only(ward: Ward) -> None:
    """Suspend the engine while a wave loops and the watchdog is dead."""
    ward.fault("watchdog-dead")
    _silence(ward, "silence guard", guard=True)
    ward.clear("watchdog-dead")


def silence_with_watchdog_only(ward: Ward) -> None:
    """Suspend the engine while a wave loops, and stop the guard as well."""
    _silence(ward, "silence watchdog", guard=False)


def _silence(ward: Ward, kind: str, *, guard: bool) -> None:
    with ward.client() as client:
        guards = () if guard else running_scripts(client)
        at_ns = ward.now_ns()
        ward.signal(signal.SIGSTOP)
        try:
            _loop(client)
            for number in guards:
                client.stop_script(number)
            time.sleep(AFTER_S)
            until_ns = ward.now_ns()
        finally:
            ward.signal(signal.SIGCONT)
    ward.note(kind, at_ns, until_ns=until_ns, since="heartbeat", trip=_after(ward))


def press_with_engine_only(ward: Ward) -> None:
    """Press with a dead latch and a guard that was stopped just before."""
    with ward.client() as client:
        guards = running_scripts(client)
        ward.fault("latch-dead")
        at_ns = ward.now_ns()
        for number in guards:
            with suppress(DaemonRefused):
                client.stop_script(number)
        time.sleep(0.0012)  # until the guard's last poll is over
        ward.fault("estop")
    ward.note("estop engine", at_ns, edge="estop_loop", trip=_after(ward))
    ward.clear("estop", "latch-dead")


def squeeze(ward: Ward) -> None:
    """Open the hand switch: only the engine sees it."""
    at_ns = ward.now_ns()
    ward.fault("hand-switch")
    ward.note("hand switch", at_ns, edge="hand_switch", trip=_after(ward))
    ward.clear("hand-switch")


def lose_daemon(ward: Ward) -> None:
    """Kill the daemon; its waves continue. Its sockets are gone, so a new engine follows."""
    at_ns = ward.now_ns()
    ward.fault("lost-daemon")
    ward.note("lost daemon", at_ns, trip=_after(ward))
    ward.clear("lost-daemon")
    ward.end_engine()


def stall_daemon(ward: Ward) -> None:
    """Make the daemon answer no client; its waves continue."""
    at_ns = ward.now_ns()
    ward.fault("stalled-daemon")
    ward.note("stalled daemon", at_ns, trip=_after(ward))
    ward.clear("stalled-daemon")
    ward.end_engine()


def kill_engine(ward: Ward) -> None:
    """Kill the engine with SIGKILL."""
    at_ns = ward.now_ns()
    if ward.engine is not None:
        ward.engine.kill()
    time.sleep(AFTER_S)
    ward.note("engine killed", at_ns)
    ward.end_engine()


def freeze_engine(ward: Ward) -> None:
    """Suspend the engine for longer than every layer needs; it continues later, and trips."""
    at_ns = ward.now_ns()
    ward.signal(signal.SIGSTOP)
    time.sleep(FROZEN_S)
    ward.signal(signal.SIGCONT)
    ward.note("engine frozen", at_ns, trip=_after(ward))


def kill_screen(ward: Ward) -> None:
    """Kill the only client."""
    _end_screen(ward, signal.SIGKILL, "screen killed")


def freeze_screen(ward: Ward) -> None:
    """Suspend the only client for good."""
    _end_screen(ward, signal.SIGSTOP, "screen frozen")


def _end_screen(ward: Ward, how: signal.Signals, kind: str) -> None:
    """Run the treatment with a separate client process and end it; no other is connected."""
    ward.end_engine()
    ward.engines += 1
    programme = "conventional-tens"
    ward.engine = EngineProcess(ward.board, ward.data)
    ward.engine.link.close()
    screen = Process(
        ("tests.campaigns.faults.realtime_hand",),
        "lead",
        str(ward.data),
        programme,
        runtime=ward.board.runtime,
    )
    try:
        ward.ahead_ns, _ = ward.board.clock()
        at_ns = ward.now_ns()
        os.kill(screen.pid, how)
        time.sleep(SCREEN_S)
        with LinkClient.connect(link_path(ward.data), "late") as link:
            ward.note(kind, at_ns, trip=Hand(link).tripped(LATE_S))
    finally:
        screen.kill()
        screen.__exit__(None, None, None)
    ward.end_engine()


def flood(ward: Ward) -> None:
    """Send a thousand commands a second over the link, and request a stop."""
    lines = (
        command(1, "rise", channel=1),
        command(2, "start"),
        command(3, "fall", channel=7, step_ua=500),
        command(4, "resume"),
        command(5, "pause_not_known"),
    )
    nonsense = (
        b"what is this\n",
        b"{}\n",
        b'{"type":"command","request":-1}\n',
        b"[" * 4_000 + b"\n",
    )
    began_ns = ward.now_ns()
    with Flood(link_path(ward.data), lines, nonsense) as poured:
        ward.person.watch(FLOOD_S)
        seen = ward.person.link.snapshot()
        if seen is not None and seen.trip is not None:
            raise RuntimeError(f"tripped in the flood: {seen.trip.code} {trip_text(seen.trip)}")
        at_ns = ward.now_ns()
        ward.person.link.send(Stop())
        ward.person.watch(FALL_S)
    ward.note("flood", at_ns, trip=str(poured.sent))
    ward.note("flood ticks", began_ns)


def cut_power(ward: Ward) -> None:
    """Kill board and engine together, and start both again on the same records."""
    data = ward.data
    if ward.engine is None:
        raise RuntimeError("no engine runs")
    seen = ward.person.link.snapshot()
    if seen is None or seen.state not in {"RampUp", "Delivering"}:
        raise RuntimeError(f"ended before the power was cut: {seen and seen.state}")
    # Kill the engine just before the board: otherwise it might record that the board was lost.
    os.kill(ward.engine.pid, signal.SIGKILL)
    os.kill(ward.board.pid, signal.SIGKILL)
    ward.engine.kill()
    ward.end_engine()
    problems = []
    with BoardProcess(ward.board.runtime) as board, EngineProcess(board, data) as engine:
        seen = Hand(engine.link).watch(0.5)
        problems.append("" if seen is not None and seen.state == "Locked" else f"state {seen}")
        status = board.control.ask("status")["status"]
        currents = [channel["current_ua"] for channel in status["channels"]]
        problems.append("" if not any(currents) else f"current {currents} µA")
    with open_read_only(data) as db:
        outcomes = [session.outcome for session in list_sessions(db)]
        problems.append("" if outcomes[:1] == ["interrupted"] else f"sessions {outcomes}")
        report = verify(db)
    problems.append("; ".join(str(finding) for finding in report.findings))
    wrong = "; ".join(filter(None, problems))
    if outcomes[:1] == ["tripped"]:
        wrong = TOO_LATE  # since the last snapshot: the engine was killed before the board was
    ward.happened.append(Happened(POWER_CUT, 0, 0, wrong or FINE))
