"""Writes docs/programmes.md and its pictures: what each programme asks for, and what was measured.

A programme that was not measured again keeps its row and its section; one that the catalogue no
longer has loses them.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.campaigns.bench.report import commit, machine
from tests.campaigns.programmes.asked import ROOT
from tests.campaigns.programmes.cases import Case
from tests.campaigns.programmes.published import published_section
from tests.campaigns.programmes.quantity import Quantity, merged
from tests.campaigns.programmes.words import line, measured, number, tolerance

DOCUMENT = ROOT / "docs" / "programmes.md"
PICTURES = ROOT / "docs" / "programmes"
PUBLISHED = "Published protocols"
ALL_AS_ASKED = "as asked"
ROW = re.compile(r"^\| \[([a-z0-9-]+)\]\(#", re.MULTILINE)
SECTION = re.compile(r"^## ([a-z0-9-]+)\n", re.MULTILINE)
HEAD = """\
# Programmes, asked and measured

Written by `make programmes`; `make programmes PROGRAMMES="contract-relax"` measures one again and
keeps the others. Nothing is edited by hand. No efficacy claim: this page says what current flows,
not what it does.

Every programme of the catalogue was prescribed for a simulated patient on each region that it is
offered for, on the left, the right and both sides, and where its limits let it, in turns and on
call. Engine and virtual board ran in stepped time, raised tap by tap to 10 mA, and once to the
ceiling. The recording of the board (VCD: gates and the true current through each load) was read by
a reader that shares no code with the product, and judged against the programme's file itself, not
against what the product made of it.

- A value from the least to the most is over every session, channel and pulse at the level.
- Plateau and rest follow from `on_ms` and `off_ms` of the file: the last 70 ms of `on_ms` are rest.
  A rest is at most a period and a slice longer, because the last pulse comes before the end.
- The length of a part is that of its pulses, without the second of silence before the next part.
- A contraction behind another part is announced first, and waits 10 s where a level was set in it.
- A ramp is a line through the amplitudes of its pulses. They change with each slice of 20 to 30 ms.
- A picture has one pulse, then single pulses, a contraction with its rest, a session of parts,
  or rate (blue) and phase (brown) of a sweep.
- A second of the net current lasts until the next pulse begins.
- The minutes are those prescribed; sessions were stopped once everything was seen.
- A board that plays its waves exactly shows what plan, slices, gate and driver do, not what the DMA
  of a Pi adds to an edge.

"""


@dataclass
class Measured:
    """What was found of one programme."""

    name: str
    quantities: dict[Case, list[Quantity]] = field(default_factory=dict)
    levels_ua: dict[Case, int] = field(default_factory=dict)
    failures: dict[Case, str] = field(default_factory=dict)
    picture: str = ""
    seconds: float = 0.0

    @property
    def merged(self) -> list[Quantity]:
        """Return every quantity over all sessions."""
        return merged(each for case in sorted(self.quantities) for each in self.quantities[case])

    @property
    def problems(self) -> list[str]:
        """Return what was not as asked, with its session."""
        found = [f"{case.name}: {why}" for case, why in sorted(self.failures.items())]
        found += [
            f"{case.name}: {each.train} {each.name} {measured(each)}, asked {number(each.asked)}"
            for case, quantities in sorted(self.quantities.items())
            for each in quantities
            if not each.is_as_asked
        ]
        return found


def write_page(
    found: Mapping[str, Measured], names: Collection[str], page: Path = DOCUMENT
) -> None:
    """Write the page with what was found, and with the old rows of the other names."""
    old = page.read_text(encoding="utf-8") if page.exists() else ""
    rows, sections = _rows_of(old), _sections_of(old)
    for name, each in found.items():
        rows[name], sections[name] = _row(each), _section(each)
        if each.picture:
            picture = page.parent / "programmes" / f"{name}.svg"
            picture.parent.mkdir(exist_ok=True)
            picture.write_text(each.picture, encoding="utf-8")
    kept = sorted(name for name in rows if name in names)
    lines = [HEAD + f"Machine: {machine()}.", ""]
    lines += [
        "| programme | asked | measured | | channel 1, at its ceiling |",
        "|---|---|---|---|---|",
    ]
    lines += [rows[name] for name in kept]
    for name in kept:
        lines += ["", sections[name]]
    lines += ["", *published_section(PUBLISHED)]
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def names_on(page: str) -> set[str]:
    """Return every programme that a page has both a row and a section of."""
    return _rows_of(page).keys() & _sections_of(page).keys()


def asked_on(page: str, name: str) -> str:
    """Return what a page says that a programme asks for."""
    return _rows_of(page)[name].split(" | ")[1]


def _rows_of(page: str) -> dict[str, str]:
    lines = page.splitlines()
    return {found[1]: text for text in lines if (found := ROW.match(text)) is not None}


def _sections_of(page: str) -> dict[str, str]:
    parts = re.split(r"^(?=## )", page, flags=re.MULTILINE)
    return {found[1]: part.strip() for part in parts if (found := SECTION.match(part)) is not None}


def _row(found: Measured) -> str:
    quantities = found.merged
    problems = len(found.problems)
    verdict = f"{problems} NOT as asked" if problems else ALL_AS_ASKED
    picture = f"![{found.name}](programmes/{found.name}.svg)" if found.picture else ""
    cells = (
        f"[{found.name}](#{found.name})",
        line(quantities, asked=True),
        line(quantities, asked=False),
        verdict,
        picture,
    )
    return f"| {' | '.join(cells)} |"


def _section(found: Measured) -> str:
    cases = sorted(found.quantities)
    levels = {
        f"{number(ua / 1_000)} mA" for case, ua in found.levels_ua.items() if not case.at_ceiling
    }
    highest = max(found.levels_ua.values(), default=0)
    stamp = f"commit {commit()}; {datetime.now(UTC):%Y-%m-%d %H:%M UTC}; {found.seconds:.0f} s"
    sessions = "; ".join(case.name for case in cases)
    usual, most = ", ".join(sorted(levels)), number(highest / 1_000)
    lines = [
        f"## {found.name}",
        "",
        f"{len(cases)} sessions at {usual}, one of them at {most} mA: {sessions}.",
        f"{stamp}.",
        "",
        *_table(found.merged),
    ]
    if found.problems:
        lines += ["", *(f"- NOT as asked: {problem}" for problem in found.problems)]
    return "\n".join(lines)


def _table(quantities: Sequence[Quantity]) -> list[str]:
    lines = ["| | asked | measured | may differ by | |", "|---|---|---|---|---|"]
    for each in quantities:
        verdict = ALL_AS_ASKED if each.is_as_asked else "NOT as asked"
        name = f"{each.name}, {each.unit}" if each.unit else each.name
        name = f"{each.train}: {name}" if each.train else name
        cells = (name, number(each.asked), measured(each), tolerance(each), verdict)
        lines.append(f"| {' | '.join(cells)} |")
    return lines
