"""A unit that was looked at today and cared for, so that tests of other rules can treat with it."""

from appliance.control.loop import ControlLoop
from tests.support.unit_facts import all_care, look


def ready_unit(loop: ControlLoop) -> None:
    """Look at every part and do all care now; what is damaged or out of use stays so."""
    unit, now = loop._unit, loop._journal.fact_time()
    for fact in (look(), *all_care(now)):
        unit.file = unit.file.after(fact, now)
    unit._expected = unit.file
