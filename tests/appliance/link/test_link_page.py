"""docs/link.md lists every query there is, and names only fields that a snapshot has."""

import re
from pathlib import Path

import pytest

from appliance.clinical.choice import choice_text
from appliance.control.pages.answers import USAGE
from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.messages.snapshot import (
    ChannelView,
    LastSession,
    LatchView,
    PlanView,
    Snapshot,
    SoundView,
    TripView,
)
from appliance.messages.wire import ContactVerdict, LatchName, SoundName
from appliance.texts.catalogue import TEXTS

pytestmark = pytest.mark.proves_none

PAGE = Path(__file__).parents[3] / "docs" / "link.md"
BEFORE, _, QUERIES = PAGE.read_text(encoding="utf-8").partition("## Pages")
SNAPSHOT = BEFORE.partition("## Signing in")[0]
SHOWN = (Snapshot, TripView, LatchView, LastSession, PlanView, ChannelView, SoundView)
MESSAGES = {"hello", "command", "query", "seen", "reply", "page", "refused", "snapshot", "event"}
ACTIONS = {"silence"}


def test_the_page_lists_every_query_there_is() -> None:
    assert sorted(re.findall(r"^\| `([^`]+)` \|", QUERIES, re.MULTILINE)) == sorted(USAGE)


def test_the_page_names_fields_that_a_snapshot_has() -> None:
    named = set(re.findall(r"`([a-z_]+)(?:\[\]\.contact)?`", SNAPSHOT))
    fields = {name for kind in SHOWN for name in kind.__struct_fields__}
    assert named - fields - MESSAGES - ACTIONS - set(LatchName) == set()
    assert all(verdict in SNAPSHOT for verdict in ContactVerdict)


@pytest.mark.parametrize(
    "key",
    [
        *(choice_text(verdict).key for verdict in ContactVerdict),
        *(choice_text(latch).key for latch in LatchName),
        *(f"choice.layer.{layer}" for layer in ("engine", "guard", "slices", "hardware")),
        *(choice_text(sound).key for sound in SoundName),
        *(choice_text(region).key for region in Region),
        *(choice_text(purpose).key for purpose in Purpose),
        *(choice_text(kind).key for kind in ProgrammeKind),
    ],
)
def test_every_word_that_a_screen_shows_for_a_value_is_a_text(key: str) -> None:
    assert key in TEXTS
