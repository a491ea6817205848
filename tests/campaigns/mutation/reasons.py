"""Why a survivor is accepted; keyed by the change, so that lines may move around it."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from tests.campaigns.mutation.mutant import Change, Mutant

FILE = Path(__file__).with_name("reasons.toml")
_KEYS = {"path", "place", "removed", "added", "reason"}


def read(path: Path = FILE) -> dict[Change, str]:
    """Return the reasons; raises `ValueError` for an incomplete entry."""
    reasons: dict[Change, str] = {}
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("survivor", []):
        if set(entry) != _KEYS or not entry["reason"].strip():
            raise ValueError(f"{path.name}: an entry needs {sorted(_KEYS)}, found {sorted(entry)}")
        change = Change(
            entry["path"], entry["place"], entry["removed"].strip(), entry["added"].strip()
        )
        if change in reasons:
            raise ValueError(f"{path.name}: {change.path} {change.place} has two reasons")
        reasons[change] = " ".join(entry["reason"].split())
    return reasons


def unexplained(mutants: Iterable[Mutant], reasons: dict[Change, str]) -> list[Change]:
    """Return the survivors without a reason."""
    return sorted({mutant.change for mutant in mutants if not mutant.caught} - set(reasons))


def stale(
    mutants: Iterable[Mutant], reasons: dict[Change, str], paths: Iterable[str]
) -> list[Change]:
    """Return the reasons, in files that were judged, whose mutant is now killed or gone."""
    alive = {mutant.change for mutant in mutants if not mutant.caught}
    judged = set(paths)
    return sorted(change for change in reasons if change.path in judged and change not in alive)


def as_entry(change: Change) -> str:
    """Return the TOML entry for a survivor, with the reason left to fill in."""
    sides = (f"{name} = '''\n{text}\n'''" for name, text in _sides(change))
    place = (f'path = "{change.path}"', f'place = "{change.place}"')
    return "\n".join(["[[survivor]]", *place, *sides, 'reason = ""', ""])


def _sides(change: Change) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("removed", change.removed), ("added", change.added)
