"""Everything that a page, docstring or comment refers to exists: sections, files, commands."""

import ast
import importlib
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import click
import pytest

from ui.cli.main import stimkiosk

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("drivers", "appliance", "ui")
BASES = ("", "appliance", "drivers", "ui", "docs", "docs/decisions", "tests")
"""Folders in which a named path may start."""
LIMITS = {
    "6.1": "appliance.core.limits.limits",
    "6.2": "appliance.core.limits.level_limits",
    "6.3": "appliance.core.limits.patient_limits",
    "6.4": "appliance.core.prescription.contraction_counts",
    "5": "appliance.core.prescription.sessions_per_patient",
}
"""Section of docs/clinical-sources.md -> the module whose numbers it explains."""
MAPS = ("docs/architecture.md", "docs/glossary.md", "CONTRIBUTING.md")
MEASURED = ("docs/mutation.md", "docs/bench.md", "docs/stop-budget.md", "docs/naming-check.md")
"""Pages with results name the files of the commit that was measured or read."""
PLANNED = ("ui/kiosk",)
"""Not built yet, but the import contracts already name it."""
ROOMS = ("appliance", "drivers", "ui", "tests", "docs", "deploy", "stubs")

SECTION = re.compile(r"docs/([\w-]+\.md)[`)]* sections? (\d+(?:\.\d+)?)(?: and (\d+(?:\.\d+)?))?")
BARE_PAGE = re.compile(r"(?<![\w/.-])([a-z][\w-]+\.md) sections? (\d+(?:\.\d+)?)")
VAGUE = re.compile(
    r"(?<!\w)(?<!docs/)(?:design|clinical notes?|hardware notes?) sections? \d", re.IGNORECASE
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"(?<![\w./{<-])((?:[\w-]+/)+(?:[\w.*-]+\.(?:py|md|toml|sh|lock)|(?=[`\s])))")
MODULE = re.compile(r"python -m ([a-z_]+(?:\.[a-z_]+)+)")
SPAN = re.compile(r"`([^`\n]+)`")
FOLDER = re.compile(r"(?:appliance|drivers|ui|tests|docs|deploy|stubs)(?:/[\w-]+)+")
COMMAND = re.compile(r"(?:^|(?<=[\s`/]))stimkiosk((?: [^\s`|]+)+(?: \| [^`|\n]+)*)")
TARGET = re.compile(r"(?:^|(?<=[\s`]))make ([a-z][a-z-]+)(?=[\s`.,:)]|$)")
NAME = re.compile(r"^(?:([A-Z]\w+)\.([a-z_]\w*)|([a-z_]\w*)\(\))$")


@cache
def tracked() -> tuple[str, ...]:
    """Return every file that git tracks or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return tuple(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def pages() -> list[str]:
    return [name for name in tracked() if name.endswith(".md")]


def sources() -> list[str]:
    return [
        name for name in tracked() if name.endswith(".py") and name != "tests/test_documents.py"
    ]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def prose_of(name: str) -> str:
    """Return the docstrings, strings below constants, and comments of a source file."""
    text = text_of(name)
    found = [
        node.value.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    comments = re.sub(
        r"\n\s*# ?", " ", "\n".join(re.findall(r"^\s*#.*|(?<=  )#.*", text, re.MULTILINE))
    )
    return "\n".join([*found, comments])


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def headings(page: str) -> set[str]:
    """Return the numbers of a page's sections."""
    return set(re.findall(r"^#+ (\d+(?:\.\d+)?)[. ]", text_of(page), re.MULTILINE))


def anchors(page: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text_of(page)))


def sections_named(text: str) -> Iterator[tuple[str, str]]:
    for page, *numbers in SECTION.findall(one_line(text)):
        yield from ((f"docs/{page}", number) for number in numbers if number)


def exists(name: str) -> bool:
    return any(any(ROOT.glob(f"{base}/{name}".strip("/"))) for base in BASES)


def missing_paths(name: str, text: str) -> list[str]:
    """Return the named files that do not exist; folders only if they start with a room."""
    found = [
        path.rstrip("/")
        for path in PATH.findall(text)
        if not path.endswith("/") or path.partition("/")[0] in ROOMS
    ]
    spans = (span.rstrip("/") for span in SPAN.findall(text))
    found += [span for span in spans if FOLDER.fullmatch(span)]
    found += [module.replace(".", "/") + "*" for module in MODULE.findall(text)]
    beside = (ROOT / name).parent
    found = [path for path in found if path not in PLANNED]
    return [path for path in found if not exists(path) and not any(beside.glob(path))]


def has_section(page: str, number: str) -> bool:
    return page in tracked() and number in headings(page)


def test_every_section_cited_in_the_code_exists() -> None:
    wrong, vague = [], []
    for name in sources():
        prose = one_line(prose_of(name))
        wrong += [(name, *cited) for cited in sections_named(prose) if not has_section(*cited)]
        vague += [(name, *cited) for cited in (*VAGUE.findall(prose), *BARE_PAGE.findall(prose))]
    assert wrong == []
    assert vague == [], "name the page as docs/design.md section N"


def test_every_section_cited_on_a_page_exists() -> None:
    wrong = []
    for name in pages():
        text = one_line(text_of(name))
        bare = ((f"docs/{page}", number) for page, number in BARE_PAGE.findall(text))
        cited = [*sections_named(text), *bare]
        wrong += [(name, *each) for each in cited if not has_section(*each)]
    assert wrong == []


def test_every_link_leads_to_a_file_and_to_a_heading() -> None:
    assert [
        (name, link) for name in pages() for link in LINK.findall(text_of(name)) if dead(name, link)
    ] == []


def dead(page: str, link: str) -> bool:
    if "://" in link:
        return False
    path, _, anchor = link.partition("#")
    file = ((ROOT / page).parent / path).resolve() if path else ROOT / page
    return not file.exists() or (
        anchor != "" and anchor not in anchors(str(file.relative_to(ROOT)))
    )


def test_every_path_named_on_a_page_exists() -> None:
    named = [name for name in pages() if name not in MEASURED]
    assert [(name, path) for name in named for path in missing_paths(name, text_of(name))] == []


def test_every_path_named_in_the_code_exists() -> None:
    wrong = [(name, path) for name in sources() for path in missing_paths(name, prose_of(name))]
    assert wrong == []


def test_every_command_named_on_a_page_exists() -> None:
    wrong = []
    for name in pages():
        text = text_of(name)
        code = [*SPAN.findall(text), *re.findall(r"^ {4,}(\S.*)$", text, re.MULTILINE)]
        wrong += [(name, each) for each in unknown_commands("\n".join(code))]
    assert wrong == []


def test_every_command_named_in_a_docstring_exists() -> None:
    wrong = []
    for name in sources():
        prose = prose_of(name)
        shown = [*SPAN.findall(prose), *re.findall(r"Examples?: *\n? *(.*)$", prose, re.MULTILINE)]
        wrong += [(name, each) for each in unknown_commands("\n".join(shown))]
    assert wrong == []


def test_every_target_of_make_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    for name in [*pages(), *sources()]:
        text = text_of(name) if name.endswith(".md") else prose_of(name)
        code = [*SPAN.findall(text), *re.findall(r"^ {4,}(make .*)$", text, re.MULTILINE)]
        assert set(TARGET.findall("\n".join(code))) <= targets, name


def unknown_commands(text: str) -> list[str]:
    return [f"stimkiosk{line}" for line in COMMAND.findall(text) if not is_known(line)]


def is_known(line: str) -> bool:
    """Say whether a command line, or several joined by |, has only known commands and options."""
    first, *others = [part.split() for part in line.split(" | ")]
    group, known = walked(stimkiosk, first)
    for words in others:
        known = known and (walked(stimkiosk, words)[1] or walked(group, words)[1])
    return known


def walked(top: click.Group, words: list[str]) -> tuple[click.Group, bool]:
    """Follow words down the commands; return the last group, and whether every word is known."""
    path: list[click.Command] = [top]
    group, parts = top, iter(words)
    for word in (each.rstrip(".,;:") for each in parts):
        if word.startswith("#"):
            break
        if word.startswith("-"):
            option = next((found for found in map(option_of(word), path) if found), None)
            if option is None:
                return group, False
            if not option.is_flag and "=" not in word:
                next(parts, None)
            continue
        if path[-1] is not group or (group.invoke_without_command and word not in group.commands):
            continue  # an argument
        command = group.get_command(click.Context(group), word)
        if command is None:
            return group, False
        path.append(command)
        group = command if isinstance(command, click.Group) else group
    return group, True


def option_of(word: str) -> Callable[[click.Command], click.Option | None]:
    """Return a function that finds the option with this name in a command."""
    name = word.partition("=")[0]

    def find(command: click.Command) -> click.Option | None:
        for each in command.get_params(click.Context(command)):
            if isinstance(each, click.Option) and name in (*each.opts, *each.secondary_opts):
                return each
        return None

    return find


@cache
def names_of_the_product() -> set[str]:
    """Return every function and `Class.member` of the product."""
    names = set()
    for name in sources():
        if name.partition("/")[0] not in PRODUCT:
            continue
        for node in ast.walk(ast.parse(text_of(name))):
            if isinstance(node, ast.FunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.ClassDef):
                names |= {f"{node.name}.{member}" for member in members(node)}
    return names


def members(node: ast.ClassDef) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.FunctionDef):
            yield each.name
        elif isinstance(each, ast.AnnAssign | ast.Assign):
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))
            yield from (target.attr for target in targets if isinstance(target, ast.Attribute))


def test_the_rooms_of_the_map_are_those_of_the_import_contracts() -> None:
    contracts = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    orders = [" / ".join(each["layers"]) for each in contracts if each["type"] == "layers"]
    assert [each for each in orders if f" {each}\n" not in text_of("docs/architecture.md")] == []


def test_every_function_named_on_a_map_exists() -> None:
    wrong = []
    for name in MAPS:
        matches = [NAME.match(span) for span in SPAN.findall(text_of(name))]
        named = [f"{m[1]}.{m[2]}" if m[1] else m[3] for m in matches if m is not None]
        wrong += [(name, each) for each in named if each not in names_of_the_product()]
    assert wrong == []


@pytest.mark.parametrize("section", LIMITS)
def test_every_number_of_the_limits_has_its_source_on_the_page(section: str) -> None:
    module = importlib.import_module(LIMITS[section])
    numbers = {
        name
        for name, value in vars(module).items()
        if name.isupper() and type(value) in {int, tuple} and name in own_names(module)
    }
    text = text_of("docs/clinical-sources.md")
    part = re.split(rf"^#+ {re.escape(section)}[. ]", text, flags=re.MULTILINE)[1]
    own_part = re.split(r"^#", part, flags=re.MULTILINE)[0]
    assert set(re.findall(r"`([A-Z][A-Z0-9_]+)`", own_part)) == numbers


def own_names(module: ModuleType) -> set[str]:
    """Return the constants that a module defines itself, without those it imports."""
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    return set(re.findall(r"^([A-Z][A-Z0-9_]+)(?:: [\w\[\], ]+)? = ", text, re.MULTILINE))


def test_what_is_missing_is_found() -> None:
    assert missing_paths("README.md", "see `appliance/control/desk.py`") != []
    assert (
        missing_paths("README.md", "`drivers/machine` and `python -m tests.support.no_tool`") != []
    )
    assert missing_paths("README.md", "`drivers/gpio`, `python -m tests.campaigns.faults`") == []
    assert unknown_commands("stimkiosk capsules list") != []
    assert unknown_commands("stimkiosk treat conventional-tens --louder") != []
    assert not has_section("docs/design.md", "12")
    assert not has_section("docs/style.md", "1")
