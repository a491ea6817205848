"""Hazard: one dead USB stick, and no patient takes a sheet home until the engine starts again."""

import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from appliance.control.commands import sheets
from appliance.control.commands.sheets import Asked, SheetWorker
from appliance.link.interfaces import Received
from appliance.messages.sheets import ExportSheet, MakeSheet
from tests.support.texts import said

pytestmark = pytest.mark.proves_none

ASKED = Asked(cast("Received", None), ExportSheet(session="0001-001"), "anna")


def process(tmp_path: Path, script: str) -> str:
    """Return a program that stands for the one that makes sheets."""
    path = tmp_path / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("is_beyond_signals", [False, True])
def test_a_sheet_that_takes_too_long_is_given_up_and_the_next_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_beyond_signals: bool
) -> None:
    left: list[subprocess.Popen[bytes]] = []
    kill = subprocess.Popen.kill

    def ignored(process: subprocess.Popen[bytes]) -> None:
        left.append(process)

    if is_beyond_signals:
        monkeypatch.setattr(subprocess.Popen, "kill", ignored)
    monkeypatch.setattr(sheets, "KILLED_S", 0.1)
    monkeypatch.setattr(sys, "executable", process(tmp_path, "exec sleep 60"))
    worker = SheetWorker(tmp_path, tmp_path, waits=True, patience_s=0.2)
    assert worker.ask(ASKED, is_on=False) is None
    [written] = worker.answers()
    assert written.refusal is not None
    assert said(written.refusal).asked == "not finished within 0 s"
    assert "another USB stick" in said(written.refusal).nearest
    monkeypatch.setattr(sys, "executable", process(tmp_path, "exit 0"))
    kept = ASKED._replace(action=MakeSheet(session="0001-001"))
    assert worker.ask(kept, is_on=False) is None
    [again] = worker.answers()
    assert again.refusal is None
    for alive in left:
        kill(alive)
        alive.communicate()


def test_one_sheet_is_made_at_a_time_and_the_control_thread_does_not_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", process(tmp_path, "exec sleep 60"))
    worker = SheetWorker(tmp_path, tmp_path, waits=False, patience_s=0.5)
    assert worker.ask(ASKED, is_on=False) is None
    assert worker.answers() == ()
    refusal = worker.ask(ASKED, is_on=False)
    assert refusal is not None
    assert refusal.rule == "refusal.busy"
    _asked, future = worker._asked[0]
    assert future.exception(timeout=10) is None
