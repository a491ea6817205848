"""A flood of commands is counted in the records; those of a person are recorded one by one."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from appliance.control.commands.recorded_replies import AnswerBook
from appliance.core.refusal import Refusal
from appliance.link.codec import BadLine
from appliance.link.interfaces import Peer, Received, RefusedLines
from appliance.link.roles import Role
from appliance.link.text_conversion import text_of_counted
from appliance.messages.actions import Action, Command, Fall, Prescribe, Stop
from appliance.records.storage.store import open_read_only
from appliance.records.texts import from_record
from tests.support.clinic import open_clinic

pytestmark = pytest.mark.proves("bad-input")

NO = Refusal("limit", "x" * 60_000, "y", "z")
SECOND = 1_000_000
START = Prescribe(programme="p")


@dataclass
class Notes:
    """The journal and the link."""

    kept: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    away: tuple[RefusedLines, ...] = ()

    def note(self, name: str, **facts: object) -> int:
        self.kept.append((name, facts))
        return 1

    def turned_away(self) -> tuple[RefusedLines, ...]:
        away, self.away = self.away, ()
        return away

    def peers(self) -> tuple[Peer, ...]:
        return ()

    def named(self, name: str) -> list[dict[str, object]]:
        return [facts for kept, facts in self.kept if kept == name]


def sent(action: Action, number: int = 1) -> Received:
    return Received(Peer(number, f"p{number}", Role.OWNER, 0, 0), Command(request=1, action=action))


def left_out(notes: Notes) -> int:
    return sum(int(str(each["left_out"])) for each in notes.named("refusal") if "left_out" in each)


def test_200_refused_commands_leave_20_short_records_and_a_count() -> None:
    notes = Notes()
    book = AnswerBook(notes, notes)
    for _ in range(200):
        book.answered(sent(START), NO, 1, 0)
    book.attend(1, 2 * SECOND)
    alone = [each for each in notes.named("refusal") if "left_out" not in each]
    assert len(alone) == 20
    assert left_out(notes) == 180
    assert sum(len(str(each)) for each in notes.named("refusal")) < 20_000
    assert notes.named("refusal")[-1]["peers"] == {"p1": 180}


def test_all_clients_together_share_a_budget() -> None:
    notes = Notes()
    book = AnswerBook(notes, notes)
    for number in range(1, 101):
        for _ in range(10):
            book.answered(sent(START, number), NO, 1, 0)
    book.tell_left_out()
    assert len(notes.kept) == 61
    assert left_out(notes) == 940
    assert len(notes.named("refusal")[-1]["peers"]) == 8  # type: ignore[arg-type]


def test_stops_without_effect_are_counted_and_a_stop_that_ends_something_is_recorded() -> None:
    notes = Notes()
    book = AnswerBook(notes, notes)
    book.attend(1, 0)
    for _ in range(1_000):
        book.answered(sent(Stop()), None, 1, 0)
    assert len(notes.named("command")) == 20
    for state_number in range(2, 300):
        book.answered(sent(Stop()), None, state_number, 0)
    assert len(notes.named("command")) == 20 + 298


def test_commands_at_the_speed_of_a_hand_are_recorded_one_by_one_for_an_hour() -> None:
    notes = Notes()
    book = AnswerBook(notes, notes)
    for at_us in range(0, 3_600 * SECOND, 300_000):
        book.attend(1, at_us)
        book.answered(sent(Fall(channel=1, step_ua=500)), None, 1, at_us)
    assert len(notes.named("command")) == 12_000
    assert left_out(notes) == 0


def test_an_hour_of_flooding_leaves_a_bounded_number_of_records() -> None:
    notes = Notes()
    book = AnswerBook(notes, notes)
    for second in range(3_600):
        book.attend(1, second * SECOND)
        for number in range(20):
            book.answered(sent(START, number), NO, 1, second * SECOND)
    book.tell_left_out()
    assert len(notes.kept) < 60 + 3 * 3_600 + 2
    assert (
        left_out(notes) + len([each for _, each in notes.kept if "left_out" not in each]) == 72_000
    )


def test_what_the_link_refused_is_recorded_with_its_count_once_a_second() -> None:
    notes = Notes()
    book = AnswerBook(notes, notes)
    no_json = BadLine(0, "no JSON").refusal()
    for at_us in range(SECOND, 3 * SECOND, 10_000):
        notes.away = (RefusedLines("rude", "", text_of_counted(no_json), 7),)
        book.attend(1, at_us)
    found = notes.named("refusal")
    assert len(found) == 2
    said = "protocol: asked no JSON, allowed one JSON message per line of at most 65536 bytes"
    assert from_record(found[0]) == text_of_counted(no_json)
    rest = {name: found[0][name] for name in found[0] if name not in {"key", "values"}}
    assert rest == {"action": "", "peer": "rude", "refusal": said, "lines": 7}


def test_the_count_of_refused_commands_is_recorded_when_the_engine_ends(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        for _ in range(200):
            clinic.ask(Fall(channel=1, step_ua=500))
        data = clinic.data
    with open_read_only(data) as db:
        asked = "SELECT facts ->> 'left_out' FROM facts WHERE name = 'refusal'"
        rows = db.execute(asked).fetchall()
    counted = sum(row[0] or 0 for row in rows)
    assert counted > 100
    assert counted + sum(row[0] is None for row in rows) == 200
