"""Tell whether a note looks as if it held a name, a phone number or a mail address. Pure.

It is a guess by words and forms: a note that looks personal gets one question, never a refusal, and
one that does not may still name somebody.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

import msgspec

from appliance.clinical.data_file import read_data

_MAIL = re.compile(
    r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)*\s?(?:\.|\(dot\))\s?[a-z]{2,}"
)
_DATE = re.compile(
    r"\b(?:\d{4}-\d\d?-\d\d?|\d\d?[./-]\d\d?[./-](?:\d{4}|\d\d)|\d\d?[:.]\d\d(?::\d\d)?)\b"
)
_NUMBER = re.compile(r"(?<![\w-])\(?\+?\d[\d ()./-]*\d(?![\w-])")
_GROUPED = re.compile(r"\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4}|\d{3}-\d{4}|[5-9]\d{2} \d{3} \d{3}")
"""Phone numbers without a zero in front, as they are grouped in North America, Spain, Poland."""
_UNIT = re.compile(r" ?(?:[kM]?Hz|pps|[mµu]?A|[mµu]?s\b|min|%|[cm]?m\b|kg|[kM]?Ω|ohm)")
PHONE_DIGITS = range(7, 16)
"""E.164 ends at 15 digits (M); fewer than 7 are a level, a width or a room (D)."""
_WORD = re.compile(r"(?:[OD]['’])?[^\W\d_]+(?:-[^\W\d_]+)*")
_BETWEEN_NAMES = re.compile(r"['’]|,? |\. ?")


class Personal(StrEnum):
    """What a note looks like."""

    MAIL = "mail"
    PHONE = "phone"
    NAME = "name"


class PersonalWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The words of `personal_words.toml` by kind, with spaces between them."""

    titles: str
    clear_titles: str
    after_eponyms: str
    fillers: str
    introductions: str
    first_names: str
    noun_ends: str
    words: str


class _Word(str):
    """A word of a note; `before` and `after` are the text up to its neighbours."""

    __slots__ = ("after", "before")

    before: str
    after: str

    @property
    def capital(self) -> bool:
        """Return whether it is written like a name: Xxx or XXX, or in a script without capitals."""
        return len(self) > 1 and (self[0].isupper() or self.lower() == self.upper())


@lru_cache(maxsize=1)
def load_words() -> dict[str, tuple[str, ...]]:
    """Return the words of each kind that a note is compared with; raises `ConfigError`."""
    table = read_data("appliance.clinical.patients", "personal_words.toml", PersonalWords)
    return {kind: tuple(getattr(table, kind).split()) for kind in table.__struct_fields__}


def looks_personal(note: str) -> Personal | None:
    """Return what a note looks like; None if it names nobody as far as can be told."""
    plain = "".join(map(_in_western_digits, unicodedata.normalize("NFC", note)))
    if _MAIL.search(plain.lower()):
        return Personal.MAIL
    if _has_phone(_DATE.sub(" ; ", plain)):
        return Personal.PHONE
    return Personal.NAME if _has_name(_split(plain)) else None


def _in_western_digits(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _has_phone(note: str) -> bool:
    for match in _NUMBER.finditer(note):
        number, digits = match[0].strip(), re.sub(r"\D", "", match[0])
        if len(digits) not in PHONE_DIGITS or _UNIT.match(note, match.end()):
            continue
        led = re.match(r"\+|\(?0\d", number) is not None
        if led or _GROUPED.fullmatch(number) or re.search(r"\d{7}", number):
            return True
    return False


def _split(note: str) -> list[_Word]:
    """Return the words of a note, each with the text between it and its neighbours."""
    matches = list(_WORD.finditer(note))
    words = []
    for place, match in enumerate(matches):
        word = _Word(match[0])
        word.before = note[matches[place - 1].end() if place else 0 : match.start()]
        end = matches[place + 1].start() if place + 1 < len(matches) else len(note)
        word.after = note[match.end() : end]
        words.append(word)
    return words


def _has_name(words: list[_Word]) -> bool:
    return any(
        _is_first_name(words, place)
        or _is_titled(words, place)
        or _is_introduced(words, place)
        or _is_pair(words, place)
        for place in range(len(words))
    )


def _is_first_name(words: list[_Word], place: int) -> bool:
    """Say whether a word is a known first name, and no eponym as in "Thomas test"."""
    parts = words[place].lower().split("-")
    if not any(part in load_words()["first_names"] for part in parts):
        return False
    following = words[place + 1].lower() if place + 1 < len(words) else ""
    return following not in load_words()["after_eponyms"]


def _is_titled(words: list[_Word], place: int) -> bool:
    """Say whether a word is a title in front of a name: Mr Smith; not 50 ms."""
    word, lower = words[place], words[place].lower()
    if place + 1 == len(words) or word.before.rstrip()[-1:].isdigit():
        return False
    following = words[place + 1]
    if _is_known(following) or not _BETWEEN_NAMES.fullmatch(word.after):
        return False
    if lower in load_words()["clear_titles"]:
        return True
    return lower in load_words()["titles"] and following.capital and word[0].upper() == word[0]


def _is_introduced(words: list[_Word], place: int) -> bool:
    """Say whether a word says that a name follows: name: smith, heißt Weber."""
    if words[place].lower() not in load_words()["introductions"]:
        return False
    following = place + 1
    while following < len(words) and words[following].lower() in load_words()["fillers"]:
        following += 1
    if following == len(words) or _is_known(words[following]):
        return False
    return words[following].capital or ":" in words[following].before


def _is_pair(words: list[_Word], place: int) -> bool:
    """Say whether two words side by side look like first name and surname, or an initial and one.

    In a script without capitals nothing can be told by the form.
    """
    if place + 1 == len(words):
        return False
    first, second = words[place], words[place + 1]
    if not _BETWEEN_NAMES.fullmatch(first.after) or not _is_name_form(second):
        return False
    if len(first) == 1:
        return first.isupper() and first.after.startswith(".") and not first.before[-1:].isalnum()
    return _is_name_form(first) and first.after[0] in " ,'’"


def _is_name_form(word: _Word) -> bool:
    return word[0].isupper() and len(word) > 1 and not word.isupper() and not _is_known(word)


def _is_known(word: str) -> bool:
    """Say whether a word is one that notes are made of."""
    lower = word.lower()
    if all(part in load_words()["words"] for part in lower.split("-")):
        return True
    return len(lower) > 1 and lower.endswith(load_words()["noun_ends"])
