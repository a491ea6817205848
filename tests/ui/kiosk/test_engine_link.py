"""What is touched while there is no engine never raises anything later."""

from pathlib import Path

from appliance.messages.actions import Fall, Pause, Rise, Start, Stop
from ui.kiosk.engine_link import LOWERING, Answered, Asked, EngineLink


def asked_of_nobody(link: EngineLink) -> None:
    for tag, action in (
        ("start", Start()),
        ("rise", Rise(channel=1)),
        ("stop", Stop(cut=True)),
        ("pause", Pause()),
        ("fall", Fall(channel=1, step_ua=500)),
    ):
        link.send(Asked(tag, action=action))
    link.send(Asked("patients", query="patients"))


def test_only_what_lowers_is_sent_to_an_engine_that_has_just_answered(tmp_path: Path) -> None:
    link = EngineLink(tmp_path / "none.sock", lambda: None)
    asked_of_nobody(link)
    link._drop(keep=LOWERING)
    assert [asked.tag for asked in link._asked] == ["stop", "pause", "fall"]
    assert link.answers() == tuple(Answered(tag, None) for tag in ("start", "rise", "patients"))


def test_nothing_waits_for_an_engine_that_does_not_answer(tmp_path: Path) -> None:
    link = EngineLink(tmp_path / "none.sock", lambda: None)
    asked_of_nobody(link)
    link._drop()
    assert not link._asked
    assert len(link.answers()) == 6
