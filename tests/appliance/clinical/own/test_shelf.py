"""Own programmes are versioned, never changed, and offered until they are retired."""

import msgspec
import pytest

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.fact import FactTime
from appliance.clinical.offers.offers import refuse_region
from appliance.clinical.own.draft import OwnDraft
from appliance.clinical.own.fields import with_value
from appliance.clinical.own.judge import refuse_draft
from appliance.clinical.own.programme import draft_of
from appliance.clinical.own.shelf import (
    NONE,
    OwnProgrammes,
    OwnVersion,
    Wanted,
    find_any,
    refuse_kept,
    refuse_retired,
)
from appliance.clinical.programme import CallUse, Programme
from appliance.core.refusal import Refusal
from tests.support.texts import Said, said

pytestmark = pytest.mark.proves("bad-input")

AT = FactTime(1, 1, trusted=True, boot=1)


def draft(
    title: str = "Quiet neck", base: str = "conventional-tens", minutes: int = 20
) -> OwnDraft:
    copied = draft_of(load_catalogue()[base], title)
    return msgspec.structs.replace(copied, minutes=minutes)


def version(found: OwnDraft) -> OwnVersion:
    return OwnVersion(found, "anna", AT, "asked for")


def shelf() -> OwnProgrammes:
    """Return own-1 with two versions, own-2 with one, own-3 retired."""
    own = NONE.kept("own-1", version(draft(minutes=20))).kept("own-1", version(draft(minutes=25)))
    own = own.kept("own-2", version(draft("Strong back", "nmes-strengthening")))
    return own.kept("own-3", version(draft("Old"))).without("own-3")


def refusal(found: object) -> Said:
    assert isinstance(found, Refusal), found
    return said(found)


def test_a_name_means_its_newest_version_and_each_version_can_be_named() -> None:
    for name, version_name, minutes in (
        ("own-1", "own-1@2", 25),
        ("own-1@2", "own-1@2", 25),
        ("own-1@1", "own-1@1", 20),
    ):
        found = find_any(name, shelf())
        assert isinstance(found, Programme)
        assert (found.name, found.duration_s, found.title_text) == (
            version_name,
            minutes * 60,
            "Quiet neck",
        )


@pytest.mark.parametrize(
    "name", ["own-9", "own-1@3", "own-1@0", "own-0", "own-1@", "own-01", "OWN-1@1 ", "own-1@1@1"]
)
def test_a_name_that_no_version_has_is_none(name: str) -> None:
    assert shelf().programme(name) is None


def test_a_retired_one_is_read_for_ever_and_offered_no_more() -> None:
    assert isinstance(find_any("own-3@1", shelf()), Programme)
    assert [programme.name for programme in shelf().usable()] == ["own-1@2", "own-2@1"]
    assert refusal(shelf().refuse_use("own-3")).asked == "Old, which is retired"
    assert shelf().refuse_use("own-1@1") is None
    assert shelf().refuse_use("conventional-tens") is None


def test_one_whose_base_the_catalogue_has_no_more_is_kept_and_not_offered() -> None:
    gone = msgspec.structs.replace(draft("Gone"), base="faradic-1870")
    own = shelf().kept("own-4", version(gone))
    assert own.programme("own-4") is None
    assert "own-4@1" not in [programme.name for programme in own.usable()]
    assert "faradic-1870" in refusal(own.refuse_use("own-4")).asked


def test_a_copy_gets_a_new_name_and_an_edit_the_next_version() -> None:
    copied, edited = shelf().copy_of("nmes-strengthening"), shelf().edit_of("own-1")
    assert isinstance(copied, Wanted)
    assert (copied.name, copied.version, copied.draft.title) == ("own-4", 1, "")
    assert isinstance(edited, Wanted)
    assert (edited.name, edited.version, edited.draft.minutes) == ("own-1", 3, 25)
    older = shelf().copy_of("own-1@1")
    assert isinstance(older, Wanted)
    assert (older.name, older.draft.minutes) == ("own-4", 20)


def test_copy_and_edit_of_what_is_not_there_name_what_is() -> None:
    assert refusal(shelf().copy_of("convential-tens")).nearest.startswith("conventional-tens")
    assert refusal(shelf().edit_of("own-7")).nearest == "own-1, own-2, own-3"
    assert refusal(shelf().edit_of("own-3")).nearest == "a copy of it"


@pytest.mark.parametrize(("off_ms", "use"), [(8_000, CallUse.MAY), (4_000, CallUse.NO)])
def test_contractions_are_offered_on_call_only_where_the_rest_allows_it(
    off_ms: int, use: CallUse
) -> None:
    copied = draft("Let go", "contract-relax", 5)
    for path, value in {"work.times.plateau_ms": 1_000, "work.times.off_ms": off_ms}.items():
        copied = with_value(copied, path, value)
    assert refuse_draft(copied) is None
    programme = NONE.kept("own-1", version(copied)).programme("own-1")
    assert programme is not None
    assert programme.on_call is use


def test_a_refusal_names_an_own_programme_by_its_title() -> None:
    programme = shelf().programme("own-2")
    assert programme is not None
    assert refusal(refuse_region(programme, "suboccipital")).asked.startswith("Strong back on")


# --- what may be kept --------------------------------------------------------------------------


def test_the_next_version_is_kept_and_no_other() -> None:
    assert refuse_kept(shelf(), "own-1", 3, draft(), "longer") is None
    assert refuse_kept(shelf(), "own-4", 1, draft(), "new") is None
    for name, number, nearest in (
        ("own-1", 2, "own-1 version 3"),
        ("own-1", 4, "own-1 version 3"),
        ("own-1", -1, "own-1 version 3"),
        ("own-4", 2, "own-4 version 1"),
        ("own-5", 1, "own-4 version 1"),
        ("conventional-tens", 1, "own-4 version 1"),
        ("", 1, "own-4 version 1"),
    ):
        assert refusal(refuse_kept(shelf(), name, number, draft(), "x")).nearest == nearest
    assert refusal(refuse_kept(shelf(), "own-3", 2, draft(), "x")).limit == "own programme"


def test_there_is_an_end_to_names_and_to_versions() -> None:
    own = NONE
    for number in range(200):
        own = own.kept(f"own-{number + 1}", version(draft()))
    assert refusal(refuse_kept(own, "own-201", 1, draft(), "x")).allowed == "at most 200"
    many = NONE
    for _ in range(99):
        many = many.kept("own-1", version(draft()))
    assert refusal(refuse_kept(many, "own-1", 100, draft(), "x")).allowed == "at most 99"


@pytest.mark.parametrize("title", ["", " ", "x" * 41, " a", "a ", "a\nb", "\u202egnp", "\u3164"])
def test_a_title_has_to_be_read_in_one_line(title: str) -> None:
    found = refusal(refuse_kept(NONE, "own-1", 1, draft(title), "new"))
    assert found.asked == f"a title of {len(title)} characters"


@pytest.mark.parametrize("reason", ["", "  ", "\u202e"])
def test_nothing_is_kept_or_retired_without_a_reason(reason: str) -> None:
    assert refusal(refuse_kept(NONE, "own-1", 1, draft(), reason)).limit == "reason"
    assert refusal(refuse_retired(shelf(), "own-1", reason)).limit == "reason"


def test_a_draft_that_breaks_a_limit_is_not_kept() -> None:
    found = refusal(refuse_kept(NONE, "own-1", 1, draft(minutes=61), "longer"))
    assert found.nearest == "60 min"


def test_what_is_not_there_or_retired_already_is_not_retired() -> None:
    assert refuse_retired(shelf(), "own-1", "replaced") is None
    assert refusal(refuse_retired(shelf(), "own-3", "replaced")).asked == "Old, which is retired"
    assert refusal(refuse_retired(shelf(), "own-1@1", "replaced")).asked == "own-1@1"
    assert refusal(refuse_retired(NONE, "burst-tens", "x")).nearest == "none"
