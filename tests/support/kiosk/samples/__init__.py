"""Every screen of the kiosk with sample values, without an engine.

A sample is a function without parameters that returns a `Sample`: the place that is shown and the
kiosk around it. The values are of the engine's own pages, made by the clinical core
(`simulated_unit`), and of snapshots written by hand. A module has its samples in a table by name;
`SAMPLES` is all of them. A new screen, or a state of it that has other words, needs a row in one
of the tables: the test of languages measures each in every language and size, and the pictures of
every screen are drawn from them.

    from tests.support.kiosk.samples import SAMPLES

    for name, make in SAMPLES.items():
        place, kiosk = make()
        view = view_of(place, kiosk)
"""

from collections.abc import Callable, Mapping

from tests.support.kiosk.samples.choosing import CHOOSING
from tests.support.kiosk.samples.drills import DRILLS
from tests.support.kiosk.samples.history import OVER_DAYS
from tests.support.kiosk.samples.home import AT_HOME
from tests.support.kiosk.samples.output import WITH_OUTPUT
from tests.support.kiosk.samples.over import OVER
from tests.support.kiosk.samples.own import OWN_PROGRAMMES
from tests.support.kiosk.samples.people import PEOPLE
from tests.support.kiosk.samples.sample import Sample
from tests.support.kiosk.samples.search import SEARCHED
from tests.support.kiosk.samples.service import IN_SERVICE
from tests.support.kiosk.samples.steps import BEFORE_START
from tests.support.kiosk.samples.stops import STOPS

SAMPLES: Mapping[str, Callable[[], Sample]] = {
    **AT_HOME,
    **CHOOSING,
    **BEFORE_START,
    **WITH_OUTPUT,
    **SEARCHED,
    **STOPS,
    **OVER,
    **OVER_DAYS,
    **DRILLS,
    **IN_SERVICE,
    **PEOPLE,
    **OWN_PROGRAMMES,
}

__all__ = ["SAMPLES", "Sample"]
