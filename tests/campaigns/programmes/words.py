"""Numbers and trains in words, as the page has them."""

from collections.abc import Iterable, Sequence

from tests.campaigns.programmes.quantity import Quantity

OF_A_TRAIN = {
    "pulses": "{} a second",
    "bursts": "{} bursts a second",
    "pulses in a burst": "of {}",
    "rate in a burst": "at {} a second",
    "cycles in a burst": "of {} cycles",
    "carrier": "at {} Hz",
    "lowest rate": "{} to",
    "highest rate": "{} a second",
    "phase": "{} µs",
    "lowest phase": "{} to",
    "highest phase": "{} µs",
    "sweep": "in {} s",
    "share of the level": "{} %",
    "length": "{} s long",
    "ramp up": "up {}",
    "plateau": "plateau {}",
    "ramp down": "down {} s",
    "rest": "rest {} s",
    "rest, the active one in it": "rest {} s",
    "silence before the active rest": "after {} s",
}
"""What the line of a programme says of each train, in this order."""


def number(value: float) -> str:
    """Return a number with at most three decimals, without zeros at its end."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def measured(quantity: Quantity) -> str:
    """Return what was measured: one number, or from the least to the most."""
    if not quantity.was_measured:
        return "not seen"
    least, most = number(quantity.least), number(quantity.most)
    return least if least == most else f"{least} to {most}"


def tolerance(quantity: Quantity) -> str:
    """Return what may differ, "" for nothing."""
    below, above = number(quantity.below), number(quantity.above)
    if below == above:
        return "" if below == "0" else f"± {below}"
    return f"-{below}, +{above}"


def line(quantities: Iterable[Quantity], *, asked: bool) -> str:
    """Return the trains of a programme in one line, as asked or as measured."""
    trains: dict[str, list[Quantity]] = {}
    for each in quantities:
        if each.name in OF_A_TRAIN and not each.name.startswith("on call"):
            trains.setdefault(each.train, []).append(each)
    told = [_train(name, found, asked=asked) for name, found in trains.items()]
    return "; ".join(told)


def _train(name: str, found: Sequence[Quantity], *, asked: bool) -> str:
    by_name = {each.name: each for each in found}
    words = []
    for key, form in OF_A_TRAIN.items():
        each = by_name.get(key)
        if each is None or (key == "share of the level" and each.asked == 100):
            continue
        words.append(form.format(number(each.asked) if asked else measured(each)))
    text = ", ".join(words).replace(" to, ", " to ")
    return f"{name}: {text}" if name else text
