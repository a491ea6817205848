"""Samples of what lies over a screen: help, and the screen that may be wiped."""

from functools import partial
from types import SimpleNamespace
from typing import cast

from appliance.control.pages.help import help_rows
from appliance.control.pages.page import PageSources
from appliance.instructions.topics import load_topics
from appliance.messages.replies import Refused
from appliance.messages.wire import StateName, TextView
from tests.support.kiosk.samples.sample import ME, Sample, Samples, at, rows, snapshot
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.over import CLEAN, HELP, NoAnswer, NotKept
from ui.kiosk.journey.place import Sheet, Unheard

BOARD = SimpleNamespace(output=SimpleNamespace(compliance_mv=100_000))


def _over(sheet: Sheet, page: str = "") -> Sample:
    """Return what lies over Home."""
    sources = cast("PageSources", SimpleNamespace(board=BOARD))
    name, _, topic = page.partition(":")
    pages = {page: rows(help_rows(topic, sources))} if name else {}
    sample = at(Home(), pages, snapshot=snapshot(StateName.READY, at_us=5_000_000), sheet=sheet)
    place = engine_place(sample.kiosk)
    assert place is not None
    return Sample(place, sample.kiosk)


def _not_kept() -> Sample:
    """Return a refusal that came when its screen had gone."""
    said = {"asked": "operator.in_charge", "allowed": "operator.not_in_charge"}
    texts = {name: TextView(key=key) for name, key in said.items()}
    nearest = TextView(key="sign_in.stop_first")
    refused = Refused(request=1, rule="refusal.operator", **texts, nearest=nearest)
    sample = at(Home(), {}, unheard=(Unheard(ME.operator, refused),))
    return Sample(NotKept(refused=refused), sample.kiosk)


def _no_answer() -> Sample:
    """Return that an action was not answered."""
    return Sample(NoAnswer(), at(Home(), {}, unconfirmed=True).kiosk)


OVER: Samples = {
    "no_answer": _no_answer,
    "not_kept": _not_kept,
    "clean": partial(_over, Sheet(CLEAN, opened_us=1_000_000)),
    "help_topics": partial(_over, Sheet(HELP, ":0", 1), "help"),
    "help_topics_2": partial(_over, Sheet(HELP, ":1", 1), "help"),
    **{
        f"help_{topic}": partial(_over, Sheet(HELP, f"{topic}:0", 1), f"help:{topic}")
        for topic in load_topics()
    },
    "help_last_page": partial(
        _over, Sheet(HELP, "contraindications:2", 1), "help:contraindications"
    ),
}
