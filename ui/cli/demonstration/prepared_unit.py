"""Records of a unit that is set up, with a simulated patient who was treated the day before.

Everything goes through an engine on a stepped board, as a clinic would enter it; facts about the
patient are marked as simulated, for nobody was asked.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from appliance.engine import stepped_engine
from appliance.link.client import LinkClient
from appliance.messages.actions import EnrolOperator, SetUpUnit
from appliance.messages.replies import Refused
from appliance.records.wall_clock import SystemWallClock
from drivers.board_file import BoardFile, load_board_file
from drivers.quantities import US_PER_S
from drivers.virtual.board import VirtualBoard
from ui.cli.engine.hosts import FAST_POLL_S, EngineHost
from ui.cli.engine.in_charge import ask, signed_in
from ui.cli.engine.running_engine import newest, refused
from ui.cli.treatment.autopilot import Autopilot
from ui.cli.treatment.request import TreatmentRequest, TreatOptions, to_request
from ui.cli.treatment.run import give_treatment
from ui.cli.treatment.simulated_clinician import SimulatedClinician

PROGRAMME = "conventional-tens"
LEVEL_UA, PLATEAU_US = 8_000, 10_000_000
"""Long enough to be repeated; simulating a longer one would take longer than anybody waits."""
A_DAY_US = 86_400 * US_PER_S
CLINIC = "Demonstration, no patients"


class Person(NamedTuple):
    """Somebody who can sign in on the unit of the demonstration."""

    name: str
    role: str
    pin: str


LEAD = Person("demo", "lead", "4826")
SERVICE = Person("tech", "service", "7319")


def prepare_unit(data: Path, board_file: str = "reference") -> None:
    """Make the records in an empty data folder; takes some seconds."""
    board, wall = load_board_file(board_file), SystemWallClock()
    request = to_request(TreatOptions(PROGRAMME, (), LEVEL_UA, PLATEAU_US, patient=""))
    with _opened(data, board, wall.utc_us() - A_DAY_US) as host:
        clinician = _clinician(request)
        give_treatment(host, Autopilot(request, clinician=clinician), lambda _: None)
    with _opened(data, board, wall.utc_us()) as host:
        _set_up(host.link)
        with signed_in(host.link, LEAD.name, LEAD.pin):
            _enter_facts(host.link, _clinician(request))


@contextmanager
def _opened(data: Path, board_file: BoardFile, utc_us: int) -> Iterator[EngineHost]:
    """Open an engine in this process whose time of day begins at `utc_us`."""
    board = VirtualBoard(board_file)
    with ExitStack() as stack:
        stack.callback(board.close)
        _, link = stack.enter_context(stepped_engine(board, data, utc_us))
        faults = {"set": board.fault_set, "clear": board.fault_clear}
        yield EngineHost(
            link,
            FAST_POLL_S,
            "a virtual board in this process, stepped time",
            fault=lambda do, fault: faults[do](fault),
        )


def _clinician(request: TreatmentRequest) -> SimulatedClinician:
    if request.wanted is None:
        raise ValueError("a simulated patient has a placement")
    return SimulatedClinician("", request.wanted)


def _set_up(link: LinkClient) -> None:
    newest(link, lambda view: view.state == "Locked")
    ask(link, EnrolOperator(operator=LEAD.name, role=LEAD.role, pin=LEAD.pin))
    with signed_in(link, LEAD.name, LEAD.pin):
        ask(link, EnrolOperator(operator=SERVICE.name, role=SERVICE.role, pin=SERVICE.pin))
        steps = (SetUpUnit(language="en", clinic=CLINIC, clock_confirmed=True, board_checked=True),)
        for step in steps:
            ask(link, step)


def _enter_facts(link: LinkClient, clinician: SimulatedClinician) -> None:
    """Enter whatever is missing before today's treatment."""
    clinician.link = link
    while (fact := clinician.before_start()) is not None:
        newest(link)
        answer = link.wait_reply(link.send(fact), 10.0)
        if isinstance(answer, Refused):
            refused(answer)
        clinician.answered(answer)
