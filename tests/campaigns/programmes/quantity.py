"""A quantity of a programme as its file asks for it and as recordings have it, with a tolerance."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Quantity:
    """What was asked, and what was measured from `least` to `most`; infinite where nothing was.

    It is as asked from `below` under it to `above` over it. `train` is "" for a programme of one.
    """

    train: str
    name: str
    unit: str
    asked: float
    least: float
    most: float
    below: float
    above: float

    @property
    def is_as_asked(self) -> bool:
        return self.asked - self.below <= self.least and self.most <= self.asked + self.above

    @property
    def was_measured(self) -> bool:
        return math.isfinite(self.least) and math.isfinite(self.most)


def quantity(  # noqa: PLR0913, PLR0917: one column of the table each
    train: str,
    name: str,
    unit: str,
    asked: float,
    values: Sequence[float],
    below: float = 0.0,
    above: float | None = None,
) -> Quantity:
    """Return a quantity of these values, with the same tolerance on both sides unless given."""
    least, most = (min(values), max(values)) if values else (-math.inf, math.inf)
    upper = below if above is None else above
    return Quantity(train, name, unit, asked, least, most, below, upper)


def merged(found: Iterable[Quantity]) -> list[Quantity]:
    """Return each quantity once, from its least to its most, in the order of their first.

    Where one source did not see it, the others count; where none did it stays without a value.
    """
    by_name: dict[tuple[str, str], Quantity] = {}
    for each in found:
        key = each.train, each.name
        other = by_name.get(key)
        if other is None or not other.was_measured:
            by_name[key] = each
        elif each.was_measured:
            least, most = min(each.least, other.least), max(each.most, other.most)
            below, above = max(each.below, other.below), max(each.above, other.above)
            by_name[key] = replace(other, least=least, most=most, below=below, above=above)
    return list(by_name.values())
