"""The pages `own_programmes`, `own_copy:NAME`, `own_edit:NAME` and `own_draft:PART:JSON`.

The last one judges a draft as a prescription and says of every field where its keys lead.
"""

from collections.abc import Iterator, Sequence

import msgspec

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.choice import choice_text
from appliance.clinical.own.changes import changes_of
from appliance.clinical.own.draft import OwnDraft, parts_of
from appliance.clinical.own.fields import field_name, with_value
from appliance.clinical.own.files import read_words
from appliance.clinical.own.judge import RULE, Broken, Judged, countable, judge
from appliance.clinical.own.notes import notes_of
from appliance.clinical.own.outline import Outline, outlines_of
from appliance.clinical.own.shelf import OwnProgrammes, Wanted
from appliance.clinical.own.steps import Choice, Steps, choices_of, steps_of
from appliance.control.pages.page import PageSources, Row, Rows, plain_text, plain_time
from appliance.core.limits import limits
from appliance.core.limits.limits import Region
from appliance.core.prescription.contraction_counts import contractions_in, most_contractions
from appliance.core.prescription.part_list_checks import part_durations
from appliance.core.prescription.waveform import Leading
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, text
from drivers.quantities import US_PER_S


def own_rows(_: str, sources: PageSources) -> Iterator[Row]:
    """Yield every own programme with its versions, retired ones too; the first kept first."""
    own = sources.patients.own
    for name in own.versions:
        yield own_row(name, own)


def own_row(name: str, own: OwnProgrammes) -> Row:
    """Return one own programme as a row: its newest version, and who kept which when and why."""
    versions = own.versions[name]
    newest = versions[-1].draft
    base, refusal = load_catalogue().get(newest.base), own.refuse_use(name)
    return {
        "name": name,
        "version": len(versions),
        "programme": f"{name}@{len(versions)}",
        "title": newest.title,
        "base": newest.base,
        "base_title": None if base is None else plain_text(base.title_text),
        "kind": None if base is None else base.kind.value,
        "purpose": None if base is None else base.purpose.value,
        "region": newest.region,
        "minutes": newest.minutes,
        "retired": name in own.retired,
        "usable": refusal is None,
        "why_not": None if refusal is None else plain_text(refusal.text()),
        "draft": msgspec.to_builtins(newest),
        "versions": [
            {
                "version": number,
                "title": version.draft.title,
                "by": version.by,
                "at": plain_time(version.at),
                "reason": version.reason,
            }
            for number, version in enumerate(versions, 1)
        ],
    }


def copy_rows(name: str, sources: PageSources) -> Rows:
    """Return one row: the name and version of a copy, and its draft."""
    return _wanted(sources.patients.own.copy_of(name))


def edit_rows(name: str, sources: PageSources) -> Rows:
    """Return one row: an own programme, its next version, and the draft to begin with."""
    return _wanted(sources.patients.own.edit_of(name))


def _wanted(found: Wanted | Refusal) -> Rows:
    if isinstance(found, Refusal):
        return found
    draft = msgspec.to_builtins(found.draft)
    return ({"name": found.name, "version": found.version, "draft": draft},)


def draft_rows(wanted: str, _: PageSources) -> Rows:
    """Return what there is to say of a draft: judged, and its fields for the part looked at."""
    part, _colon, words = wanted.partition(":")
    draft = read_words(words)
    if isinstance(draft, Refusal):
        return draft
    parts = parts_of(draft)
    if part not in parts:
        return Refusal(RULE, text("own.no_part"), listed(list(parts)[: limits.PARTS_MAX]), "work")
    if not countable(draft):
        return judge(draft).broken[0].refusal
    return _rows(draft, part)


def _rows(draft: OwnDraft, part: str) -> Iterator[Row]:
    judged, steps, changes = judge(draft), steps_of(draft, part), tuple(changes_of(draft, part))
    yield {"kind": "draft", **_whole(draft, judged, part)}
    for broken in judged.broken:
        yield {"kind": "refusal", **_broken(draft, broken, judged, steps)}
    for step in steps:
        yield {"kind": "field", **_field(step, part)}
    for choice in choices_of(draft, part):
        yield {"kind": "choice", **_choice(choice, part)}
    for change in changes:
        yield {
            "kind": "change",
            "change": change.name,
            "name": plain_text(text(f"own_change.{change.name}")),
            "accepted": not judge(change.draft).broken,
            "draft": msgspec.to_builtins(change.draft),
            "part": change.part,
        }
    for outline in outlines_of(draft):
        yield {"kind": "outline", **_outline(outline)}
    for note in notes_of(draft, part):
        yield {"kind": "note", "text": plain_text(note)}


def _whole(draft: OwnDraft, judged: Judged, part: str) -> Row:
    asked, names = judged.prescription, list(parts_of(draft))
    most = seconds = contractions = None
    if asked is not None:
        own = part_durations(asked.parts, asked.duration_us)
        seconds = {names[number]: us // US_PER_S for number, us in own.items()}
        contractions = contractions_in(asked, asked.duration_us) or None
        most = most_contractions(asked.kind, first=False) if contractions else None
    return {
        "accepted": asked is not None,
        "draft": msgspec.to_builtins(draft),
        "part": part,
        "parts": [{"part": name, "name": plain_text(part_name(name))} for name in names],
        "minutes": draft.minutes,
        "ceiling_ua": None if asked is None else asked.ceiling_ua,
        "contractions": contractions,
        "contractions_most": most,
        "part_seconds": seconds,
    }


def part_name(part: str) -> Text:
    """Return what a part is called; those before and after are counted where there are more."""
    kind, _, number = part.partition(".")
    return text(f"own_part.{kind}", number=int(number or 0) + 1)


def _broken(draft: OwnDraft, broken: Broken, judged: Judged, steps: Sequence[Steps]) -> Row:
    """Return a refusal, and which values of the fields shown take it away."""
    rule, refusal = (broken.part, broken.refusal.rule), broken.refusal
    changes = [
        {"field": step.path, "value": step.heals}
        for step in steps
        if step.heals is not None
        and rule in judged.rules - judge(with_value(draft, step.path, step.heals)).rules
    ]
    return {
        "part": broken.part,
        "rule": plain_text(Text(refusal.rule)),
        "text": plain_text(refusal.text()),
        "asked": plain_text(refusal.asked),
        "allowed": plain_text(refusal.allowed),
        "nearest": plain_text(refusal.nearest),
        "changes": changes,
    }


def _field(step: Steps, part: str) -> Row:
    return {
        "field": step.path,
        "part": part if step.path.startswith(f"{part}.") else "",
        "name": plain_text(field_name(step.path)),
        "unit": step.field.unit,
        "value": step.value,
        "least": step.least,
        "most": step.most,
        "step": step.field.step,
        "lower": step.lower,
        "higher": step.higher,
        "heals": step.heals,
    }


def _choice(choice: Choice, part: str) -> Row:
    return {
        "field": choice.path,
        "part": part if choice.path.startswith(f"{part}.") else "",
        "name": plain_text(field_name(choice.path)),
        "value": choice.value,
        "choices": [
            {
                "value": value,
                "name": plain_text(_value_name(value)),
                "accepted": not judge(draft).broken,
                "draft": msgspec.to_builtins(draft),
            }
            for value, draft in choice.drafts
        ],
    }


def _value_name(value: str | bool) -> Text:
    if isinstance(value, bool):
        return text("own.in_turn" if value else "own.together")
    if value in set(Region):
        return choice_text(Region(value))
    return choice_text(Leading(value))


def _outline(outline: Outline) -> Row:
    train = outline.train
    burst, sweep = train.burst, train.sweep
    pulses = 1 if burst is None else burst.pulses
    return {
        "part": outline.part,
        "points": [list(point) for point in outline.points],
        "cycle_ms": outline.cycle_ms,
        "rate_hz": train.rate_hz,
        "phase_us": train.phase_us,
        "interphase_us": train.interphase_us,
        "leading": train.leading.value,
        "pulses": train.carrier_cycles or pulses,
        "pulses_hz": None if burst is None else burst.rate_hz,
        "carrier": train.carrier_cycles is not None,
        "rate_to_hz": None if sweep is None else sweep.rate_hz,
        "phase_to_us": None if sweep is None else sweep.phase_us,
        "sweep_s": None if sweep is None else sweep.cycle_s,
    }
