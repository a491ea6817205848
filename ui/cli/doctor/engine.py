"""Probes that ask a running engine: its state, and the loop of the emergency stop.

The lines of the loop belong to the engine; nobody else may claim them.
"""

from collections.abc import Iterator

from ui.cli.doctor.lines import Line, not_here, ok, warning, wrong
from ui.cli.doctor.subject import NO_UNIT, Subject
from ui.cli.terminal.units import STATES

ESTOP = "e-stop loop"


def engine(subject: Subject) -> Iterator[Line]:
    """Judge the state of the engine and the loop of the emergency stop."""
    from appliance.errors import LinkError

    try:
        build, snapshot = subject.ask_engine()
    except (LinkError, OSError) as error:
        if subject.installed is None:
            yield not_here("engine", "none runs here")
            yield not_here(ESTOP, "only a running engine knows it")
            return
        fix = "look at sudo journalctl -u stimkiosk-engine, then restart it"
        yield wrong("engine", f"none answers: {error}", fix)
        yield warning(ESTOP, "only a running engine knows it", "mend the engine first")
        return
    if snapshot.trip is not None:
        fix = "see stimkiosk status, remove the cause, then acknowledge it"
        yield warning("engine", f"{build}, it has tripped: {snapshot.trip.code}", fix)
    else:
        state = STATES.get(snapshot.state, snapshot.state)
        yield ok("engine", f"{build} on the {snapshot.rig} board, {state}")
    if snapshot.estop_closed:
        yield ok(ESTOP, "closed")
    else:
        fix = "release the emergency stop; if it is released, check its plug and both contacts"
        yield wrong(ESTOP, "open: output is not possible", fix)


def installed(subject: Subject) -> Iterator[Line]:
    """Say whether and how this machine was set up as a unit."""
    found = subject.installed
    if found is None:
        yield not_here("installation", NO_UNIT)
        return
    board = "virtual board" if found.virtual_board else f"board file {found.board}"
    yield ok("installation", f"display {found.display}, {board}")
