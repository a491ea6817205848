"""Judge a draft as a prescription: the very path that a treatment takes, with both channels.

No limit is written down here again. The only refusals of its own are numbers beyond the outer
bounds of `fields` (a slip of the unit), a carrier whose held phase never changes, and a base that
is not in the catalogue.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from appliance.clinical.catalogue import load_catalogue, to_prescription
from appliance.clinical.own.draft import OwnDraft, parts_of
from appliance.clinical.own.fields import (
    HOLD_ORDER,
    Field,
    every_field,
    field_name,
    field_of,
    part_of,
    quantity,
    with_value,
)
from appliance.clinical.own.programme import to_programme
from appliance.core.limits import limits
from appliance.core.prescription.prescription import Prescription, PrescriptionError
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import between, listed
from appliance.texts.text import Text, TextValue, text

RULE = "refusal.own_programme"
BOTH_SIDES = (1, 2)
"""A side has a channel; what both together may do, one alone may do."""
JUDGED = "own"
"""The name of a draft that is judged; nothing records it."""


class Broken(NamedTuple):
    """A limit that a draft breaks: the part it is of ("" for the session), and the refusal."""

    part: str
    refusal: Refusal


class Judged(NamedTuple):
    """What became of a draft: a prescription for both sides, or what it breaks."""

    prescription: Prescription | None
    broken: tuple[Broken, ...]

    @property
    def rules(self) -> frozenset[tuple[str, str]]:
        """Return each limit that is broken, with the part it is broken in."""
        return frozenset((each.part, each.refusal.rule) for each in self.broken)


def judge(draft: OwnDraft) -> Judged:
    """Return the prescription that a draft makes, or every refusal.

    What a refusal offers as the nearest is accepted with everything else as it is, unless more than
    one thing is wrong.
    """
    slips = _slips(draft)
    return Judged(None, slips) if slips else _prescribed(draft)


def rules_within(draft: OwnDraft) -> frozenset[tuple[str, str]]:
    """Return what a draft breaks whose numbers are known to lie within their bounds."""
    return frozenset((*_prescribed(draft).rules, *Judged(None, _held(draft)).rules))


def refuse_draft(draft: OwnDraft) -> Refusal | None:
    """Return the first refusal of a draft, None where it is accepted."""
    return next((each.refusal for each in judge(draft).broken), None)


def countable(draft: OwnDraft) -> bool:
    """Return whether it can be said of each field how far it may go: a base, and few parts."""
    return draft.base in load_catalogue() and len(parts_of(draft)) <= limits.PARTS_MAX


def within_bounds(draft: OwnDraft) -> OwnDraft:
    """Return a draft with every number inside its outer bounds."""
    for path, value in every_field(draft):
        field = field_of(path)
        draft = with_value(draft, path, min(max(value, field.least), field.most))
    return draft


def nearest_healing(draft: OwnDraft, path: str, value: int) -> int | None:
    """Return the value nearest to one of a field that takes a refusal away and adds none.

    The draft has its numbers within their bounds; `value` may be beyond them.
    """
    before = rules_within(draft)

    def heals(index: int) -> bool:
        return rules_within(with_value(draft, path, values[index])) < before

    values = field_of(path).values
    here = min(range(len(values)), key=lambda index: abs(values[index] - value))
    tried = _farther_and_farther(here, len(values))
    found = next(((bad, index) for bad, index in tried if heals(index)), None)
    return None if found is None else values[_first_of(heals, *found)]


def _farther_and_farther(here: int, count: int) -> Iterator[tuple[int, int]]:
    """Yield the place itself, then places half as far again on either side, at last to the ends.

    Each comes with the one before it on its side, which was tried.
    """
    yield here, here
    below = above = here
    step = 1
    while step < count:
        if here - step >= 0:
            yield below, here - step
            below = here - step
        if here + step < count:
            yield above, here + step
            above = here + step
        step += (step + 1) // 2
    for last, end in ((below, 0), (above, count - 1)):
        between = (last + end) // 2
        yield last, between
        yield between, end


def _first_of(good: Callable[[int], bool], bad: int, found: int) -> int:
    """Return the good place nearest to a bad one, on the way to one that is known to be good."""
    while abs(found - bad) > 1:
        middle = (found + bad) // 2
        bad, found = (bad, middle) if good(middle) else (middle, found)
    return found


def _slips(draft: OwnDraft) -> tuple[Broken, ...]:
    """Refuse what cannot be judged at all, or what is beyond every limit there is."""
    if draft.base not in load_catalogue():
        refusal = Refusal(
            "refusal.programme",
            text("own.base", name=draft.base[:64]),
            text("programme.allowed"),
            listed(list(load_catalogue())[:3]),
        )
        return (Broken("", refusal),)
    count = len(parts_of(draft))
    if count > limits.PARTS_MAX:
        most = limits.PARTS_MAX
        asked, nearest = text("parts.count", count=count), text("parts.count", count=most)
        allowed = text("parts.allowed", most=most)
        return (Broken("", Refusal("refusal.parts", asked, allowed, nearest)),)
    return (*_out_of_bounds(draft), *_held(draft))


def _out_of_bounds(draft: OwnDraft) -> Sequence[Broken]:
    beyond = {path: value for path, value in every_field(draft) if not _fits(path, value)}
    if not beyond:
        return ()
    inside = within_bounds(draft)
    found = []
    for path, value in beyond.items():
        field = field_of(path)
        nearest = min(max(value, field.least), field.most)
        if _held(inside) or _prescribed(inside).broken:
            healing = nearest_healing(inside, path, value)
            nearest = nearest if healing is None else healing
        found.append(Broken(part_of(path), _refuse_value(path, field, value, nearest)))
    return found


def _fits(path: str, value: int) -> bool:
    field = field_of(path)
    return field.least <= value <= field.most


def _refuse_value(path: str, field: Field, value: int, nearest: int) -> Refusal:
    def shown(number: int) -> TextValue:
        return quantity(field.unit, number)

    asked = text("own.field", name=field_name(path), value=shown(value))
    return Refusal(RULE, asked, between(shown(field.least), shown(field.most)), shown(nearest))


def _held(draft: OwnDraft) -> tuple[Broken, ...]:
    found = []
    for name, part in parts_of(draft).items():
        cycles = part.carrier_cycles
        if cycles is not None and cycles > 0 and cycles % HOLD_ORDER == 0:
            asked, nearest = text("cycles", count=cycles), text("cycles", count=cycles - 1)
            refusal = Refusal("refusal.carrier_burst", asked, text("own.held"), nearest)
            found.append(Broken(name, refusal))
    return tuple(found)


@lru_cache(maxsize=4_096)
def _prescribed(draft: OwnDraft) -> Judged:
    """Prescribe a draft; pure, so what was judged once is known."""
    programme = to_programme(draft, JUDGED)
    if programme is None:
        raise ValueError("its base was looked for before")
    try:
        asked = to_prescription(
            programme, BOTH_SIDES, region=draft.region, ceiling_ua=draft.ceiling_ua
        )
    except PrescriptionError as error:
        names = tuple(parts_of(draft))
        return Judged(None, tuple(Broken(_part(each, names), each) for each in error.refusals))
    return Judged(asked, ())


def _part(refusal: Refusal, names: Sequence[str]) -> str:
    """Return the part that a refusal names, "" where it is of the session or of the only part."""
    asked = refusal.asked
    if isinstance(asked, Text) and asked.key == "of_part":
        number = dict(asked.values)["number"]
        return names[int(str(number)) - 1]
    return ""
