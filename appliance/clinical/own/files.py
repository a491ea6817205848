"""An own programme as a file, and reading one: bounded before it is parsed, refused in one line."""

from collections.abc import Mapping

import msgspec

from appliance.clinical.fact_reading import read_fact
from appliance.clinical.own.draft import OwnDraft
from appliance.clinical.own.judge import RULE
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import at_most
from appliance.texts.text import text

FORMAT = 1
MOST_BYTES = 16 * 1024
"""Of a file, as of a recorded fact; five parts with everything take 3 KiB."""
_KEYS = {"format", "programme"}


def file_of(draft: OwnDraft) -> bytes:
    """Return a draft as a file: JSON that a person can read."""
    content = {"format": FORMAT, "programme": msgspec.to_builtins(draft)}
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def read_file(raw: bytes) -> OwnDraft | Refusal:
    """Return the draft of a file, or in one line what is wrong with it; it is not judged yet."""
    if len(raw) > MOST_BYTES:
        asked, most = text("fact.bytes", count=len(raw)), text("fact.bytes", count=MOST_BYTES)
        return Refusal(RULE, asked, at_most(most), text("own.one_programme"))
    try:
        content = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _no_file()
    if not isinstance(content, dict) or "format" not in content:
        return _no_file()
    if content["format"] != FORMAT or isinstance(content["format"], bool):
        newer = isinstance(content["format"], int) and content["format"] > FORMAT
        asked = text("own.newer_format" if newer else "own.unknown_format")
        return Refusal(RULE, asked, text("own.format", format=FORMAT), text("own.export_again"))
    if content.keys() != _KEYS:
        return Refusal(RULE, text("fact.unknown_field"), text("own.keys"), text("own.export_again"))
    return read_draft(content["programme"])


def read_draft(values: object) -> OwnDraft | Refusal:
    """Return a draft of plain values, or the first field that does not fit and what would."""
    if not isinstance(values, Mapping):
        return _no_file()
    return read_fact(OwnDraft, values)


def read_words(words: str) -> OwnDraft | Refusal:
    """Return a draft of the JSON that a query carries."""
    try:
        return read_draft(msgspec.json.decode(words.encode()))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _no_file()


def _no_file() -> Refusal:
    return Refusal(RULE, text("own.no_file"), text("own.a_file"), text("own.export_again"))
