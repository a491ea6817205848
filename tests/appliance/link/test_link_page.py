"""docs/link.md lists every query there is, and names only fields that a snapshot has."""

import re
from pathlib import Path

import pytest

from appliance.control.pages.answers import USAGE
from appliance.messages.snapshot import (
    ChannelView,
    LastSession,
    LatchView,
    PlanView,
    Snapshot,
    TripView,
)
from appliance.messages.wire import ContactVerdict, LatchName

pytestmark = pytest.mark.proves_none

PAGE = Path(__file__).parents[3] / "docs" / "link.md"
BEFORE, _, QUERIES = PAGE.read_text(encoding="utf-8").partition("## Pages")
SNAPSHOT = BEFORE.partition("## Signing in")[0]
SHOWN = (Snapshot, TripView, LatchView, LastSession, PlanView, ChannelView)
MESSAGES = {"hello", "command", "query", "seen", "reply", "page", "refused", "snapshot", "event"}


def test_the_page_lists_every_query_there_is() -> None:
    assert sorted(re.findall(r"^\| `([^`]+)` \|", QUERIES, re.MULTILINE)) == sorted(USAGE)


def test_the_page_names_fields_that_a_snapshot_has() -> None:
    named = set(re.findall(r"`([a-z_]+)(?:\[\]\.contact)?`", SNAPSHOT))
    fields = {name for kind in SHOWN for name in kind.__struct_fields__}
    assert named - fields - MESSAGES - set(LatchName) == set()
    assert all(verdict in SNAPSHOT for verdict in ContactVerdict)
