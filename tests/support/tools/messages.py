"""Write what is to be translated into the `.po` files: `python -m tests.support.tools.messages`.

Two files a language: texts of the engine (`appliance/texts/locale`, the key of a text is the
context of its message) and the kiosk's own words (`ui/kiosk/locale`). What was translated stays; a
text of the engine whose English changed keeps its translation, marked fuzzy until somebody has read
it.

    CODE ...          write the files of these languages; without one, of every language begun
    --check           write nothing, fail where a file is out of date
    --missing CODE    what a language lacks, and translations with other placeholders
    --to-do CODE      the same as lines "id|key or file|English" for a translator
    --take CODE FILE  take in lines "id|translation"
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from appliance.texts.languages import ENGLISH, KNOWN
from tests.support.tools.texts import entries

ROOT = Path(__file__).parents[3]
TEXTS, WORDS = Path("appliance/texts/locale"), Path("ui/kiosk/locale")
KEYWORDS = {"_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
FIELD = re.compile(r"\{[^{}]*\}")
CODES = tuple(code for code in KNOWN if code != ENGLISH.code)


def texts() -> Catalog:
    """Return the engine's texts; the context is the key."""
    catalog = Catalog()
    for entry in entries():
        place = (f"appliance/texts/catalogue/{entry.file}", 0)
        catalog.add(entry.template, locations=[place], context=entry.key)
    return catalog


def words() -> Catalog:
    """Return the kiosk's own words."""
    catalog = Catalog()
    found = extract_from_dir(
        ROOT / "ui" / "kiosk",
        [("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=["For translators:"],
        strip_comment_tags=True,
    )
    for file, _, message, comments, context in sorted(found, key=lambda each: each[:2]):
        place = (f"ui/kiosk/{file}", 0)
        catalog.add(message, locations=[place], auto_comments=comments, context=context)
    return catalog


@cache
def sources() -> tuple[tuple[Path, Catalog], ...]:
    """Return both folders and what is to be translated there, gathered once."""
    return (TEXTS, texts()), (WORDS, words())


def read(path: Path, code: str) -> Catalog:
    """Return the messages of a file, none where there is no file yet."""
    if not path.is_file():
        return Catalog(locale=code)
    with path.open("rb") as source:
        return read_po(source, locale=code)


def updated(catalog: Catalog, template: Catalog, code: str) -> bytes:
    """Return the file of a language with every message of the template, in its order."""
    new = Catalog(locale=code, charset="utf-8", fuzzy=False)
    new.header_comment = f"# {KNOWN[code].name}. Not reviewed by a native clinician."
    kept = {(message.context, message.id): message for message in catalog if message.id}
    by_key = {message.context: message for message in catalog if message.context}
    for message in template:
        if not message.id:
            continue
        old = kept.get((message.context, message.id))
        flags: set[str] = set()
        if old is None and message.context in by_key and "." in str(message.context):
            old, flags = by_key[message.context], {"fuzzy"}
        if old is not None:
            flags |= old.flags & {"fuzzy"}
        new.add(
            message.id,
            "" if old is None or not old.string else old.string,
            locations=message.locations,
            flags=flags,
            auto_comments=message.auto_comments,
            user_comments=[] if old is None else old.user_comments,
            context=message.context,
        )
    written = BytesIO()
    write_po(written, new, width=100, include_lineno=False, omit_header=False)
    lines = written.getvalue().decode().split("\n")
    return "\n".join(line for line in lines if not DATED.match(line)).encode()


DATED = re.compile(r'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator): ')
"""Lines of the head that would change without a change of a message."""


def problems(message: Message) -> list[str]:
    """Return what is wrong with a translation: it is missing, or has other placeholders."""
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    what = f"{message.context or ''} {ids[0]!r}".strip()
    if message.fuzzy or not all(strings):
        return [f"{what}: {'changed' if message.fuzzy else 'missing'}"]
    fields = {tuple(sorted(FIELD.findall(str(each)))) for each in ids}
    wrong = [each for each in strings if tuple(sorted(FIELD.findall(str(each)))) not in fields]
    return [f"{what}: other placeholders in {each!r}" for each in wrong]


def lacking(code: str) -> list[str]:
    """Return every problem of a language, also messages that its files do not have yet."""
    found = []
    for folder, template in sources():
        catalog = read(ROOT / folder / f"{code}.po", code)
        for message in template:
            if not message.id:
                continue
            have = catalog.get(message.id, message.context)
            found += [f"{message.id!r}: not in the file"] if have is None else problems(have)
    return found


def alike(code: str) -> set[str]:
    """Return the translations of a language that read as English messages do."""
    english, own = set[str](), set[str]()
    for folder, template in sources():
        english |= {form for message in template for form in _forms(message.id)}
        translated = read(ROOT / folder / f"{code}.po", code)
        own |= {form for message in translated for form in _forms(message.string)}
    same = english & own - {""}
    return same | {text.upper() for text in same} | {text.capitalize() for text in same}


def _forms(texts: object) -> tuple[str, ...]:
    """Return the forms of a message, one where it has no plural."""
    return texts if isinstance(texts, tuple) else (str(texts),)


def files(codes: Iterable[str]) -> Mapping[Path, bytes]:
    """Return the files of languages as they have to be."""
    return {
        ROOT / folder / f"{code}.po": updated(
            read(ROOT / folder / f"{code}.po", code), template, code
        )
        for folder, template in sources()
        for code in codes
    }


def begun() -> tuple[str, ...]:
    """Return the languages that have files."""
    return tuple(code for code in CODES if (ROOT / WORDS / f"{code}.po").is_file())


def id_of(message: Message) -> str:
    """Return a short name of a message for the list of a translator."""
    return sha256(f"{message.context}|{message.id}".encode()).hexdigest()[:7]


def to_do(code: str) -> Iterator[str]:
    """Yield a line a message that is not translated: its id, its key, its English."""
    for folder, template in sources():
        catalog = read(ROOT / folder / f"{code}.po", code)
        for message in template:
            have = catalog.get(message.id, message.context) if message.id else None
            if message.id and (have is None or problems(have)):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                text = "||".join(map(str, ids)).replace("\n", "\\n")
                yield f"{id_of(message)}|{message.context or message.locations[0][0]}|{text}"


def take(code: str, lines: Iterable[str]) -> Iterator[str]:
    """Take in lines "id|translation" (plural forms apart by "||"); yield what is wrong."""
    told = dict(line.rstrip("\n").split("|", 1) for line in lines if "|" in line)
    for folder, content in ((folder, files((code,))) for folder in (TEXTS, WORDS)):
        path = ROOT / folder / f"{code}.po"
        catalog = read_po(BytesIO(content[path]), locale=code)
        for message in catalog:
            text = told.pop(id_of(message), None) if message.id else None
            if text is None:
                continue
            forms = tuple(text.replace("\\n", "\n").split("||"))
            message.string = forms if isinstance(message.id, tuple) else forms[0]
            message.flags.discard("fuzzy")
            yield from problems(message)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(updated(catalog, catalog, code))
    yield from (f"{name}: no such message" for name in told)


def main(*arguments: str) -> int:
    """Write files, check them, or list what a language lacks; return the exit status."""
    match arguments:
        case ("--missing", code):
            print("\n".join(lacking(code)))
        case ("--to-do", code):
            print("\n".join(to_do(code)))
        case ("--take", code, file):
            with Path(file).open(encoding="utf-8") as lines:
                print("\n".join(take(code, lines)))
            print(f"{len(lacking(code))} are still missing or wrong")
        case ("--check",):
            found = files(begun()).items()
            stale = [path for path, content in found if path.read_bytes() != content]
            for path in stale:
                print(f"{path.relative_to(ROOT)}: run python -m {__spec__.name}")
            return int(bool(stale))
        case codes if all(code in CODES for code in codes):
            for path, content in files(codes or begun()).items():
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content)
            for code in codes or begun():
                print(f"{code}: {len(lacking(code))} messages are missing or wrong")
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
