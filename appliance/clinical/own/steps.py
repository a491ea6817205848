"""Where the keys of a field lead: every value that is offered is accepted when it is asked for.

In a draft that breaks a limit a value is offered if it breaks nothing more than is broken already:
the keys go on working, and `heals` says what takes a refusal away.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import msgspec

from appliance.clinical.catalogue import load_catalogue, to_prescription
from appliance.clinical.own.draft import OwnDraft, parts_of
from appliance.clinical.own.fields import CEILING_STEP_UA, Field, field_of, fields_of, with_value
from appliance.clinical.own.judge import (
    BOTH_SIDES,
    judge,
    nearest_healing,
    rules_within,
    within_bounds,
)
from appliance.clinical.own.programme import regions_for, to_programme
from appliance.core.limits.limits import smallest_pad_mm2
from appliance.core.prescription.prescription import PrescriptionError
from appliance.core.prescription.waveform import Leading

_UNEVEN = ("burst.pulses", "burst.rate_hz")
"""Fields that may be accepted, refused and accepted again: looked through value by value."""


class Steps(NamedTuple):
    """A field and where it may go: `lower` and `higher` by one key, `least` and `most` by many.

    `heals` is the value nearest to this one that takes away every refusal which another value of
    this field alone takes away, None where there is none.
    """

    path: str
    value: int
    lower: int | None
    higher: int | None
    least: int
    most: int
    heals: int | None

    @property
    def field(self) -> Field:
        """Return unit and outer bounds."""
        return field_of(self.path)


class Choice(NamedTuple):
    """A field that is chosen: the value it has, and the draft that each value leads to.

    Another region takes the highest level down to what is allowed there, and too small pads up.
    """

    path: str
    value: str | bool
    drafts: tuple[tuple[str | bool, OwnDraft], ...]


def steps_of(draft: OwnDraft, part: str) -> tuple[Steps, ...]:
    """Return the fields of the session and of a part, each with everything else as it is."""
    inside = within_bounds(draft)
    refused = bool(judge(draft).broken)
    fields = (*fields_of(draft, ""), *fields_of(draft, part))
    return tuple(_steps(inside, path, value, refused=refused) for path, value in fields)


def _steps(draft: OwnDraft, path: str, value: int, *, refused: bool) -> Steps:
    """Return the steps of a field; the draft has its numbers within their bounds."""
    before, values = rules_within(draft), field_of(path).values

    def accepts(index: int) -> bool:
        return rules_within(with_value(draft, path, values[index])) <= before

    inside = min(max(value, values[0]), values[-1])
    below = [index for index, each in enumerate(values) if each < inside]
    above = [index for index, each in enumerate(values) if each > inside]
    uneven = path.endswith(_UNEVEN)
    lowest = _reach(accepts, below[::-1], uneven=uneven)
    highest = _reach(accepts, above, uneven=uneven)
    return Steps(
        path,
        value,
        None if lowest is None else values[below[-1]],
        None if highest is None else values[above[0]],
        inside if lowest is None else values[lowest],
        inside if highest is None else values[highest],
        _healing(draft, path, value, inside) if refused else None,
    )


def _healing(draft: OwnDraft, path: str, value: int, inside: int) -> int | None:
    """Return the nearest value that takes away every refusal that this field can take away.

    Beyond the bounds that is at least what lies in them.
    """
    healing = None if value == inside else inside
    while (found := nearest_healing(draft, path, value)) is not None:
        draft, value, healing = with_value(draft, path, found), found, found
    return healing


def _reach(accepts: Callable[[int], bool], places: list[int], *, uneven: bool) -> int | None:
    """Return the last place on the way that is accepted with all before it; None for not one."""
    if not places or not accepts(places[0]):
        return None
    if not uneven and accepts(places[-1]):
        return places[-1]
    good, bad = 0, len(places)
    while bad - good > 1:
        middle = good + 1 if uneven else (good + bad) // 2
        if accepts(places[middle]):
            good = middle
        else:
            bad = middle
    return places[good]


def choices_of(draft: OwnDraft, part: str) -> tuple[Choice, ...]:
    """Return what is chosen of the session and of a part: region, turns, the leading phase."""
    base = load_catalogue().get(draft.base)
    regions = () if base is None else regions_for(base)
    found = [
        _choice(draft, "region", draft.region, tuple(region.value for region in regions)),
        _choice(draft, "alternating", draft.alternating, (False, True)),
    ]
    train = parts_of(draft)[part]
    if train.carrier_cycles is None:
        leading = tuple(each.value for each in Leading)
        found.append(_choice(draft, f"{part}.leading", train.leading.value, leading))
    return tuple(found)


def _choice(
    draft: OwnDraft, path: str, value: str | bool, values: tuple[str | bool, ...]
) -> Choice:
    drafts = []
    for each in values:
        chosen = Leading(str(each)) if path.endswith(".leading") else each
        drafts.append((each, _on_level(with_value(draft, path, chosen), path)))
    return Choice(path, value, tuple(drafts))


def _on_level(draft: OwnDraft, path: str) -> OwnDraft:
    programme = to_programme(draft, "") if path == "region" else None
    if programme is None or not judge(draft).broken:
        return draft
    with suppress(PrescriptionError):
        area_mm2 = max(draft.pad_area_mm2, smallest_pad_mm2(programme.region, programme.purpose))
        ceiling_ua = to_prescription(
            programme, BOTH_SIDES, region=draft.region, pad_area_mm2=area_mm2
        ).ceiling_ua
        fitting_ua = ceiling_ua // CEILING_STEP_UA * CEILING_STEP_UA
        return msgspec.structs.replace(draft, ceiling_ua=fitting_ua, pad_area_mm2=area_mm2)
    return draft
