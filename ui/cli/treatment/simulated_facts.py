"""The facts that a simulated patient needs before a treatment. Pure.

Each is the answer to a finding of the page `missing`. Nobody was asked: the answers are those of
a healthy person whose skin is clear. What stops a treatment, or needs a clinician's reason, has no
simulated answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec

from appliance.clinical.finding import Consequence
from appliance.clinical.patients.before_start import WantedTreatment
from appliance.clinical.placement.pad_sets import next_label
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.clinical.screening.judge import FULL_SCREENING, VISIT_LIST
from appliance.clinical.screening.questions import load_questions
from appliance.clinical.skin.sites import site_name
from appliance.messages.wire import TextValueView, TextView

Row: TypeAlias = Mapping[str, Any]
"""A row of a page, as a client gets it."""
ALIAS = "SIM"
"""A simulated patient has this alias and a number."""
BORN = 1980
MATERIAL = "simulated hydrogel"
WEEKS = 6
DECLINED = "simulated: nobody wears it"
REPORT = "simulated"
EXERCISES = "refusal.exercises"
"""A note that is answered as well: it is asked first thing at a visit."""


class SimulatedFact(NamedTuple):
    """A fact by the name of its event, with its own values."""

    kind: str
    values: Mapping[str, object]


class FindingRow(msgspec.Struct, frozen=True):
    """A row of the page `missing`."""

    consequence: Consequence
    blocks: bool
    rule: str
    item: str
    found: TextValueView
    allowed: TextValueView
    nearest: TextValueView
    answered_by: str = ""


class Situation(NamedTuple):
    """What is missing, the rows of the patient's file, what is wanted, the rows of the unit."""

    findings: Sequence[FindingRow]
    file: Sequence[Row]
    wanted: WantedTreatment
    unit: Sequence[Row] = ()

    @property
    def placement(self) -> PlannedPlacement:
        """Return where the pads are to lie."""
        if self.wanted.placement is None:
            raise ValueError("a simulated treatment has a placement")
        return self.wanted.placement

    def items(self, rule: str, prefix: str = "") -> tuple[str, ...]:
        """Return the items of a rule that are asked for, without their prefix."""
        return tuple(
            finding.item.removeprefix(prefix)
            for finding in self.findings
            if finding.rule == rule and finding.item.startswith(prefix) and _is_asked(finding)
        )


def fact_for(situation: Situation) -> SimulatedFact | FindingRow | None:
    """Return the fact that answers the first open finding, None where nothing is open.

    A finding that only a person can answer is returned itself, before anything else is entered.
    """
    facts = []
    for finding in situation.findings:
        answer = _ANSWERS.get(finding.rule)
        fact = None if answer is None else answer(finding, situation)
        if finding.blocks and fact is None:
            return finding
        if fact is not None and (finding.blocks or finding.rule == EXERCISES):
            facts.append(fact)
    return facts[0] if facts else None


# --- who it is, and with which pads ----------------------------------------------------------


def find_patient(named: str, patients: Iterable[Row]) -> str | None:
    """Return the id of a registered patient by id or alias; "" finds a simulated one."""
    wanted = named.strip().upper()
    for row in patients:
        alias = row["alias"] or ""
        if wanted in (row["patient"], alias) if wanted else row["simulated"] and _is_ours(alias):
            return str(row["patient"])
    return None


def registration(named: str, patients: Iterable[Row]) -> SimulatedFact:
    """Return the registration of a new simulated patient, or of a pseudonym of earlier records."""
    rows = tuple(patients)
    others = [row["patient"] for row in rows if row["born"] == BORN]
    values: dict[str, object] = {"born": BORN, "other_than": others}
    if named.strip():
        return SimulatedFact("patient_registered", {**values, "patient": named})
    aliases = {row["alias"] for row in rows}
    number = next(number for number in range(1, len(rows) + 2) if f"{ALIAS}{number}" not in aliases)
    return SimulatedFact("patient_registered", {**values, "alias": f"{ALIAS}{number}"})


def pad_set_for(placement: PlannedPlacement, file: Iterable[Row]) -> str:
    """Return the newest set of pads in use that fits, else the label of a new one."""
    sets = _pad_sets(file)
    size = _size_mm(placement)
    for label, row in reversed(sets.items()):
        fits = (row["width_mm"], row["height_mm"]) == size and row["pads"] >= len(placement.pads)
        if fits and not row["out_of_use"]:
            return label
    return next_label(sets)


# --- before a start --------------------------------------------------------------------------


def _complaint(_: FindingRow, situation: Situation) -> SimulatedFact:
    values = {"weeks": WEEKS, "diagnosis": "non_specific_pain"}
    region, side = situation.wanted.region.value, situation.wanted.side.value
    return SimulatedFact("complaint_opened", {"region": region, "side": side, **values})


def _skin(finding: FindingRow, situation: Situation) -> SimulatedFact | None:
    if finding.item.startswith(_FOLLOW_UP):
        names = situation.items(finding.rule, _FOLLOW_UP)
        answers = [{"site": _site(name), "answer": "gone"} for name in names]
        return SimulatedFact("skin_followed_up", {"answers": answers})
    if finding.consequence is not Consequence.ASK:
        return None
    grades = [{"site": site, "grade": 0} for site in _sites(situation)]
    return SimulatedFact("skin_checked_before", {"grades": grades})


def _patch_test(finding: FindingRow, _: Situation) -> SimulatedFact | None:
    material = {"material": finding.item.partition(":")[2]}
    match _key(finding.nearest):
        case "patch_test.ask_next_day":
            return SimulatedFact("patch_test_followed_up", {**material, "answer": "nothing"})
        case "patch_test.offer":
            return SimulatedFact("patch_test_declined", {**material, "reason": DECLINED})
        case "patch_test.apply":
            return SimulatedFact("patch_test_applied", {**material, "place": "inner_forearm"})
        case "patch_test.read_now":
            return SimulatedFact("patch_test_read", {**material, "grade": 0})
        case "patch_test.time_by_hand":
            by_hand = {"grade": 0, "timed_by_hand": True}
            return SimulatedFact("patch_test_read", {**material, **by_hand})
        case _:
            return None


def _screening(finding: FindingRow, situation: Situation) -> SimulatedFact | None:
    if finding.consequence is not Consequence.ASK:
        return None
    if finding.item == VISIT_LIST:
        return SimulatedFact("visit_list_answered", {"none_changed": True})
    is_full = finding.item == FULL_SCREENING
    asked = set(load_questions()) if is_full else set(situation.items(finding.rule))
    region = situation.wanted.region.value
    values = {
        "kind": "full" if is_full else "part",
        "answers": _answers(asked, None, situation.file),
        "here": {region: _answers(asked, region, situation.file)},
    }
    return SimulatedFact("screening_answered", values)


def _pads(finding: FindingRow, situation: Situation) -> SimulatedFact | None:
    if finding.consequence is Consequence.ASK:
        good = dict.fromkeys(("edges", "gel", "whole", "date"), "good")
        return SimulatedFact("pad_set_checked", {"pad_set": finding.item, **good})
    sets = _pad_sets(situation.file)
    if finding.item in sets:
        because = "too_old" if _key(finding.found) == "pad_set.too_old" else "used_up"
        return SimulatedFact("pad_set_discarded", {"pad_set": finding.item, "because": because})
    width_mm, height_mm = _size_mm(situation.placement)
    known = [row["material"] for row in sets.values()]
    values = {
        "pad_set": finding.item,
        "material": known[-1] if known else MATERIAL,
        "width_mm": width_mm,
        "height_mm": height_mm,
        "pads": len(situation.placement.pads),
    }
    return SimulatedFact("pad_set_labelled", values)


def _sensation(finding: FindingRow, situation: Situation) -> SimulatedFact | None:
    if finding.consequence is not Consequence.ASK:
        return None
    sites = [{"site": site, "feeling": "normal"} for site in _sites(situation)]
    return SimulatedFact("sensation_tested", {"method": "sharp_blunt", "sites": sites})


def _placed(_: FindingRow, situation: Situation) -> SimulatedFact:
    key: object = msgspec.to_builtins(situation.placement.key)
    pads: object = msgspec.to_builtins(situation.placement.pads)
    values = {"key": key, "pads": pads, "pad_set": situation.wanted.pad_set}
    return SimulatedFact("pads_placed", values)


def _told(finding: FindingRow, _: Situation) -> SimulatedFact:
    return SimulatedFact("patient_told", {"programme": finding.item})


def _exercises(finding: FindingRow, situation: Situation) -> SimulatedFact:
    notes = [each.item for each in situation.findings if each.rule == finding.rule]
    return SimulatedFact("exercises_asked", {"answers": dict.fromkeys(notes, "done")})


def _unit(finding: FindingRow, situation: Situation) -> SimulatedFact | None:
    """Return a look or care of the unit; damage and a unit out of use are for service."""
    parts = [row["part"] for row in situation.unit if row["kind"] == "part"]
    today = next((row["day"] for row in situation.unit if row["kind"] == "today"), "")
    match finding.answered_by:
        case "unit_checked":
            values: dict[str, object] = {"answers": dict.fromkeys(parts, "good")}
        case "leads_inspected":
            inspected = [part for part in parts if part == "hand_switch" or "lead_" in part]
            values = {"answers": dict.fromkeys(inspected, "good")}
        case "safety_check_recorded":
            values = {"date": today, "report": REPORT}
        case "calibration_recorded":
            values = {"date": today, "certificate": REPORT}
        case "unit_cleaned":
            values = {}
        case _:
            return None
    return SimulatedFact(finding.answered_by, values)


_ANSWERS: Mapping[str, Callable[[FindingRow, Situation], SimulatedFact | None]] = {
    "refusal.complaint": _complaint,
    "refusal.diagnosis": _complaint,
    "refusal.skin": _skin,
    "refusal.patch_test": _patch_test,
    "refusal.screening": _screening,
    "refusal.pad_set": _pads,
    "refusal.sensation": _sensation,
    "refusal.placement": _placed,
    "refusal.patient_told": _told,
    "refusal.unit_check": _unit,
    "refusal.care": _unit,
    EXERCISES: _exercises,
}
_FOLLOW_UP = "skin_follow_up:"


def _is_asked(finding: FindingRow) -> bool:
    return finding.consequence is Consequence.ASK


def _is_ours(alias: str) -> bool:
    return alias.startswith(ALIAS) and alias.removeprefix(ALIAS).isdecimal()


def _pad_sets(file: Iterable[Row]) -> dict[str, Row]:
    return {row["pad_set"]: row for row in file if row["kind"] == "pads"}


def _size_mm(placement: PlannedPlacement) -> tuple[int, int]:
    return placement.pads[0].width_mm, placement.pads[0].height_mm


def _sites(situation: Situation) -> list[dict[str, str]]:
    return [_site(site_name(site)) for site in situation.placement.sites]


def _site(name: str) -> dict[str, str]:
    region, side, spot = name.split("/")
    return {"region": region, "side": side, "spot": spot}


def _answers(asked: set[str], region: str | None, file: Iterable[Row]) -> dict[str, str]:
    """Return the answers about a region, or about the patient: those of before, else harmless."""
    given = {
        row["question"]: str(row["answer"])
        for row in file
        if row["kind"] == "answer" and row["region"] == region
    }
    return {
        question.id: given.get(question.id, "no" if question.flagged == "yes" else "yes")
        for question in load_questions().values()
        if question.id in asked and question.local is (region is not None)
    }


def _key(view: TextValueView) -> str:
    return view.key if isinstance(view, TextView) else ""
