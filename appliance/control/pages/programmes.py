"""The pages `programmes` and `told:PROGRAMME`: the catalogue, and what a patient is told.

Sides are those of every programme: one, or both with a channel each.
"""

from collections.abc import Iterator

import msgspec

from appliance.clinical.body import Side
from appliance.clinical.catalogue import find, load_catalogue, to_prescription
from appliance.clinical.pre_use.told import to_tell
from appliance.clinical.programme import Programme
from appliance.control.pages.page import PageSources, Row, Rows, plain_text
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, text
from drivers.quantities import US_PER_S

US_PER_MIN = 60 * US_PER_S


def find_programme(name: str) -> Programme | Refusal:
    """Return a programme by its name, or the refusal that names the nearest."""
    programme = find(name)
    if isinstance(programme, Programme):
        return programme
    allowed = text("programme.allowed")
    return Refusal("refusal.programme", name, allowed, listed(list(programme)))


def programme_rows(_: str, _sources: PageSources) -> Iterator[Row]:
    """Yield every programme with its numbers, their sources, and texts as keys.

    `minutes` is what it takes where nobody asks for less; ceilings are those of each region with
    the programme's own pads and no reason given. Numbers of the wave are as in its file.
    """
    for programme in load_catalogue().values():
        yield {
            **msgspec.to_builtins(programme),
            "title": plain_text(Text(programme.title)),
            "summary": plain_text(Text(programme.summary)),
            "sides": [side.value for side in Side],
            "minutes": programme.duration_us / US_PER_MIN,
            "ceilings_ua": {
                region.value: to_prescription(programme, region=region).ceiling_ua
                for region in programme.regions
            },
            "evidence": {
                "supporting": plain_text(Text(programme.evidence.supporting)),
                "opposing": plain_text(Text(programme.evidence.opposing)),
            },
        }


def told_rows(name: str, _: PageSources) -> Rows:
    """Return what the patient is told before a programme, a sentence a row."""
    programme = find_programme(name)
    if isinstance(programme, Refusal):
        return programme
    return ({"say": plain_text(sentence)} for sentence in to_tell(programme))
