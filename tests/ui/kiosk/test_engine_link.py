"""What is touched while there is no engine never raises anything later."""

from contextlib import closing
from pathlib import Path

from appliance.messages.actions import Fall, Pause, Rise, Start, Stop
from appliance.messages.replies import Page
from appliance.messages.wire import Facts
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
    with closing(EngineLink(tmp_path / "none.sock", lambda: None)) as link:
        asked_of_nobody(link)
        link._drop(keep=LOWERING)
        assert [asked.tag for asked in link._asked] == ["stop", "pause", "fall"]
        assert link.answers() == tuple(Answered(tag, None) for tag in ("start", "rise", "patients"))


def test_nothing_waits_for_an_engine_that_does_not_answer(tmp_path: Path) -> None:
    with closing(EngineLink(tmp_path / "none.sock", lambda: None)) as link:
        asked_of_nobody(link)
        link._drop()
        assert not link._asked
        assert len(link.answers()) == 6


class Client:
    """A client of the link that remembers with which token and act something was sent."""

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.acts: list[str] = []
        self.afters: list[int] = []

    def send(self, action: object, *, token: str = "", act: str = "") -> int:
        self.acts.append(act)
        return self._sent(token)

    def send_query(self, what: str, *, after: int, limit: int, token: str = "") -> int:
        self.afters.append(after)
        return self._sent(token)

    def _sent(self, token: str) -> int:
        self.tokens.append(token)
        return len(self.tokens)


def test_a_question_carries_who_signed_in_as_an_action_does(tmp_path: Path) -> None:
    client, waiting, who = Client(), dict[int, Asked](), "who"
    with closing(EngineLink(tmp_path / "none.sock", lambda: None)) as link:
        link.send(Asked("start", action=Start(), token=who, act="a.1"))
        link.send(Asked("patients:", query="patients:", token=who))
        link._send(client, waiting)  # type: ignore[arg-type] # only what sends is used
    assert (client.tokens, client.acts) == ([who, who], ["a.1"])
    assert [asked.tag for asked in waiting.values()] == ["start", "patients:"]


def test_a_list_that_is_longer_than_one_page_is_shown_whole(tmp_path: Path) -> None:
    client, waiting, who = Client(), dict[int, Asked](), "who"
    pages = {0: (("P-1", "P-2"), 2), 2: (("P-3",), 3), 3: (("P-4",), None)}
    with closing(EngineLink(tmp_path / "none.sock", lambda: None)) as link:
        link.send(Asked("patients:", query="patients:", token=who))
        for part, (names, after) in enumerate(pages.values(), 1):
            assert link.answers() == ()
            link._send(client, waiting)  # type: ignore[arg-type] # only what sends is used
            rows: tuple[Facts, ...] = tuple({"patient": name} for name in names)
            link._take(Page(request=part, rows=rows, next_after=after), waiting)
        whole: tuple[Facts, ...] = tuple({"patient": f"P-{number}"} for number in range(1, 5))
        page = Page(request=3, rows=whole, next_after=None)
        assert link.answers() == (Answered("patients:", page),)
    assert client.afters == [*pages]
    assert client.tokens == [who] * 3


def test_a_long_list_whose_engine_goes_half_way_is_not_shown(tmp_path: Path) -> None:
    client, waiting = Client(), dict[int, Asked]()
    with closing(EngineLink(tmp_path / "none.sock", lambda: None)) as link:
        link.send(Asked("patients:", query="patients:"))
        link._send(client, waiting)  # type: ignore[arg-type] # only what sends is used
        link._take(Page(request=1, rows=({"patient": "P-1"},), next_after=1), waiting)
        link._drop()
        assert link.answers() == (Answered("patients:", None),)
