"""The table mutator changes what it says it does, and nothing it must not touch."""

import ast
from pathlib import Path

import pytest

from tests.campaigns.mutation.mutant import Change, Mutant, Outcome, Way, count
from tests.campaigns.mutation.reasons import as_entry, read, stale, unexplained
from tests.campaigns.mutation.tables import edits


def changes(source: str) -> set[tuple[str, str]]:
    """Return (removed, added) of each mutant; every mutant must be valid Python."""
    found = list(edits(source))
    for edit in found:
        ast.parse(edit.source)
    return {(edit.removed, edit.added) for edit in found}


def test_a_number_becomes_one_more_one_less_and_twice_as_much() -> None:
    limit = "PHASE_MAX_US = 500"
    assert changes(f"{limit}\n") == {
        (limit, "PHASE_MAX_US = 501"),
        (limit, "PHASE_MAX_US = (499)"),
        (limit, "PHASE_MAX_US = 1000"),
    }


def test_a_row_is_left_out_of_a_table_whichever_it_is() -> None:
    table = "QUIET = (Locked, SelfTest, Tripped)"
    assert changes(table) == {
        (table, "QUIET = (SelfTest, Tripped)"),
        (table, "QUIET = (Locked, Tripped)"),
        (table, "QUIET = (Locked, SelfTest)"),
    }
    assert changes("PAIR = (A, B)") == {
        ("PAIR = (A, B)", "PAIR = (B)"),
        ("PAIR = (A, B)", "PAIR = (A,)"),
    }


def test_severity_latch_and_hazard_of_a_row_are_each_changed() -> None:
    row = "ROW = kind(_CUT, _TEST, Hazard.BURN)"
    found = changes(f"{row}\nOTHER = Hazard.SURPRISE\n")
    assert {
        (row, "ROW = kind(_RAMP, _TEST, Hazard.BURN)"),
        (row, "ROW = kind(_CUT, _GONE, Hazard.BURN)"),
        (row, "ROW = kind(_CUT, _TEST, Hazard.SURPRISE)"),
    } <= found


def test_a_decorated_function_is_changed_and_a_plain_one_is_left_to_mutmut() -> None:
    body = "def f(a):\n    return a < 1 and not a\n"
    assert changes(body) == set()
    assert changes(f"@staticmethod\n{body}") == set()
    assert ("return a < 1 and not a", "return a <= 1 and not a") in changes(f"@cached\n{body}")
    assert ("return a < 1 and not a", "return a < 1 or not a") in changes(f"@cached\n{body}")
    assert ("return a < 1 and not a", "return a < 1 and a") in changes(f"@cached\n{body}")


def test_sentences_docstrings_types_and_decorators_are_left_alone() -> None:
    source = (
        '"""Module."""\n__all__ = ["A"]\nTEXT = "Call service."\nEither = A | B\n'
        '@cached(maxsize=3)\nclass C:\n    """Class."""\n    value: int | None\n'
    )
    assert changes(source) == set()


def test_letters_outside_of_ascii_do_not_move_an_edit() -> None:
    assert ('A = "µΩ", 1', 'A = "µΩ", 2') in changes('A = "µΩ", 1')


ALIVE = Mutant(Way.TABLES, Change("limits.py", "", "A = 1", "A = 2"), Outcome.SURVIVED)
DEAD = Mutant(Way.BODIES, Change("limits.py", "f", "", ""), Outcome.KILLED)


def test_a_survivor_needs_a_reason_and_a_reason_a_survivor() -> None:
    assert unexplained([ALIVE, DEAD], {}) == [ALIVE.change]
    assert unexplained([ALIVE, DEAD], {ALIVE.change: "why"}) == []
    gone = Change("limits.py", "", "B = 1", "B = 2")
    reasons = {ALIVE.change: "why", gone: "was alive once"}
    assert stale([ALIVE, DEAD], reasons, ["limits.py"]) == [gone]
    assert stale([], reasons, ["gate.py"]) == []
    assert (count([ALIVE, DEAD]).percent, count([]).percent) == (50.0, 100.0)


def test_the_entry_that_is_offered_for_a_survivor_names_its_change(tmp_path: Path) -> None:
    file = tmp_path / "reasons.toml"
    file.write_text(as_entry(ALIVE.change))
    with pytest.raises(ValueError, match="needs"):
        read(file)
    file.write_text(as_entry(ALIVE.change).replace('reason = ""', 'reason = "It is the same."'))
    assert read(file) == {ALIVE.change: "It is the same."}
    file.write_text(file.read_text() * 2)
    with pytest.raises(ValueError, match="two reasons"):
        read(file)


def test_every_reason_on_file_is_whole() -> None:
    assert all(reason for reason in read().values())
