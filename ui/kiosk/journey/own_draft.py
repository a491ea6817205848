"""The draft of an own programme as the engine judges it: its values, refusals and train. Pure.

No limit is known here: what minus and plus lead to, the nearest accepted and every change of the
parts come with the engine's answer.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from ui.kiosk.journey.place import Kiosk, Row

DRAFT, COPY, EDIT = "own_draft", "own_copy", "own_edit"
WORK = "work"
"""The part that every programme has."""

Draft: TypeAlias = Mapping[str, Any]
"""Values by their names as the engine gave them: whole numbers, words, tables and lists of them."""


def draft_page(draft: Draft, part: str) -> str:
    """Return the page that judges a draft and has the values of one part."""
    return f"{DRAFT}:{part}:{compact(draft)}"


def compact(draft: Draft) -> str:
    """Return a draft as one line; equal drafts are the same line."""
    return json.dumps(dict(draft), separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def without_older(pages: Mapping[str, tuple[Row, ...]], page: str) -> dict[str, tuple[Row, ...]]:
    """Return the pages without earlier drafts of the part that a page is about: nobody needs them.

    A clinician who taps for an hour would else keep a thousand of them.
    """
    kind, _, about = page.partition(":")
    if kind != DRAFT:
        return dict(pages)
    same = f"{DRAFT}:{about.partition(':')[0]}:"
    return {name: rows for name, rows in pages.items() if not name.startswith(same)}


def waits_for_judge(page: str, kiosk: Kiosk) -> bool:
    """Return whether another draft is being judged: the newest one is asked for after it."""
    return any(name.startswith(f"{DRAFT}:") and name != page for name in kiosk.asked)


def judged(draft: Draft, part: str, kiosk: Kiosk) -> tuple[Row, ...]:
    """Return the engine's judgement of a draft; while it is on its way that of the one before."""
    rows = kiosk.rows(draft_page(draft, part))
    if rows is not None:
        return rows
    same = f"{DRAFT}:{part}:"
    return next((rows for name, rows in kiosk.pages.items() if name.startswith(same)), ())


def of_kind(rows: tuple[Row, ...], *kinds: str) -> tuple[Row, ...]:
    """Return the rows of those kinds, in the engine's order."""
    return tuple(row for row in rows if row["kind"] in kinds)


def found(rows: tuple[Row, ...], kind: str, **values: str) -> Row | None:
    """Return the first row of a kind that has those values."""
    fitting = (
        row
        for row in of_kind(rows, kind)
        if all(row[name] == value for name, value in values.items())
    )
    return next(fitting, None)


def value_at(draft: Draft, field: str) -> Any:
    """Return what a draft holds at a field ("before.0.rate_hz"), None where it holds nothing."""
    at: Any = draft
    for name in field.split("."):
        if isinstance(at, list | tuple):
            at = at[int(name)] if name.isdigit() and int(name) < len(at) else None
        else:
            at = at.get(name) if isinstance(at, Mapping) else None
    return at


def with_value(draft: Draft, field: str, value: Any) -> Draft:
    """Return a draft with another value at a field."""
    name, _, rest = field.partition(".")
    if not rest:
        return {**draft, name: value}
    inner = draft.get(name)
    if isinstance(inner, list | tuple):
        number, _, rest = rest.partition(".")
        items = [
            with_value(item, rest, value) if str(at) == number else item
            for at, item in enumerate(inner)
        ]
        return {**draft, name: items}
    return {**draft, name: with_value(inner or {}, rest, value)}


def answer_of(rows: tuple[Row, ...], field: str, value: str) -> Draft | None:
    """Return the draft that an answer of a choice leads to, None where there is none such."""
    row = found(rows, "choice", field=field)
    choices = () if row is None else row["choices"]
    return next((each["draft"] for each in choices if name_of(each["value"]) == value), None)


def name_of(value: object) -> str:
    """Return a value of a choice as the action of its key names it."""
    return str(value).lower()


def stepped(row: Row, now: int, up: bool) -> int:
    """Return what minus or plus leads to.

    Where a second tap comes before the engine has judged the first, the same step is made again, no
    further than to the limit that is known.
    """
    after = row["higher" if up else "lower"]
    if after is None or now == row["value"]:
        return now if after is None else int(after)
    then = now + int(after) - int(row["value"])
    return min(max(then, int(row["least"])), int(row["most"]))


def healing(rows: tuple[Row, ...], field: str) -> tuple[Row, Any] | None:
    """Return the refusal that another value of this field takes away, with that value."""
    for refusal in of_kind(rows, "refusal"):
        for change in refusal["changes"]:
            if change["field"] == field:
                return refusal, change["value"]
    return None


def is_accepted(draft: Draft, part: str, kiosk: Kiosk) -> bool:
    """Return whether the engine has judged just this draft, and refuses nothing of it."""
    rows = kiosk.fresh(draft_page(draft, part))
    row = None if rows is None else found(rows, "draft")
    return row is not None and bool(row["accepted"])
