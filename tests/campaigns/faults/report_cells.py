"""The section of the report about the cells: faults in states."""

import re
from collections import Counter
from collections.abc import Callable
from statistics import median

from tests.campaigns.faults.part import Kept, Row
from tests.campaigns.faults.scene import STATES
from tests.campaigns.faults.tables import milliseconds, table

_TARGET = re.compile(r":(?:gate\d_(?:pos|neg)|\d)")
MOST_LISTED = 25
METHOD = """\
A cell is one whole treatment on stepped time. A person unlocks, checks the contact and raises both
channels to 8 mA (80 pulses per second, or contractions of 35). In a given state a fault is
injected, half of the time in the middle of a phase. Then two seconds pass; if nothing played, a
person requests output and continues as far as the engine allows. Then no person acts for 5 s, the
fault is cleared without an acknowledgement, and another second passes. Faults of a channel or a
gate are injected on both channels. A dead engine is not run any further, and another one is started
on what the disk held at that moment.

A cell counts if 5 mA flowed in the load before the fault (RampUp, Delivering, RampDown; Resting: in
the contraction before), or if output was requested after it (all other states; the contact check
also with its own 2 mA). Time is measured from the fault. If nothing above the contact check was set
yet, it is measured from the first pulse from which the rule can detect the fault; for a DAC stuck
high, from the first current far above the set one. A budget counts the pulses a rule needs, at the
rate of the train, then a tick and the cut. A fault marked `again` is present for 60 ms and absent
for 40 ms, twice, before it stays: a rule that needs more pulses than there are in 60 ms starts
again each time, and has 200 ms more.
"""


def cells_section(kept: Kept) -> list[str]:
    """Return the section, with every problem and every cell that did not count."""
    rows = kept.part.rows
    counted = [row for row in rows if row["counted"]]
    left_on = sum(1 for row in rows if any("mA after" in text for text in row["problems"]))
    wrong = sum(1 for row in rows if row["problems"])
    summary = f"{len(counted)} of {len(rows)} cells count; current was left on in {left_on}"
    lines = [
        "## Every fault in every state",
        "",
        METHOD,
        f"**{summary}; {wrong} have a problem.**",
        "",
        *_by_state(rows),
        "",
        *_stopping(counted),
        "",
        *_going_on(counted),
        "",
    ]
    return [*lines, *_problems(rows), *_uncounted(rows)]


def _by_state(rows: tuple[Row, ...]) -> list[str]:
    lines = []
    for state in STATES:
        mine = [row for row in rows if row["state"] == state]
        times = [row["zero_ms"] for row in mine if row["counted"] and row["zero_ms"] is not None]
        lines.append(
            (
                state,
                str(len(mine)),
                str(sum(1 for row in mine if row["counted"])),
                str(len(times)),
                str(sum(1 for row in mine if row["problems"])),
            )
        )
    head = ("state", "cells", "counted", "output ended by it", "problems")
    return ["### States", "", *table(head, lines)]


def _stopping(rows: list[Row]) -> list[str]:
    mine = [row for row in rows if row["must"] == "stop"]
    head = (
        "fault", "rule and layer it counts on", "cells", "never began", "ended",
        "worst / its budget", "median", "ended by", "most charge", "",
    )  # fmt: skip
    lines = [_stopping_row(name, group) for name, group in _grouped(mine, _kind)]
    note = (
        "“Never began”: refused or tripped before anything was set above the contact check. "
        "Charge is all that moved through one load after the fault, µC."
    )
    return ["### Faults that have to end the output", "", note, "", *table(head, lines)]


def _stopping_row(name: str, rows: list[Row]) -> tuple[str, ...]:
    ended = [row for row in rows if row["zero_ms"] is not None]
    worst = max(ended, key=lambda row: row["zero_ms"] / row["budget_ms"], default=None)
    times = [row["zero_ms"] for row in ended]
    layers = Counter(row["layer"] for row in ended)
    missed = any("zero current" in text for row in rows for text in row["problems"])
    wrong = any(row["problems"] for row in rows)
    return (
        name,
        rows[0]["budget"],
        str(len(rows)),
        str(len(rows) - len(ended)),
        str(len(ended)),
        _of_budget(worst) + _tail(rows),
        milliseconds(median(times)) if times else "–",
        ", ".join(f"{layer} {count}" for layer, count in layers.most_common()) or "–",
        f"{max((max(row['charge_uc'], default=0) for row in rows), default=0):.3g}",
        "MISSED" if missed else "problem" if wrong else "met",
    )


def _tail(rows: list[Row]) -> str:
    longest = max((row["tail_ms"] for row in rows), default=0)
    return f" (then bled for {milliseconds(longest)})" if longest else ""


def _of_budget(worst: Row | None) -> str:
    if worst is None:
        return "–"
    return f"{milliseconds(worst['zero_ms'])} / {milliseconds(worst['budget_ms'])}"


def _going_on(rows: list[Row]) -> list[str]:
    mine = [row for row in rows if row["must"] == "go on"]
    head = ("fault", "cells", "went on", "tripped or refused", "most true current",
            "person's stop, worst", "")  # fmt: skip
    lines = [_going_row(name, group) for name, group in _grouped(mine, _kind)]
    note = (
        "8 mA were set. A person's stop is a cut (20 ms) or a fall (250 to 450 ms), by turns. "
        "What is over by the time a person tries again (a dead engine, a lost screen) is here for "
        "the states without output."
    )
    return ["### Faults with which output may go on", "", note, "", *table(head, lines)]


def _going_row(name: str, rows: list[Row]) -> tuple[str, ...]:
    stops = [row["stop_ms"] for row in rows if row["stop_ms"] is not None]
    return (
        name,
        str(len(rows)),
        str(len(stops)),
        str(len(rows) - len(stops)),
        f"{max(row['after_ma'] for row in rows):.3g} mA",
        milliseconds(max(stops)) if stops else "–",
        "problem" if any(row["problems"] for row in rows) else "met",
    )


def _problems(rows: tuple[Row, ...]) -> list[str]:
    lines = [f"- `{row['cell']}`: {text}" for row in rows for text in row["problems"]]
    if not lines:
        return ["### Missed", "", "Nothing.", ""]
    more = len(lines) - MOST_LISTED
    tail = [f"- and {more} more, in build/faults/cells.json"] if more > 0 else []
    return ["### Missed", "", *lines[:MOST_LISTED], *tail, ""]


def _uncounted(rows: tuple[Row, ...]) -> list[str]:
    lines = [f"- `{row['cell']}`: {row['why']}" for row in rows if not row["counted"]]
    head = ["### Cells that do not count", ""]
    if not lines:
        return [*head, "None.", ""]
    more = len(lines) - MOST_LISTED
    tail = [f"- and {more} more, in build/faults/cells.json"] if more > 0 else []
    return [*head, *lines[:MOST_LISTED], *tail, ""]


def _kind(row: Row) -> str:
    """Return the fault without its channel or gate; all pairs are one kind."""
    if row["family"] == "pair":
        return "two faults, a seeded choice"
    return _TARGET.sub("", row["cell"].rpartition("/")[0])


def _grouped(rows: list[Row], kind: Callable[[Row], str]) -> list[tuple[str, list[Row]]]:
    """Return the rows by kind, in the order in which the kinds first appear."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(kind(row), []).append(row)
    return list(groups.items())
