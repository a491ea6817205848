"""Answer queries for records without holding the control loop up.

Reading a page takes milliseconds and may wait for the disk. A hosted engine reads in a thread of
its own; a stepped one reads in the tick, where time stands still.
"""

import threading
from collections import deque
from contextlib import suppress
from pathlib import Path
from queue import Full, Queue
from typing import Any, NamedTuple

from appliance.control.commands.sheets import SheetWorker
from appliance.control.pages.answers import answer_with_page, kinds_allowed, page_kind
from appliance.control.pages.page import PageKind, PageSources
from appliance.errors import ApplianceError
from appliance.link.interfaces import Answer, Received
from appliance.link.text_conversion import refused
from appliance.messages.actions import Query
from appliance.messages.replies import Page, Refused
from appliance.records.queries import read_page
from appliance.records.storage.store import open_read_only
from appliance.sheet.files import MOUNTS
from appliance.texts.text import TextValue, text

MAX_WAITING = 8
JOIN_S = 5.0


def answer_query(folder: Path, query: Query) -> Answer:
    """Read one page; what goes wrong is a refusal, for nobody's output depends on it."""
    try:
        with open_read_only(folder) as db:
            page = read_page(db, query.what, query.after, query.limit)
    except (ApplianceError, OSError) as error:
        return _unreadable(query, error)
    if page is None:
        return _refused(query, "refusal.query", kinds_allowed(), "sessions")
    return Page(request=query.request, rows=page.rows, next_after=page.next_after)


class _Asked(NamedTuple):
    """A query that waits."""

    received: Received
    query: Query
    sources: PageSources | None
    says_who: bool


class RecordQueries:
    """Answers queries in a thread of its own, or while asked where time is stepped.

    A full queue is refused at once.
    """

    def __init__(self, folder: Path, *, threaded: bool, mounts: Path = MOUNTS) -> None:
        self.folder = folder
        self.sheets = SheetWorker(folder, mounts, waits=not threaded)
        self._asked: Queue[_Asked | None]
        self._asked = Queue(MAX_WAITING)
        self._answers: deque[tuple[Received, Answer]] = deque()
        self._thread: threading.Thread | None = None
        if threaded:
            self._thread = threading.Thread(target=self._run, name="archive", daemon=True)
            self._thread.start()

    def ask(
        self,
        received: Received,
        query: Query,
        sources: PageSources | None = None,
        *,
        says_who: bool = True,
    ) -> None:
        """Take a query; its answer comes out of `answers` in this tick or a later one.

        A page is made from `sources`, which nobody changes any more. Without `says_who` sessions
        do not say who was treated.
        """
        asked = _Asked(received, query, sources, says_who)
        if self._thread is None:
            self._answer(asked)
            return
        try:
            self._asked.put_nowait(asked)
        except Full:
            allowed = text("busy.queries", most=MAX_WAITING)
            full = _refused(query, "refusal.busy", allowed, text("ask_again"))
            self._answers.append((received, full))

    def answers(self) -> tuple[tuple[Received, Answer], ...]:
        """Return what has been answered since the last call."""
        return tuple(self._answers.popleft() for _ in range(len(self._answers)))

    def close(self) -> None:
        """Answer what waits and end the threads; the one of the queries is given `JOIN_S`.

        One that hangs in the disk is left behind: what has to be written at the end comes after.
        """
        self.sheets.close()
        if self._thread is None:
            return
        with suppress(Full):
            self._asked.put(None, timeout=JOIN_S)
            self._thread.join(JOIN_S)

    def _run(self) -> None:
        while (waiting := self._asked.get()) is not None:
            self._answer(waiting)

    def _answer(self, asked: _Asked) -> None:
        query, sources, kind = asked.query, asked.sources, page_kind(asked.query.what)
        answer = (
            answer_query(self.folder, query)
            if kind is None or sources is None
            else _page(query, kind, sources)
        )
        if isinstance(answer, Page) and not asked.says_who:
            answer = without_patients(answer)
        self._answers.append((asked.received, answer))


def without_patients(page: Page) -> Page:
    """Return a page of sessions without who was treated, and without the words why."""
    rows = tuple(
        {
            name: _without_patient(value) if name == "facts" else value
            for name, value in _without_patient(row).items()
        }
        for row in page.rows
    )
    return Page(request=page.request, rows=rows, next_after=page.next_after)


def _without_patient(row: Any) -> Any:
    if not isinstance(row, dict) or row.get("patient") is None:
        return row
    left_out = {"patient": None, "reason": ""}
    shown = {**row, **{name: value for name, value in left_out.items() if name in row}}
    prescription = row.get("prescription")
    if isinstance(prescription, dict):
        shown["prescription"] = {**prescription, "reason": ""}
    return shown


def _page(query: Query, kind: PageKind, sources: PageSources) -> Answer:
    try:
        return answer_with_page(query, kind, sources)
    except Exception as error:  # noqa: BLE001 - a page that fails does not end the thread of all
        return _unreadable(query, error)


def _unreadable(query: Query, error: Exception) -> Refused:
    return _refused(query, "refusal.records", str(error), text("ask_again_later"))


def _refused(query: Query, rule: str, allowed: TextValue, nearest: TextValue) -> Refused:
    return refused(query.request, rule, query.what, allowed, nearest)
