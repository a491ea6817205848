"""What lies over any screen with the output off: help, and the screen that may be wiped. Pure.

Both are kept as the sheet of the kiosk: the place below waits with all that was entered, and is
back once the sheet has ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from appliance.messages.replies import Refused
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import StateName
from ui.kiosk.journey.place import NO_SHEET, STAY, Kiosk, Next, Place, Sheet

HELP, CLEAN = "help", "clean"
HEARD = "heard"
"""The key of somebody who has seen a refusal that came late."""
UNANSWERED = "no_answer_seen"
"""The key of somebody who has seen that no answer came."""
CLEAN_US = 30_000_000
FLOWING = (StateName.RAMP_UP, StateName.DELIVERING, StateName.RESTING, StateName.RAMP_DOWN)
COVERED = (
    StateName.LOCKED,
    StateName.READY,
    StateName.ARMED,
    StateName.PAUSED,
    StateName.FINISHED,
    StateName.TRIPPED,
)
"""States in which help may cover the screen: no pulse plays."""
TELLING = (StateName.READY, StateName.ARMED, StateName.PAUSED, StateName.FINISHED)
"""States in which a refusal that came late covers the screen; a trip is seen first."""
SAYING = (*TELLING, StateName.LOCKED)
"""States in which it covers the screen that no answer came; that names nobody."""
WIPED = (StateName.LOCKED, StateName.READY)
"""States in which the screen may be wiped."""
TOPICS: Mapping[str, str] = {
    "About": "not_tested",
    "AfterTrip": "stopping",
    "AlteredSensation": "skin_and_pads",
    "AtArmed": "session",
    "AtDrill": "drills",
    "AtDrillResult": "drills",
    "AtEnd": "session",
    "AtFinding": "contraindications",
    "AtHome": "how_often",
    "AtPause": "levels",
    "AtTrip": "stopping",
    "Care": "care",
    "CheckPads": "skin_and_pads",
    "CheckSkin": "skin_and_pads",
    "CheckUnit": "care",
    "Checks": "care",
    "Choose": "programmes",
    "ChoosePads": "skin_and_pads",
    "ChoosePlacement": "skin_and_pads",
    "CleanUnit": "cleaning",
    "ClinicCard": "people",
    "CloseOut": "after_harm",
    "Complaint": "contraindications",
    "CopyFrom": "programmes",
    "CourseStep": "how_often",
    "Drills": "drills",
    "EditOwn": "programmes",
    "Evidence": "programmes",
    "Feeling": "levels",
    "FollowUps": "session",
    "ForgottenPin": "people",
    "History": "records",
    "Home": "session",
    "InspectLeads": "care",
    "Interrupted": "stopping",
    "Languages": "intended_use",
    "Lock": "intended_use",
    "MyPin": "people",
    "NewCourse": "how_often",
    "NewOperator": "people",
    "NewPatient": "records",
    "NoAnswer": "records",
    "NoEngine": "stopping",
    "NotKept": "records",
    "OperatorCard": "people",
    "Operators": "people",
    "Outcomes": "records",
    "OwnCard": "programmes",
    "OwnProgrammes": "programmes",
    "PatchTest": "skin_and_pads",
    "PatientPage": "records",
    "PatientSheet": "after_harm",
    "Patients": "records",
    "PlacePads": "skin_and_pads",
    "PrepareDrill": "drills",
    "ProgrammeCard": "programmes",
    "ProgrammeList": "programmes",
    "PulseShape": "faults",
    "PutBack": "after_harm",
    "Ready": "session",
    "RecordCare": "care",
    "Repeat": "session",
    "Review": "how_often",
    "Score": "records",
    "Screening": "contraindications",
    "Searching": "levels",
    "HarmReason": "after_harm",
    "ScreeningReason": "contraindications",
    "SelfTest": "faults",
    "Sensation": "skin_and_pads",
    "Service": "care",
    "SessionList": "records",
    "SetUp": "people",
    "Summary": "how_often",
    "TakeOutOfUse": "after_harm",
    "TellPatient": "session",
    "Treat": "session",
    "Treating": "levels",
    "VisitList": "contraindications",
}
"""The topic of the instructions for use that the "?" of a screen opens, by the place's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helping(Place):
    """The instructions for use: one topic, or for "" the list of all; `page` counts from 0."""

    topic: str
    page: int = 0

    @property
    def query(self) -> str:
        """Return the page of the engine that is read."""
        return f"help:{self.topic}" if self.topic else "help"

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is read."""
        return (self.query,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Turn a page, read another topic, or go back to the screen below."""
        name, _, what = action.partition(":")
        match name:
            case "close":
                return Next(sheet=NO_SHEET)
            case "topic":
                return Next(sheet=kiosk.sheet._replace(typed=f"{what}:0"))
            case "page":
                return Next(sheet=kiosk.sheet._replace(typed=f"{self.topic}:{int(what)}"))
            case _:
                return STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning(Place):
    """The screen may be wiped: no touch means anything but STOP, until the time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotKept(Place):
    """A refusal came once its screen had gone: it stands here until whoever acted has seen it."""

    refused: Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer(Place):
    """The engine speaks and did not answer: what was asked may be carried out, or not."""


def place_over(kiosk: Kiosk) -> Place | None:
    """Return what covers every screen now, None for nothing."""
    sheet, snapshot = kiosk.sheet, kiosk.snapshot
    if snapshot is None:
        return None
    late = kiosk.told_late
    if late is not None and snapshot.state in TELLING:
        return NotKept(refused=late)
    if kiosk.no_answer and snapshot.state in SAYING:
        return NoAnswer()
    if sheet.name == CLEAN and snapshot.state in WIPED:
        return Cleaning()
    if sheet.name == HELP and snapshot.state in COVERED:
        topic, _, page = sheet.typed.partition(":")
        return Helping(topic=topic, page=int(page or 0))
    return None


def opened(action: str, shown: Place, kiosk: Kiosk) -> Next | None:
    """Return what the keys for help and for wiping open, None for another key."""
    snapshot = kiosk.snapshot
    if snapshot is None or action not in (HELP, CLEAN) or place_over(kiosk) is not None:
        return None
    if action == HELP and snapshot.state in (*COVERED, *FLOWING):
        topic = TOPICS.get(type(shown).__name__, "")
        return Next(sheet=Sheet(HELP, f"{topic}:0", snapshot.at_us))
    if action == CLEAN and snapshot.state in WIPED:
        return Next(sheet=Sheet(CLEAN, "", snapshot.at_us))
    return STAY


def over_ends(kiosk: Kiosk, before: Snapshot | None) -> bool:
    """Return whether help or wiping ends by itself: with any other state, and after its time."""
    sheet, snapshot = kiosk.sheet, kiosk.snapshot
    if snapshot is None or before is None or before.state != snapshot.state:
        return True
    # The clock of an engine that began again is behind: nothing is known of the time then.
    for_us = snapshot.at_us - sheet.opened_us
    is_timed = sheet.name == CLEAN or snapshot.state in FLOWING
    return is_timed and not 0 <= for_us < CLEAN_US
