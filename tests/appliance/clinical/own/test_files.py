"""A file of an own programme is read whole or refused in one line, whatever is in it."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.own.draft import OwnDraft
from appliance.clinical.own.files import file_of, read_draft, read_file, read_words
from appliance.clinical.own.judge import refuse_draft
from appliance.clinical.own.programme import draft_of
from appliance.core.refusal import Refusal
from tests.support.texts import Said, said

pytestmark = pytest.mark.proves("bad-input")

NAMES = tuple(load_catalogue())
MIB = 1024 * 1024


def draft(name: str = "nmes-endurance") -> OwnDraft:
    return draft_of(load_catalogue()[name], "Quiet neck")


def plain(**more: Any) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file_of(draft()))
    content["programme"].update(more)
    return content


def refused(raw: bytes) -> Said:
    found = read_file(raw)
    assert isinstance(found, Refusal), found
    line = said(found)
    assert "\n" not in line.text()
    assert len(line.text()) < 600
    return line


@pytest.mark.parametrize("name", NAMES)
def test_what_is_exported_is_imported_as_it_was(name: str) -> None:
    assert read_file(file_of(draft(name))) == draft(name)


def test_a_title_in_any_script_comes_back() -> None:
    arabic = msgspec.structs.replace(draft(), title="رقبة هادئة")
    assert read_file(file_of(arabic)) == arabic


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 100,
        b"\xff\xfe{}",
        b'{"format": 1, "programme": {"title": "\xff"}}',
        b"not json",
        b"[]",
        b"null",
        b"7",
        b"{}",
        b'{"programme": {}}',
        b'{"format": 1, "programme": []}',
        b'{"format": 1, "programme": null}',
        b'{"format": 1e999, "programme": {}}',
        b'{"format": NaN}',
        file_of(draft())[:-40],
        file_of(draft()) * 2,
    ],
)
def test_what_is_no_file_of_an_own_programme_is_refused(raw: bytes) -> None:
    assert refused(raw).limit in {"own programme", "fact"}


@pytest.mark.parametrize("size", [17 * 1024, 10 * MIB])
def test_a_file_too_large_is_refused_before_it_is_parsed(size: int) -> None:
    found = refused(b'{"format": 1, "programme": "' + b"x" * size)
    assert found.asked.endswith("bytes")
    assert found.allowed == "at most 16384 bytes"


@pytest.mark.parametrize("opening", [b"[", b'{"format":', b'{"format": 1, "programme": ['])
def test_deep_nesting_is_refused(opening: bytes) -> None:
    refused(opening * (16_000 // len(opening)))


@pytest.mark.parametrize(
    ("number", "asked"),
    [
        (2, "a file of a newer version"),
        (10**30, "a file of a newer version"),
        (0, "a file of an unknown format"),
        (-1, "a file of an unknown format"),
        ("1", "a file of an unknown format"),
        (True, "a file of an unknown format"),
        (1.5, "a file of an unknown format"),
        (None, "a file of an unknown format"),
    ],
)
def test_another_format_is_refused_whatever_else_is_in_it(number: object, asked: str) -> None:
    content = {"format": number, "programme": {"from": "the future"}, "more": 1}
    found = refused(json.dumps(content).encode())
    assert (found.asked, found.allowed) == (asked, "format 1")


@pytest.mark.parametrize(
    "path", [(), ("work",), ("work", "times"), ("active_rest",), ("programme",)]
)
def test_an_unknown_key_is_refused_at_every_depth(path: tuple[str, ...]) -> None:
    content = plain(active_rest=json.loads(file_of(draft()))["programme"]["work"])
    place = content if path == ("programme",) else content["programme"]
    for name in path if path != ("programme",) else ():
        place = place[name]
    place["efficacy"] = 1
    refused(json.dumps(content).encode())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("minutes", "20"),
        ("minutes", 20.5),
        ("minutes", None),
        ("minutes", 10**9 + 1),
        ("minutes", -(10**400)),
        ("ceiling_ua", True),
        ("alternating", 1),
        ("title", 3),
        ("title", None),
        ("work", []),
        ("work", {"rate_hz": 5}),
        ("before", {"0": {}}),
        ("before", [None]),
        ("after", [[]]),
    ],
)
def test_a_value_of_another_kind_names_its_field(field: str, value: object) -> None:
    found = refused(json.dumps(plain(**{field: value})).encode())
    if not isinstance(value, int) or abs(value) < 10**30:
        assert field.split(".", maxsplit=1)[0] in found.asked or "work" in found.asked


def test_a_missing_field_is_named() -> None:
    content = plain()
    del content["programme"]["work"]["phase_us"]
    assert "work.phase_us" in refused(json.dumps(content).encode()).asked


def test_empty_and_endless_lists_of_parts_are_answered() -> None:
    assert isinstance(read_file(json.dumps(plain(before=[], after=[])).encode()), OwnDraft)
    train = {"rate_hz": 50, "phase_us": 100, "interphase_us": 100}
    endless = read_file(json.dumps(plain(before=[train] * 200)).encode())
    assert isinstance(endless, OwnDraft)
    found = refuse_draft(endless)
    assert found is not None
    assert said(found).allowed == "1 to 5 parts"


def test_what_a_query_carries_is_read_in_the_same_way() -> None:
    words = json.dumps(plain()["programme"], separators=(",", ":"))
    assert read_words(words) == draft()
    for wrong in ("", "[", "{}", "\ud800", "[" * 4_000, "7"):
        assert isinstance(read_words(wrong), Refusal)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
fields = st.sampled_from([*OwnDraft.__struct_fields__, "work.rate_hz", "work.times", "work.sweep"])


@given(st.lists(st.tuples(fields, json_values), max_size=4))
def test_whatever_is_put_into_a_file_is_a_draft_or_one_line(
    changes: list[tuple[str, object]],
) -> None:
    content = plain()["programme"]
    for path, value in changes:
        place = content
        *outer, name = path.split(".")
        for each in outer:
            place = place[each] if isinstance(place.get(each), dict) else {}
        place[name] = value
    found = read_draft(content)
    if isinstance(found, OwnDraft):
        refusal = refuse_draft(found)
        assert refusal is None or said(refusal).text()
    else:
        assert said(found).text()
