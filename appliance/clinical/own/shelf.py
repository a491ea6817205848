"""The own programmes of a unit: every version that was kept, in order. Pure.

A version never changes and never goes: a session of years ago names it. What is retired is offered
no more. The unit gives the names, own-1, own-2 and so on; people know a programme by its title.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from appliance.clinical.catalogue import find
from appliance.clinical.fact import FactTime
from appliance.clinical.own.draft import OwnDraft
from appliance.clinical.own.judge import RULE, judge, refuse_draft
from appliance.clinical.own.programme import draft_of, to_programme, without_calls
from appliance.clinical.programme import Programme
from appliance.core.readable_text import refuse_reason, says_something
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import at_most, listed
from appliance.texts.text import text

MOST_NAMES = 200
MOST_VERSIONS = 99
"""More own programmes than a list can be looked through, and versions than one is changed (D)."""
TITLE_MOST = 40
"""Characters of a title: a line of the chooser."""
_NAME = re.compile(r"own-([1-9][0-9]{0,3})(?:@([1-9][0-9]{0,3}))?")


class OwnVersion(NamedTuple):
    """A version as it was kept: by whom, when and why."""

    draft: OwnDraft
    by: str
    at: FactTime
    reason: str


class Wanted(NamedTuple):
    """What is edited: the name and version it will be kept as, and the draft to begin with."""

    name: str
    version: int
    draft: OwnDraft


@dataclass(frozen=True, slots=True)
class OwnProgrammes:
    """Every version by name, the first one first; and the names that were retired."""

    versions: Mapping[str, tuple[OwnVersion, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    retired: frozenset[str] = frozenset()

    def kept(self, name: str, version: OwnVersion) -> "OwnProgrammes":
        """Return them with one version more."""
        versions = {**self.versions, name: (*self.versions.get(name, ()), version)}
        return replace(self, versions=MappingProxyType(versions))

    def without(self, name: str) -> "OwnProgrammes":
        """Return them with a name retired."""
        return replace(self, retired=self.retired | {name})

    @property
    def next_name(self) -> str:
        """Return the name of the next own programme."""
        return f"own-{len(self.versions) + 1}"

    def version_of(self, name: str) -> tuple[str, int, OwnVersion] | None:
        """Return name, number and content of "own-3@2", or of the newest version of "own-3"."""
        found = _NAME.fullmatch(name)
        versions = self.versions.get(f"own-{found[1]}", ()) if found else ()
        if found is None or not versions:
            return None
        number = int(found[2] or len(versions))
        if number > len(versions):
            return None
        return f"own-{found[1]}", number, versions[number - 1]

    def programme(self, name: str) -> Programme | None:
        """Return a version as a programme, retired or not; None where it is not known."""
        found = self.version_of(name)
        if found is None:
            return None
        programme = to_programme(found[2].draft, f"{found[0]}@{found[1]}")
        return None if programme is None else without_calls(programme)

    def usable(self) -> Iterator[Programme]:
        """Yield the newest version of each name that may be prescribed: not retired, accepted."""
        for name, versions in self.versions.items():
            programme = self.programme(name)
            if name in self.retired or programme is None or judge(versions[-1].draft).broken:
                continue
            yield programme

    def refuse_use(self, name: str) -> Refusal | None:
        """Refuse to prescribe what was retired, or what is no longer accepted."""
        found = self.version_of(name)
        if found is None:
            return None
        if found[0] in self.retired:
            return _retired(found[2].draft.title)
        return refuse_draft(found[2].draft)

    def copy_of(self, name: str) -> Wanted | Refusal:
        """Return a copy of any programme, to be kept under a new name."""
        found = self.version_of(name)
        if found is not None:
            return Wanted(self.next_name, 1, found[2].draft)
        programme = find(name)
        if isinstance(programme, tuple):
            return unknown(name, programme)
        return Wanted(self.next_name, 1, draft_of(programme, ""))

    def edit_of(self, name: str) -> Wanted | Refusal:
        """Return what the next version of an own programme begins with."""
        found = self.version_of(name)
        if found is None:
            return unknown(name, tuple(self.versions))
        if found[0] in self.retired:
            return _retired(found[2].draft.title)
        newest = self.versions[found[0]]
        return Wanted(found[0], len(newest) + 1, newest[-1].draft)


NONE = OwnProgrammes()


def find_any(name: str, own: OwnProgrammes) -> Programme | tuple[str, ...]:
    """Return an own programme or one of the catalogue, or the names nearest to it."""
    return own.programme(name) or find(name)


def unknown(name: str, near: tuple[str, ...]) -> Refusal:
    """Refuse a name that no programme has."""
    names = listed(list(near[:3]))
    return Refusal("refusal.programme", name, text("programme.allowed"), names)


def refuse_kept(
    own: OwnProgrammes, name: str, version: int, draft: OwnDraft, reason: str
) -> Refusal | None:
    """Refuse a version that does not follow the last one, or whose draft is not accepted."""
    return (
        _refuse_place(own, name, version)
        or refuse_title(draft.title)
        or refuse_reason(reason)
        or refuse_draft(draft)
    )


def refuse_retired(own: OwnProgrammes, name: str, reason: str) -> Refusal | None:
    """Refuse to retire what is not there, or is retired already."""
    if name not in own.versions:
        return unknown(name, tuple(own.versions))
    if name in own.retired:
        return _retired(own.versions[name][-1].draft.title)
    return refuse_reason(reason)


def refuse_title(title: str) -> Refusal | None:
    """Refuse a title that is no line of a chooser: empty, too long, or not to be read."""
    if says_something(title) and len(title) <= TITLE_MOST and title == title.strip():
        return None
    asked, allowed = text("own.title", count=len(title)), text("own.title_most", most=TITLE_MOST)
    return Refusal(RULE, asked, allowed, text("own.title_example"))


def _refuse_place(own: OwnProgrammes, name: str, version: int) -> Refusal | None:
    known = own.versions.get(name)
    if known is None:
        if name == own.next_name and version == 1 and len(own.versions) < MOST_NAMES:
            return None
        asked = text("own.version", name=name[:16], version=version)
        if len(own.versions) >= MOST_NAMES:
            return Refusal(RULE, asked, at_most(MOST_NAMES), text("own.change_one"))
        nearest = text("own.version", name=own.next_name, version=1)
        return Refusal(RULE, asked, text("own.next"), nearest)
    if name in own.retired:
        return _retired(known[-1].draft.title)
    following = len(known) + 1
    if version == following and following <= MOST_VERSIONS:
        return None
    asked = text("own.version", name=name, version=version)
    if following > MOST_VERSIONS:
        return Refusal(RULE, asked, at_most(MOST_VERSIONS), text("own.copy_it"))
    nearest = text("own.version", name=name, version=following)
    return Refusal(RULE, asked, text("own.next"), nearest)


def _retired(title: str) -> Refusal:
    asked = text("own.retired", title=title[:TITLE_MOST])
    return Refusal(RULE, asked, text("own.not_retired"), text("own.copy_it"))
