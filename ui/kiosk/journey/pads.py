"""Where pads lie, and what is felt and seen there before: placement, sensation, skin. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.motor_point import points, points_page
from ui.kiosk.journey.place import STAY, Kiosk, Next, Row
from ui.kiosk.journey.treatment import BY_HAND, FACT, Step

ASK = "ask"
DEPTHS = ("shallow", "usual", "deep")
STEPS_ON_PAGE = 3
PLACE_PAD = "placement.step.place_pad"
"""The key of a step that names one pad: those have lines of their own."""
NORMAL, CLEAR = "normal", "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPads(Step):
    """A step about the pads of a placement."""

    @property
    def placements(self) -> str:
        """Return the page of the placements offered."""
        treatment = self.treatment
        return f"placements:{treatment.programme}:{treatment.region}:{treatment.side}"

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is missing, and where pads may lie."""
        return self.treatment.page, self.placements

    def offered(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return the placements offered, each depth a row, the usual first."""
        return kiosk.rows(self.placements) or ()

    def planned(self, kiosk: Kiosk) -> Row | None:
        """Return the placement that was chosen; else the first with every site asked about."""
        treatment, asked = self.treatment, set(self.sites(kiosk))
        for row in self.offered(kiosk):
            if treatment.placement:
                depth = treatment.depth or row["depth"]
                if (row["placement"], row["depth"]) == (treatment.placement, depth):
                    return row
            elif asked <= {site_of(treatment.region, pad) for pad in row["pads"]}:
                return row
        return None

    def sites(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the sites that are asked about now."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePlacement(OnPads):
    """Which placement and how deep; `shown` is the one on the figure, "" the usual one.

    The usual placement, which the engine lists first, is taken without a touch: the screens after
    it show it, lead back here, and ask whether the pads lie like that.
    """

    shown: str = ""
    depth: str = ""

    def by_itself(self, kiosk: Kiosk) -> Next:
        """Take the usual placement unless a person wants to choose."""
        rows = kiosk.fresh(self.placements)
        if not rows or self.finding.get("item") == BY_HAND:
            return STAY
        return self.on(placement=rows[0]["placement"], depth=rows[0]["depth"])

    def row(self, kiosk: Kiosk) -> Row | None:
        """Return the placement on the figure; where its depth is not chosen, the usual one."""
        rows = self.offered(kiosk)
        shown = self.shown or self.treatment.placement
        depth = self.depth or (self.treatment.depth if not self.shown else "")
        named = [row for row in rows if row["placement"] == shown] or list(rows)
        depths = [row for row in named if row["placement"] == named[0]["placement"]]
        return next((row for row in depths if row["depth"] == depth), next(iter(depths), None))

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Look at a placement or a depth, and take what is on the figure."""
        name, _, what = action.partition(":")
        row = self.row(kiosk)
        match name:
            case "placement":
                return Next(replace(self, shown=what, depth=""))
            case "depth" if row is not None:
                return Next(replace(self, shown=row["placement"], depth=what))
            case "take" if row is not None:
                taken = (row["placement"], row["depth"])
                same = taken == (self.treatment.placement, self.treatment.depth)
                repeats = self.treatment.repeats and same
                return self.on(placement=taken[0], depth=taken[1], repeats=repeats)
            case "back" if self.finding.get("item") == BY_HAND:
                return self.on()
            case _:
                return Step.touched(self, action, kiosk)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePads(OnPads):
    """The pads go on; `page` 0 says where each lies, later pages how it is done."""

    page: int = 0

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return beside the placement the file, which knows the sets of pads, and found points."""
        points = points_page(self.treatment.patient)
        return (*OnPads.wants(self, kiosk), self.treatment.file, points)

    def planned(self, kiosk: Kiosk) -> Row | None:
        """Return the placement chosen, else the one that lay there before."""
        rows, treatment = self.offered(kiosk), self.treatment
        if treatment.placement:
            return OnPads.planned(self, kiosk)
        return next((row for row in rows if row["placement"] == self.finding.get("item")), None)

    def pad_set(self, kiosk: Kiosk) -> str:
        """Return the set chosen, else the one that lay there before; "" while it is not known."""
        file = kiosk.rows(self.treatment.file) or ()
        lying = next((str(row["pad_set"]) for row in file if row["kind"] == "placed"), "")
        return self.treatment.pad_set or lying

    def found(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return the newest motor point that was found on each side to be treated."""
        treatment = self.treatment
        sides = ("left", "right") if treatment.side == "both" else (treatment.side,)
        rows = points(kiosk, treatment.patient, treatment.region, sides)
        newest = {row["side"]: row for row in reversed(rows)}
        return tuple(newest[side] for side in sides if side in newest)

    def steps(self, kiosk: Kiosk) -> tuple[object, ...]:
        """Return the steps that name no single pad."""
        row = self.planned(kiosk)
        steps = () if row is None else row["steps"]
        return tuple(step for step in steps if key_of(step) != PLACE_PAD)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Turn the page, or record that the pads lie."""
        row = self.planned(kiosk)
        pages = 1 + -(-len(self.steps(kiosk)) // STEPS_ON_PAGE)
        match action:
            case "turn":
                return Next(replace(self, page=(self.page + 1) % pages))
            case "placed" if row is not None:
                values = {**row["placed"], "pad_set": self.pad_set(kiosk)}
                return self.record("pads_placed", values)
            case _:
                return Step.touched(self, action, kiosk)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtSites(OnPads):
    """One answer for each site, never filled in; `answers` are by the name of the site.

    The page turns by itself once every site has the answer that changes nothing; any other answer
    is looked at first, and `done` records it.
    """

    answers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def harmless(self) -> str:
        """Return the answer that changes nothing."""
        return NORMAL

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Answer for one site or for all, and record the answers."""
        name, _, what = action.partition(":")
        match name:
            case "site":
                site, _, answer = what.rpartition(":")
                given = MappingProxyType({**self.answers, site: answer})
                return replace(self, answers=given).when_all(kiosk)
            case "all":
                given = MappingProxyType(dict.fromkeys(self.sites(kiosk), self.harmless))
                return replace(self, answers=given).when_all(kiosk)
            case "done" if self.is_complete(kiosk):
                return self._answered(kiosk)
            case _:
                return Step.touched(self, action, kiosk)

    def is_complete(self, kiosk: Kiosk) -> bool:
        """Return whether every site has an answer."""
        sites = self.sites(kiosk)
        return bool(sites) and all(site in self.answers for site in sites)

    def when_all(self, kiosk: Kiosk) -> Next:
        """Record the answers once every site has the one that changes nothing; wait otherwise."""
        harmless = all(answer == self.harmless for answer in self.answers.values())
        return self._answered(kiosk) if harmless and self.is_complete(kiosk) else Next(self)

    def _answered(self, kiosk: Kiosk) -> Next:
        return STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensation(AtSites):
    """Sharp or blunt at each site where a pad will lie.

    Where the skin is to be looked at as well, one key answers both for every site: it tells and is
    clear. `then_skin` says that the skin is recorded once the sensation is.
    """

    then_skin: bool = False

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Answer for sensation, or for sensation and skin of every site."""
        if action != "all_clear" or not self.skin_sites(kiosk):
            return AtSites.touched(self, action, kiosk)
        given = MappingProxyType(dict.fromkeys(self.sites(kiosk), NORMAL))
        return replace(self, answers=given, then_skin=True).when_all(kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Record the skin too where one key answered both; a refusal takes that answer back."""
        if not self.then_skin or tag != FACT:
            return AtSites.answered(self, tag, answer, kiosk)
        place = replace(self, then_skin=False)
        if not isinstance(answer, Reply):
            return Next(place)
        sites = self.skin_sites(kiosk)
        if not sites:
            return AtSites.answered(place, tag, answer, kiosk)
        return place.record("skin_checked_before", graded(dict.fromkeys(sites, CLEAR)))

    def taken_up(self, rows: tuple[Row, ...], kiosk: Kiosk) -> Step | None:
        """Return it with the answers given, and nothing on its way."""
        return Step.taken_up(replace(self, then_skin=False), rows, kiosk)

    def skin_sites(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the sites where the skin was not looked at today."""
        return _items(self, kiosk, "refusal.skin", "skin_before:")

    def sites(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the sites that were not tested today."""
        return _items(self, kiosk, "refusal.sensation", "sensation:")

    def _answered(self, kiosk: Kiosk) -> Next:
        sites = [{"site": named(site), "feeling": self.answers[site]} for site in self.sites(kiosk)]
        return self.record("sensation_tested", {"method": "sharp_blunt", "sites": sites})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSkin(AtSites):
    """The skin at each site where a pad will lie, as a grade."""

    @property
    def harmless(self) -> str:
        """Return the grade of clear skin."""
        return CLEAR

    def sites(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the sites that were not looked at today."""
        return _items(self, kiosk, "refusal.skin", "skin_before:")

    def _answered(self, kiosk: Kiosk) -> Next:
        given = {site: self.answers[site] for site in self.sites(kiosk)}
        return self.record("skin_checked_before", graded(given))


def graded(given: Mapping[str, str]) -> dict[str, object]:
    """Return the values of a look at the skin, from the grade of each site."""
    return {"grades": [{"site": named(site), "grade": int(grade)} for site, grade in given.items()]}


def site_of(region: str, pad: Row) -> str:
    """Return the name of a pad's site, as findings name it."""
    return f"{region}/{pad['side']}/{pad['spot']}"


def named(site: str) -> dict[str, str]:
    """Return a site as facts have it."""
    region, side, spot = site.split("/")
    return {"region": region, "side": side, "spot": spot}


def key_of(text: object) -> str:
    """Return the key of a text of a row, "" for a number or a name."""
    return str(text.get("key", "")) if isinstance(text, Mapping) else ""


def _items(step: Step, kiosk: Kiosk, rule: str, prefix: str) -> tuple[str, ...]:
    return tuple(
        str(row["item"]).removeprefix(prefix)
        for row in step.missing(kiosk, rule, prefix)
        if row["consequence"] == ASK
    )
