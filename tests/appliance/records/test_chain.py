"""The chain, against hashes put together here by hand."""

import hashlib
from collections.abc import Callable

import msgspec
import pytest

from appliance.records.journal import chain

pytestmark = pytest.mark.proves("chain")

FACTS: tuple[dict[str, object], ...] = ({"device": "d"}, {"to_ua": 500}, {"to_ua": 1000})


def _row(
    number: int, facts: dict[str, object], previous: bytes, name: str = "note"
) -> chain.ChainRow:
    header = chain.ChainHeader(1, "0001-001", name, 10 + number, 20 + number, clock_trusted=True)
    body = chain.canonical(
        {
            "boot": 1,
            "clock_trusted": True,
            "facts": facts,
            "monotonic_us": 20 + number,
            "name": name,
            "session": "0001-001",
            "utc_us": 10 + number,
        }
    )
    salt = bytes([number]) * 16
    digest = hashlib.sha256(salt + body).digest()
    link = hashlib.sha256(previous + number.to_bytes(8, "big") + digest).digest()
    return chain.ChainRow(number, header, digest, link, salt, body)


def _rows() -> list[chain.ChainRow]:
    rows: list[chain.ChainRow] = []
    for number, facts in enumerate(FACTS, 1):
        rows.append(_row(number, facts, rows[-1].hash if rows else bytes(32)))
    return rows


def _findings(rows: list[chain.ChainRow]) -> list[str]:
    return [f"{finding.where}: {finding.text}" for finding in chain.verify(rows)]


def test_a_chain_made_by_hand_from_its_description_verifies() -> None:
    assert _findings(_rows()) == []


def test_the_link_is_the_hash_of_previous_number_and_digest() -> None:
    digest = chain.body_digest(b"s" * 16, b"{}")
    assert digest.hex() == hashlib.sha256(b"s" * 16 + b"{}").hexdigest()
    expected = hashlib.sha256(b"p" * 32 + b"\x00\x00\x00\x00\x00\x00\x01\x02" + digest).digest()
    assert chain.link(b"p" * 32, 258, digest) == expected


def test_the_same_facts_in_another_order_have_the_same_bytes() -> None:
    assert chain.canonical({"b": 1, "a": {"d": 2, "c": 3}}) == b'{"a":{"c":3,"d":2},"b":1}'
    assert chain.digest_of({"b": 1, "a": 2}) == hashlib.sha256(b'{"a":2,"b":1}').hexdigest()


CHANGES: dict[str, Callable[[chain.ChainRow], chain.ChainRow]] = {
    "body": lambda row: row._replace(body=(row.body or b"").replace(b"500", b"900")),
    "salt": lambda row: row._replace(salt=bytes(16)),
    "digest": lambda row: row._replace(digest=bytes(32)),
    "hash": lambda row: row._replace(hash=bytes(32)),
    "body gone": lambda row: row._replace(salt=None, body=None),
    "boot": lambda row: row._replace(header=row.header._replace(boot=2)),
    "session": lambda row: row._replace(header=row.header._replace(session=None)),
    "name": lambda row: row._replace(header=row.header._replace(name="stop")),
    "utc": lambda row: row._replace(header=row.header._replace(utc_us=0)),
    "monotonic": lambda row: row._replace(header=row.header._replace(monotonic_us=0)),
    "trusted": lambda row: row._replace(header=row.header._replace(clock_trusted=False)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_to_one_event_is_found_at_that_event(change: str) -> None:
    rows = _rows()
    rows[1] = CHANGES[change](rows[1])
    assert any(finding.startswith("event 2: ") for finding in _findings(rows))


def test_an_event_taken_out_is_found() -> None:
    rows = _rows()
    del rows[1]
    assert _findings(rows) == ["event 2: missing: the next one found is 3"]


def test_the_first_event_taken_out_is_found() -> None:
    assert _findings(_rows()[1:]) == ["event 1: missing: the next one found is 2"]


def test_two_events_that_changed_places_are_found() -> None:
    rows = _rows()
    rows[1], rows[2] = rows[2]._replace(number=2), rows[1]._replace(number=3)
    assert len(_findings(rows)) == 2


def test_a_body_that_is_no_event_but_well_chained_is_found() -> None:
    body, salt = b'"nonsense"', bytes(16)
    digest = chain.body_digest(salt, body)
    row = _rows()[0]
    row = row._replace(body=body, salt=salt, digest=digest, hash=chain.link(bytes(32), 1, digest))
    assert _findings([row]) == ["event 1: its body cannot be read"]


def _with_erasure(kept: dict[str, object]) -> list[chain.ChainRow]:
    rows = _rows()
    rows.append(_row(4, {"reason": "asked for", "kept": kept}, rows[-1].hash, chain.ERASED))
    rows[1] = rows[1]._replace(salt=None, body=None)
    return rows


def test_an_erasure_that_is_recorded_is_no_finding() -> None:
    kept = chain.header_digest(2, _rows()[1].header)
    assert kept == hashlib.sha256(b'[2,1,"0001-001","note",12,22,true]').hexdigest()
    assert _findings(_with_erasure({"2": kept})) == []


def test_a_header_changed_after_its_erasure_is_found() -> None:
    rows = _with_erasure({"2": chain.header_digest(2, _rows()[1].header)})
    rows[1] = rows[1]._replace(header=rows[1].header._replace(name="stop"))
    assert _findings(rows) == ["event 2: its columns were changed after the erasure"]


def test_an_erasure_event_with_unreadable_facts_covers_nothing() -> None:
    assert _findings(_with_erasure({"two": 2})) == [
        "event 2: its body is gone, and no erasure says so"
    ]


def test_a_part_of_a_chain_verifies_from_the_hash_before_it() -> None:
    rows = _rows()
    assert list(chain.verify(rows[1:], rows[0].hash, 2)) == []


@pytest.mark.proves_none
def test_what_a_body_says_can_be_read_by_anybody_with_json() -> None:
    said = msgspec.json.decode(_rows()[1].body or b"")
    assert said["facts"] == {"to_ua": 500}
    assert sorted(said) == list(said)
