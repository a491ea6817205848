"""The pages `programmes`, `evidence`, `offers` and `told:PROGRAMME`: what there is and is told.

Sides are those of every programme: one, or both with a channel each.
"""

from collections.abc import Iterator

import msgspec

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue, to_prescription
from appliance.clinical.course.minutes import minutes_offered, note_of
from appliance.clinical.offers.evidence import load_evidence
from appliance.clinical.offers.offers import load_offers, mechanism_of
from appliance.clinical.own.programme import is_for
from appliance.clinical.own.shelf import find_any, unknown
from appliance.clinical.pre_use.told import to_tell
from appliance.clinical.programme import Programme
from appliance.control.pages.page import PageSources, Row, Rows, plain_text
from appliance.core.refusal import Refusal
from appliance.texts.text import Text, text
from drivers.quantities import US_PER_S

US_PER_MIN = 60 * US_PER_S
CHOU, WHO_CHOU = "Chou 2018", "WHO 2023, Chou 2018"
CITED = ("Chou 2018, doi 10.1007/s00586-017-5433-8", "WHO 2023, ISBN 978-92-4-008178-9")
"""Of back and neck pain; of chronic primary low back pain."""
FIRST_FOR_THE_BACK = (
    ("guideline.exercise", WHO_CHOU),
    ("guideline.active", WHO_CHOU),
    ("guideline.manual", WHO_CHOU),
    ("guideline.cbt", CHOU),
)
FIRST_FOR_THE_NECK = (
    ("guideline.exercise", CHOU),
    ("guideline.active", CHOU),
    ("guideline.manual", CHOU),
    ("guideline.relaxing", CHOU),
)
"""What guidelines recommend before electrical stimulation, and which ones do."""


def find_programme(name: str, sources: PageSources) -> Programme | Refusal:
    """Return a programme by its name, own ones too, or the refusal that names the nearest."""
    programme = find_any(name, sources.patients.own)
    return unknown(name, programme) if isinstance(programme, tuple) else programme


def programme_title(name: str | None, recorded: str = "") -> object:
    """Return what a recorded programme is called; its name where the catalogue has it no more.

    `recorded` is the title that the records have of an own one, "" without.
    """
    programme = load_catalogue().get(name or "")
    return recorded or name or "" if programme is None else plain_text(programme.title_text)


def programme_rows(_: str, sources: PageSources) -> Iterator[Row]:
    """Yield every programme with its numbers, their sources, and texts as keys; own ones last.

    `minutes` is what it takes where nobody asks for others, `minutes_offered` are those to choose
    from, each with a note or None; ceilings are those of each region with
    the programme's own pads and no reason given. Numbers of the wave are as in its file.
    """
    for programme in (*load_catalogue().values(), *sources.patients.own.usable()):
        yield {
            **msgspec.to_builtins(programme),
            "title": plain_text(programme.title_text),
            "own": bool(programme.own_title),
            "summary": plain_text(what_it_is(programme)),
            "sides": [side.value for side in Side],
            "minutes": programme.duration_us / US_PER_MIN,
            "minutes_offered": [
                {"minutes": minutes, "note": None if note is None else plain_text(note)}
                for minutes in minutes_offered(programme)
                for note in (note_of(programme, minutes),)
            ],
            "ceilings_ua": {
                region.value: to_prescription(programme, region=region).ceiling_ua
                for region in programme.regions
            },
            "evidence": {
                "supporting": plain_text(Text(programme.evidence.supporting)),
                "opposing": plain_text(Text(programme.evidence.opposing)),
                "guidelines": [
                    {"what": plain_text(Text(key)), "source": source}
                    for key, source in _guidelines(programme)
                ],
                "cited": list(CITED),
                "guideline": plain_text(Text(load_evidence().guideline)),
                "mechanism": _said(mechanism_of(programme.kind)),
            },
        }


def what_it_is(programme: Programme) -> Text:
    """Return in a line what a programme does; of an own one what it was made from."""
    if programme.own_title:
        return text("own.base", name=Text(programme.title))
    return Text(programme.summary)


def evidence_rows(_: str, _sources: PageSources) -> Iterator[Row]:
    """Yield one row, what holds for every programme: guidelines beside stimulation and against."""
    general = load_evidence()
    yield {
        "difference": plain_text(Text(general.difference)),
        "guideline": plain_text(Text(general.guideline)),
        "not_identified": plain_text(Text(general.not_identified)),
        "alternatives": [
            {"what": plain_text(Text(each.what)), "pain": list(each.pain), "source": each.source}
            for each in general.alternative
        ],
        "advised_against": [
            {"what": plain_text(Text(each.what)), "source": each.source}
            for each in general.advised_against
        ],
    }


def _guidelines(programme: Programme) -> tuple[tuple[str, str], ...]:
    return FIRST_FOR_THE_NECK if programme.region.is_neck else FIRST_FOR_THE_BACK


def offer_rows(_: str, sources: PageSources) -> Iterator[Row]:
    """Yield every goal with what each region is offered, or the reason why nothing."""
    own = tuple(sources.patients.own.usable())
    for row in load_offers():
        yield {
            "goal": row.goal.value,
            "title": plain_text(Text(row.title)),
            "mechanism": _said(row.mechanism),
            "source": row.source,
            "regions": {
                region.value: {
                    "programmes": list(offer.programmes),
                    "own": bool(offer.programmes) or offer.own,
                    "own_programmes": [
                        programme.name
                        for programme in own
                        if programme.region is region and is_for(programme, row)
                    ],
                    "reason": _said(offer.reason),
                    "note": _said(offer.note),
                }
                for region, offer in row.by_region.items()
            },
        }


def _said(key: str) -> object:
    """Return a text of a key, None for none."""
    return plain_text(Text(key)) if key else None


def told_rows(name: str, sources: PageSources) -> Rows:
    """Return what the patient is told before a programme, a sentence a row."""
    programme = find_programme(name, sources)
    if isinstance(programme, Refusal):
        return programme
    return ({"say": plain_text(sentence)} for sentence in to_tell(programme))
