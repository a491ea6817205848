"""The pads of a patient: choose a labelled set, label a new one, look at it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from string import ascii_uppercase
from types import MappingProxyType
from typing import Any

from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.place import STAY, Kiosk, Next, Row
from ui.kiosk.journey.treatment import FACT, Step
from ui.kiosk.journey.typed import typed

MATERIAL_MOST = 40
KNOWN_MAKERS = (
    "Axelgaard PALS",
    "Axelgaard ValuTrode",
    "Axelgaard UltraStim",
    "Chattanooga Dura-Stick",
)
"""Pads as their bags name them, on keys so that nobody has to type (D): a patch test is of one."""
LOOKED_AT = ("edges", "gel", "whole", "date")
GOOD = "good"
CHOOSE = "refusal.before_start"
"""The rule of the finding that no set was chosen yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PadStep(Step):
    """A step about pads."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is missing, the patient's sets, and how large and many the pads are."""
        return self.treatment.page, self.treatment.file, self.placements

    @property
    def placements(self) -> str:
        """Return the page of where pads may lie."""
        treatment = self.treatment
        return f"placements:{treatment.programme}:{treatment.region}:{treatment.side}"

    def sets(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return the sets labelled for this patient, the newest first."""
        rows = kiosk.rows(self.treatment.file) or ()
        return tuple(row for row in reversed(rows) if row["kind"] == "pads")

    def lying(self, kiosk: Kiosk) -> tuple[str, str]:
        """Return placement and depth: as chosen, else as they lie, else "" for the usual."""
        treatment = self.treatment
        if treatment.placement:
            return treatment.placement, treatment.depth
        wanted = (treatment.programme, treatment.region, treatment.side)
        for row in kiosk.rows(treatment.file) or ():
            if row["kind"] == "placed":
                key = row["key"]
                if (key["programme"], key["region"], key["side"]) == wanted:
                    return str(key["placement"]), str(key["depth"])
        return "", ""

    def pads(self, kiosk: Kiosk) -> tuple[Mapping[str, Any], ...]:
        """Return the pads that the placement needs, none while they are not known."""
        placement, depth = self.lying(kiosk)
        for row in kiosk.rows(self.placements) or ():
            if placement in {"", row["placement"]} and depth in {"", row["depth"]}:
                return tuple(row["pads"])
        return ()

    def size(self, kiosk: Kiosk) -> tuple[int, int] | None:
        """Return width and height of a pad in mm, None while they are not known."""
        pads = self.pads(kiosk)
        return (int(pads[0]["width_mm"]), int(pads[0]["height_mm"])) if pads else None

    def use(self, pad_set: str, kiosk: Kiosk) -> Next:
        """Go on with a set, on the placement that the pads have."""
        placement, depth = self.lying(kiosk)
        return self.on(pad_set=pad_set, placement=placement, depth=depth)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePads(PadStep):
    """No set is chosen, or the one chosen cannot be used; `material` is typed for a new set."""

    naming: bool = False
    material: str = ""
    labelled: str = ""
    """The label that was sent."""

    def usable(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return the sets in use but the one that was refused here."""
        stops = self.finding.get("consequence") == "stop"
        refused = str(self.finding["item"]) if stops else ""
        rows = self.sets(kiosk)
        return tuple(row for row in rows if not row["out_of_use"] and row["pad_set"] != refused)

    def fitting(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return the usable sets of the size and number that the placement needs."""
        size, count = self.size(kiosk), len(self.pads(kiosk))
        return tuple(
            row
            for row in self.usable(kiosk)
            if (row["width_mm"], row["height_mm"]) == size and row["pads"] >= count
        )

    def by_itself(self, kiosk: Kiosk) -> Next:
        """Take the only set that fits; it is looked at next, and may be changed there."""
        known = kiosk.fresh(self.treatment.file) is not None
        if not known or self.naming or self.finding.get("rule") != CHOOSE:
            return STAY
        sets = self.fitting(kiosk)
        return self.use(str(sets[0]["pad_set"]), kiosk) if len(sets) == 1 else STAY

    def label(self, kiosk: Kiosk) -> str:
        """Return the first label that no set of this patient has had."""
        taken = {str(row["pad_set"]) for row in self.sets(kiosk)}
        labels = (f"{letter}{turn or ''}" for turn in count() for letter in ascii_uppercase)
        return next(label for label in labels if label not in taken)

    def materials(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the materials of sets before, the newest first, then known makers, each once."""
        before = (str(row["material"]) for row in self.sets(kiosk))
        return tuple(dict.fromkeys((*before, *KNOWN_MAKERS)))

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Take a set, or label a new one of a material."""
        name, _, what = action.partition(":")
        match name:
            case "set":
                return self.use(what, kiosk)
            case "same":
                return self._label(what, kiosk)
            case "new":
                return Next(replace(self, naming=True))
            case "letter":
                return Next(replace(self, material=typed(self.material, what, MATERIAL_MOST)))
            case "label" if self.material.strip():
                return self._label(self.material.strip(), kiosk)
            case "back" if self.naming:
                return Next(replace(self, naming=False))
            case _:
                return Step.touched(self, action, kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go on with the set just labelled."""
        if tag != FACT or not isinstance(answer, Reply):
            return STAY
        return self.use(self.labelled, kiosk)

    def _label(self, material: str, kiosk: Kiosk) -> Next:
        size = self.size(kiosk)
        if size is None or kiosk.rows(self.treatment.file) is None:
            return STAY
        label = self.label(kiosk)
        values = {
            "pad_set": label,
            "material": material,
            "width_mm": size[0],
            "height_mm": size[1],
            "pads": len(self.pads(kiosk)),
        }
        return replace(self, labelled=label).record("pad_set_labelled", values)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPads(PadStep):
    """The look at a set before a session: an answer for each thing looked at."""

    answers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def pad_set(self) -> str:
        """Return the label of the set."""
        return str(self.finding["item"])

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Answer one thing, or say that the others are good and record it."""
        name, _, what = action.partition(":")
        match name:
            case "look":
                thing, _, state = what.partition("=")
                answers = MappingProxyType({**self.answers, thing: state})
                return Next(replace(self, answers=answers))
            case "rest_good":
                looked = {**dict.fromkeys(LOOKED_AT, GOOD), **self.answers}
                return self.record("pad_set_checked", {"pad_set": self.pad_set, **looked})
            case "another":
                return Next(ChoosePads(treatment=self.treatment, finding=self.finding))
            case _:
                return Step.touched(self, action, kiosk)
