"""Sheets for patients, made and written in a process of their own.

Setting a page takes a second and the interpreter's lock: neither may be the control loop's. The
engine only starts the process, in a thread, and takes its answer.
"""

import subprocess
import sys
import threading
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

import appliance
from appliance.core.refusal import Refusal
from appliance.link.interfaces import Received
from appliance.link.text_conversion import value_of
from appliance.messages.replies import Refused
from appliance.messages.sheets import ExportSheet, MakeSheet
from appliance.operators.pin_worker import take_normal_priority
from appliance.sheet.content import RULE
from appliance.texts.common_phrases import listed
from appliance.texts.languages import OFFERED
from appliance.texts.text import text

MODULE = "appliance.sheet"
PACKAGES = Path(appliance.__file__).parents[1]
"""Where the process begins: Python looks for modules there first, and it is to run this engine's,
not what lies in the folder in which the engine was started."""
PATIENCE_S = 60.0
"""After this a process that writes a sheet is ended (D); a slow stick takes seconds."""
KILLED_S = 2.0
"""How long a process that was killed is waited for (D)."""
WHY_MOST = 200


class Asked(NamedTuple):
    """A request for a sheet, and who asked, as the records name them."""

    received: Received
    action: MakeSheet | ExportSheet
    by: str


class Written(NamedTuple):
    """What became of a request; no refusal: it is written."""

    asked: Asked
    refusal: Refusal | None

    def facts(self) -> dict[str, object]:
        """Return the facts of the event that says so."""
        action = self.asked.action
        to = "usb_stick" if isinstance(action, ExportSheet) else "unit"
        return {
            "sheet_of": action.session,
            "language": action.language,
            "to": to,
            "operator": self.asked.by,
        }


class SheetWorker:
    """One sheet at a time; used by the control thread. With `waits` the answer is there at once.

    Each has a process and a thread of its own, and both have a limit: a process that a dead stick
    keeps in the kernel cannot even be killed, and is left behind so that the next sheet is made.
    """

    def __init__(
        self, folder: Path, mounts: Path, *, waits: bool, patience_s: float = PATIENCE_S
    ) -> None:
        self._folder, self._mounts, self._waits = folder.absolute(), mounts.absolute(), waits
        self._patience_s = patience_s
        self._asked: deque[tuple[Asked, Future[Refusal | None]]] = deque()

    def ask(self, asked: Asked, *, is_on: bool) -> Refusal | None:
        """Take a request, or say why not; `is_on` says that output may flow."""
        action = asked.action
        if is_on:
            after = text("sheet.after")
            return Refusal(RULE, text("sheet.while_on"), after, after)
        if action.language not in OFFERED:
            language = text("set_up.another_language")
            return Refusal(RULE, language, listed(OFFERED), OFFERED[0])
        if self._asked:
            most = text("sheet.one_at_a_time")
            return Refusal("refusal.busy", text("sign_in.one_more"), most, text("ask_again"))
        what = "export" if isinstance(action, ExportSheet) else "keep"
        arguments = (what, self._folder, action.session, action.language, self._mounts)
        future = self._begin(tuple(map(str, arguments)))
        if self._waits:
            future.exception()
        self._asked.append((asked, future))
        return None

    def answers(self) -> tuple[Written, ...]:
        """Return what was written since the last call, or why it was not."""
        finished = []
        while self._asked and self._asked[0][1].done():
            asked, work = self._asked.popleft()
            error = work.exception()
            refusal = work.result() if error is None else _not_made(str(error))
            finished.append(Written(asked, refusal))
        return tuple(finished)

    def close(self) -> None:
        """Forget what is in work: a sheet is left to its process."""
        self._asked.clear()

    def _begin(self, arguments: tuple[str, ...]) -> "Future[Refusal | None]":
        future: Future[Refusal | None] = Future()

        def work() -> None:
            try:
                take_normal_priority()
                future.set_result(_made(arguments, self._patience_s))
            except BaseException as error:  # noqa: BLE001 - told to whoever asked
                future.set_exception(error)

        threading.Thread(target=work, name="sheet", daemon=True).start()
        return future


def _made(arguments: tuple[str, ...], patience_s: float) -> Refusal | None:
    process = subprocess.Popen(
        [sys.executable, "-m", MODULE, *arguments],
        cwd=PACKAGES,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        said, problem = process.communicate(timeout=patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        with suppress(subprocess.TimeoutExpired):  # it may be beyond any signal: left behind
            process.communicate(timeout=KILLED_S)
        return _not_in_time(arguments[0], round(patience_s))
    if process.returncode:
        lines = problem.decode(errors="replace").strip().splitlines() or ["?"]
        return _not_made(lines[-1])
    if not said.strip():
        return None
    refused = msgspec.json.decode(said, type=Refused)
    return Refusal(
        refused.rule,
        value_of(refused.asked),
        value_of(refused.allowed),
        value_of(refused.nearest),
    )


def _not_in_time(what: str, seconds: int) -> Refusal:
    asked = text("sheet.not_in_time", seconds=seconds)
    nearest = text("sheet.another_stick") if what == "export" else text("ask_again_later")
    return Refusal(RULE, asked, text("sheet.whole"), nearest)


def _not_made(why: str) -> Refusal:
    asked = text("sheet.not_made", why=why[:WHY_MOST])
    return Refusal(RULE, asked, text("sheet.whole"), text("ask_again_later"))
