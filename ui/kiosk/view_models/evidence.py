"""The evidence of a programme by pages: both ways, proposed mechanism, alternatives, against."""

import re
from collections.abc import Sequence

from ui.kiosk.journey.choose import EVIDENCE, PROGRAMMES, Evidence
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, listed, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Block,
    Column,
    FormView,
    Keys,
    Lines,
    LineView,
    Pair,
    Panel,
    Say,
    Steps,
)
from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK

ON_PAGE = 6
"""Lines of a list that are read at once."""
SOURCE = re.compile(r"[A-Z]\w+(?= \d{4})")
"""A source by its name, which is cited in full before: what else stands there is for the file."""
PageOfEvidence = tuple[str, Block]
"""What a page is about, and what is on it."""


def evidence_view(place: Evidence, kiosk: Kiosk) -> FormView:
    """Return a page of it; no claim is made on any."""
    rows = kiosk.rows(PROGRAMMES) or ()
    row = next((row for row in rows if row["name"] == place.treatment.programme), None)
    general = next(iter(kiosk.rows(EVIDENCE) or ()), None)
    pages = () if row is None else evidence_pages(row, general)
    at = min(place.page, max(len(pages) - 1, 0))
    line, shown = pages[at] if pages else ("", Lines(lines=()))
    return FormView(
        title="" if row is None else say_row(row["title"]),
        line=line,
        rail=(BACK,),
        turn=str(at),
        columns=(Column(blocks=(shown, *_foot(at, len(pages)))),),
    )


def evidence_pages(row: Row, general: Row | None) -> tuple[PageOfEvidence, ...]:
    """Return what is known of a programme, and what holds for every one once that has come."""
    evidence = row["evidence"]
    pages: list[PageOfEvidence] = [(_("Evidence, both ways"), both_ways(evidence))]
    if general is None:
        return tuple(pages)
    pages.append((_("How it may work"), _proposed(evidence, general)))
    pages += _listed(_("Guidelines list instead"), general["alternatives"], "book")
    pages += _listed(_("A review advises against"), general["advised_against"], "off")
    return tuple(pages)


def both_ways(evidence: Row) -> Pair:
    """Return both columns, equally wide."""
    against = f"{_said(evidence['opposing'])} {_said(evidence['guideline'])}"
    return Pair(
        panels=(
            Panel(title=_("Reports for"), text=_said(evidence["supporting"])),
            Panel(title=_("Reports against"), text=against),
        )
    )


def _proposed(evidence: Row, general: Row) -> Lines:
    """Return the proposed mechanism, how TENS and EMS differ, and what was not identified."""
    parts = (
        (_("Mechanism"), _said(evidence["mechanism"])),
        (_("TENS and EMS"), _said(general["difference"])),
        (_("Not identified"), _said(general["not_identified"])),
        (_("Guidelines read"), "; ".join(evidence["cited"])),
    )
    lines = [
        line for head, text in parts if text for line in (LineView(head, head=True), LineView(text))
    ]
    return Lines(lines=tuple(lines))


def _listed(title: str, rows: Sequence[Row], icon: str) -> list[PageOfEvidence]:
    """Return a list of the engine in pages, each line with its source."""
    steps = [
        StepView(
            text=sentence(_said(each["what"])), icon=icon, state=_of(each), state_role="text_soft"
        )
        for each in rows
    ]
    return [(title, Steps(steps=tuple(some))) for some in _pages(steps)]


def _pages(steps: Sequence[StepView]) -> list[Sequence[StepView]]:
    return [steps[at : at + ON_PAGE] for at in range(0, len(steps), ON_PAGE)]


def _of(row: Row) -> str:
    """Return for which pain something is listed, and by whom."""
    words = {
        "any": _("any pain"),
        "acute": _("acute"),
        "chronic": _("chronic"),
        "radiculopathy": _("nerve root"),
    }
    pain = listed(*(words[str(name)] for name in row.get("pain", ()) if name in words))
    source = listed(*SOURCE.findall(str(row["source"])))
    return f"{pain} · {source}" if pain else source


def _foot(at: int, count: int) -> tuple[Block, ...]:
    none = KeyView(action="")
    before = KeyView(action=f"page:{at - 1}", text=_("Page before"), icon="up")
    after = KeyView(action=f"page:{at + 1}", text=_("Next page"), icon="down")
    back = KeyView(action="programme", text=_("Programme"), look=KeyLook.LEAD)
    keys = (before if at else none, after if at + 1 < count else none, back)
    claim = Say(height=22, text=_("No claim is made."), style="caption", role="text_soft")
    return claim, Keys(height=60, columns=3, keys=keys)


def _said(text: object) -> str:
    return "" if text is None else say_row(text)
