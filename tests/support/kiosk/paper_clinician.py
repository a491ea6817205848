"""A clinician at the kiosk of `PaperEngine`: answers each screen with the fewest touches."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.kiosk.paper_engine import PaperEngine
from ui.kiosk.journey.choose import Choose
from ui.kiosk.journey.close_out import CloseOut
from ui.kiosk.journey.follow_ups import FollowUps
from ui.kiosk.journey.history import Summary
from ui.kiosk.journey.pad_sets import ChoosePads
from ui.kiosk.journey.screening import Screening
from ui.kiosk.journey.treatment import Step

MOST_SCREENS = 100
SEATED_US = 130_000_000
SCREENING, CLOSE_OUT = "screening", "close_out"
ONE_KEY: Mapping[str, tuple[str, str]] = {
    "Checks": ("all_good", "other"),
    "Sensation": ("all_clear", "other"),
    "CheckSkin": ("all", "other"),
    "PlacePads": ("placed", "other"),
    "TellPatient": ("understood", "other"),
    "VisitList": ("asked", SCREENING),
    "AtArmed": ("start", "other"),
}
KEYS: Mapping[str, tuple[str, ...]] = {
    "Complaint": ("weeks:6", "diagnosis:muscle_tension"),
    "PatchTest": ("decline", "reason:No sensitive skin known"),
}


class PaperClinician:
    """Treats one patient after the other on paper; `answers` are those that are not harmless."""

    def __init__(self, answers: Mapping[str, str] | None = None) -> None:
        self.engine = PaperEngine()
        self.answers = dict(answers or {})
        self._own: Mapping[str, Callable[[Any], None]] = {
            "Screening": self._screening,
            "FollowUps": self._follow_ups,
            "Ready": self._ready,
            "ChoosePads": self._choose_pads,
        }

    def register(self, alias: str = "P7", year: str = "1974") -> None:
        """Register a new patient from Home."""
        self.engine.touch("new_patient")
        for letter in alias:
            self.engine.touch(f"letter:{letter}", "typed")
        self.engine.touch("to_year")
        for digit in year:
            self.engine.touch(f"digit:{digit}", "typed")
        self.engine.touch("register")
        self.engine.touch("treat")

    def find(self, action: str) -> None:
        """Touch a key of the first patient in the list, from Home."""
        self.engine.touch("patients")
        rows = self.engine.kiosk.rows("patients:") or ()
        self.engine.touch(f"{action}:{rows[0]['patient']}")

    def choose(self, programme: str, region: str, side: str = "both") -> None:
        """Choose region, side and programme, and take it; the place of last time is one key."""
        place = self.engine.place
        again = isinstance(place, Choose) and place.last_place(self.engine.kiosk) == (region, side)
        zone = "left" if side == "both" else side
        where = ("again",) if again else (f"zone:{region}:{zone}", f"areas:{side}")
        for key in where:
            self.engine.touch(key)
        wanted = f"programme:{programme}"
        if wanted in self.engine.shown_keys():
            self.engine.touch(wanted)
            self.engine.touch("take")
            return
        self.engine.touch(f"goal:{self._goal_of(programme)}")
        while f"take:{programme}" not in self.engine.shown_keys():
            self.engine.touch("down")
        self.engine.touch(f"take:{programme}")

    def _goal_of(self, programme: str) -> str:
        """Return the goal that lists a programme on the region chosen."""
        place = self.engine.place
        assert isinstance(place, Choose)
        return next(
            goal.name
            for goal in place.goals(self.engine.kiosk)
            if programme in {row["name"] for row in goal.programmes}
        )

    def to_start(self) -> str:
        """Answer every screen until Start was touched; return where it ends otherwise."""
        for _unused in range(MOST_SCREENS):
            if self.engine.started:
                return ""
            place = self.engine.place
            name = type(place).__name__
            if name in ONE_KEY:
                self.engine.touch(*ONE_KEY[name])
            elif name in KEYS:
                for key in KEYS[name]:
                    self.engine.touch(key)
            elif name in self._own:
                self._own[name](place)
            else:
                return name
        raise AssertionError(f"no end: {self.engine.places}")

    def answer_one(self) -> None:
        """Answer the next question of the screening, or turn its page."""
        place = self.engine.place
        assert isinstance(place, Screening)
        self._screening(place)

    def close_out(self) -> None:
        """Let the treatment end, and close it out with the fewest touches until Home."""
        self.engine.end()
        self.engine.touch("pads_off", CLOSE_OUT)
        for _unused in range(MOST_SCREENS):
            place = self.engine.place
            if isinstance(place, Summary):
                self.engine.touch("back")
                return
            assert isinstance(place, CloseOut), place
            part = place.part(self.engine.kiosk)
            name = "" if part is None else str(part["part"])
            if name == "seated":
                self.engine.wait(SEATED_US)
            own = {"skin": "all", "seated": "seated", "stopped_because": "because:clinician"}
            self.engine.touch(own.get(name, "later") if name else "finish", CLOSE_OUT)

    def _screening(self, place: Screening) -> None:
        kiosk = self.engine.kiosk
        page = place.pages(kiosk)[place.page]
        row = next((row for row in page.rows if row["id"] not in place.given), None)
        if row is None:  # an answer has a consequence: somebody reads it and turns the page
            self.engine.touch("next")
            return
        harmless = "no" if row["flagged"] == "yes" else "yes"
        answer = self.answers.get(row["id"], harmless)
        self.engine.touch(f"answer:{row['id']}:{answer}", SCREENING)

    def _follow_ups(self, place: FollowUps) -> None:
        row = next(row for row in place.shown if row["item"] not in place.given)
        answer = {"skin": "gone", "patch_test": "nothing", "exercise": "done"}[str(row["kind"])]
        self.engine.touch(f"answer:{row['item']}:{answer}", SCREENING)

    def _choose_pads(self, place: ChoosePads) -> None:
        sets = place.fitting(self.engine.kiosk)
        self.engine.touch(f"set:{sets[0]['pad_set']}" if sets else "same:Axelgaard PALS")

    def _ready(self, _: Step) -> None:
        self.engine.squeeze()
        self.engine.touch("check_contact")
