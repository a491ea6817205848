"""Which screen shows which place: one table."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ui.kiosk.journey.checks import Checks
from ui.kiosk.journey.choose import Choose, Evidence
from ui.kiosk.journey.clinic import ClinicCard
from ui.kiosk.journey.close_out import CloseOut
from ui.kiosk.journey.complaint import Complaint
from ui.kiosk.journey.course import CourseStep, NewCourse, Review
from ui.kiosk.journey.drills import AtDrill, AtDrillResult, Drills, PrepareDrill
from ui.kiosk.journey.engine_places import (
    AtArmed,
    AtEnd,
    AtPause,
    Feeling,
    Searching,
    Treating,
    engine_place,
)
from ui.kiosk.journey.follow_ups import FollowUps
from ui.kiosk.journey.history import History, Summary
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.languages import Languages
from ui.kiosk.journey.lists import ProgrammeCard, ProgrammeList, PulseShape, SessionList
from ui.kiosk.journey.lock import ForgottenPin, Lock
from ui.kiosk.journey.new_patient import NewPatient
from ui.kiosk.journey.operators import MyPin, NewOperator, OperatorCard, Operators
from ui.kiosk.journey.out_of_use import PutBack, TakeOutOfUse
from ui.kiosk.journey.outcomes import Outcomes, Score
from ui.kiosk.journey.over import Cleaning, Helping, NoAnswer, NotKept
from ui.kiosk.journey.own import EditOwn
from ui.kiosk.journey.own_list import CopyFrom, OwnCard, OwnProgrammes
from ui.kiosk.journey.pad_sets import CheckPads, ChoosePads
from ui.kiosk.journey.pads import CheckSkin, ChoosePlacement, PlacePads, Sensation
from ui.kiosk.journey.patch_test import AlteredSensation, PatchTest
from ui.kiosk.journey.patient_page import AtHome, PatientPage
from ui.kiosk.journey.patients import Patients
from ui.kiosk.journey.place import Kiosk, Place
from ui.kiosk.journey.ready import Ready
from ui.kiosk.journey.reasons import HarmReason, ScreeningReason
from ui.kiosk.journey.repeat import Repeat
from ui.kiosk.journey.screening import Screening, VisitList
from ui.kiosk.journey.service import About, Care, InspectLeads, RecordCare, SelfTest, Service
from ui.kiosk.journey.set_up import SetUp
from ui.kiosk.journey.sheet import PatientSheet
from ui.kiosk.journey.sheets import MINUTES, PIN
from ui.kiosk.journey.steps import AtFinding
from ui.kiosk.journey.stops import AfterTrip, AtTrip, Interrupted, NoEngine, place_after
from ui.kiosk.journey.told import TellPatient
from ui.kiosk.journey.treatment import Treat
from ui.kiosk.journey.typed import ACCENTS
from ui.kiosk.journey.unit_checks import CheckUnit, CleanUnit
from ui.kiosk.locale.words import _
from ui.kiosk.view_models import drill, feeling, message, motor_point, treatment
from ui.kiosk.view_models.after_stops import (
    after_trip_title,
    after_trip_view,
    interrupted_view,
    lost_treatment_view,
    no_engine_view,
)
from ui.kiosk.view_models.armed import armed_view
from ui.kiosk.view_models.blocks import FormView
from ui.kiosk.view_models.care import (
    care_view,
    inspect_leads_view,
    put_back_view,
    record_care_view,
    take_out_view,
)
from ui.kiosk.view_models.checks import checks_view
from ui.kiosk.view_models.choose import choose_view
from ui.kiosk.view_models.close_out import close_out_view
from ui.kiosk.view_models.complaint import complaint_view, harm_reason_view, screening_reason_view
from ui.kiosk.view_models.course import new_course_view, review_view
from ui.kiosk.view_models.drills import drills_view, prepare_drill_view
from ui.kiosk.view_models.ended import ended_view
from ui.kiosk.view_models.evidence import evidence_view
from ui.kiosk.view_models.help import clean_view, help_view
from ui.kiosk.view_models.history import history_view
from ui.kiosk.view_models.home import home_view
from ui.kiosk.view_models.keyboard import accented
from ui.kiosk.view_models.languages import languages_view
from ui.kiosk.view_models.lists import (
    programme_card_view,
    programme_list_view,
    pulse_shape_view,
    session_list_view,
)
from ui.kiosk.view_models.lock import forgotten_view, lock_title, lock_view
from ui.kiosk.view_models.message import MessageView
from ui.kiosk.view_models.new_patient import new_patient_view
from ui.kiosk.view_models.operators import (
    my_pin_view,
    new_operator_view,
    operator_view,
    operators_view,
)
from ui.kiosk.view_models.outcomes import outcomes_view, score_view
from ui.kiosk.view_models.own import own_view
from ui.kiosk.view_models.own_list import copy_from_view, own_card_view, own_programmes_view
from ui.kiosk.view_models.pad_sets import check_pads_view, choose_pads_view
from ui.kiosk.view_models.pads import (
    choose_placement_view,
    place_pads_view,
    sensation_view,
    skin_view,
)
from ui.kiosk.view_models.parts import KeyView
from ui.kiosk.view_models.patch_test import altered_sensation_view, patch_test_view
from ui.kiosk.view_models.patient_page import at_home_view, patient_page_view
from ui.kiosk.view_models.patients import patients_view
from ui.kiosk.view_models.pause import pause_view
from ui.kiosk.view_models.ready import ready_view
from ui.kiosk.view_models.refusals import no_answer_view, not_kept_view
from ui.kiosk.view_models.screening import follow_ups_view, screening_view, visit_view
from ui.kiosk.view_models.service import about_view, self_test_view, service_view
from ui.kiosk.view_models.set_up import clinic_view, set_up_view
from ui.kiosk.view_models.sheet import patient_sheet_view
from ui.kiosk.view_models.sheets import rail_keys, treatment_chip
from ui.kiosk.view_models.shell import BACK, may_flow, programme, shell_view, who
from ui.kiosk.view_models.steps import finding_view
from ui.kiosk.view_models.stops import trip_view
from ui.kiosk.view_models.summary import summary_view
from ui.kiosk.view_models.told import tell_view
from ui.kiosk.view_models.unit_checks import check_unit_view, clean_unit_view
from ui.kiosk.window import ScreenView

Show = Callable[[Any, Kiosk], ScreenView]


def first_place() -> Place:
    """Return where a person begins."""
    return Lock()


def view_of(place: Place, kiosk: Kiosk) -> ScreenView:
    """Return what the screen of a place shows."""
    return SCREENS[type(place)](place, kiosk)


def _treating(place: Treating, kiosk: Kiosk) -> ScreenView:
    from ui.kiosk.screens.treatment import TreatmentScreen

    view = treatment.treatment_view(kiosk, kiosk.peaks)
    shell = shell_view(
        kiosk,
        who(kiosk),
        programme(kiosk),
        rail=rail_keys(kiosk),
        chip=treatment_chip(kiosk),
        time_action=f"sheet:{MINUTES}",
    )
    return ScreenView(
        "treatment",
        shell,
        view,
        treatment.still_of(view),
        TreatmentScreen,
    )


def _feeling(place: Feeling, kiosk: Kiosk) -> ScreenView:
    from ui.kiosk.screens.feeling import FeelingScreen

    view = feeling.feeling_view(place, kiosk)
    rail = tuple(key for key in rail_keys(kiosk) if key.action == f"sheet:{PIN}")
    shell = shell_view(kiosk, who(kiosk), _("first feeling"), rail=rail)
    turn = "" if view.channel is None else str(view.channel.channel)
    return ScreenView("first_feeling", shell, view, feeling.still_of(view), FeelingScreen, turn)


def _searching(place: Searching, kiosk: Kiosk) -> ScreenView:
    from ui.kiosk.screens.feeling import FeelingScreen

    view = motor_point.search_view(place, kiosk)
    rail = tuple(key for key in rail_keys(kiosk) if key.action == f"sheet:{PIN}")
    shell = shell_view(kiosk, who(kiosk), _("motor point"), rail=rail)
    shown = "" if view.channel is None else str(view.channel.channel)
    turn = f"{shown}{kiosk.sheet.name}"
    return ScreenView("search", shell, view, feeling.still_of(view), FeelingScreen, turn)


def _drill(place: AtDrill, kiosk: Kiosk) -> ScreenView:
    from ui.kiosk.screens.drill import DrillScreen

    view = drill.drill_view(place, kiosk)
    shell = shell_view(kiosk, *drill.drill_head(kiosk), rail=(drill.give_up_key(),))
    shell = replace(shell, time_left="")  # the seconds of the drill are what counts
    return ScreenView("drill", shell, view, drill.still_of(view), DrillScreen)


def _message(
    name: str,
    make: Callable[[Any, Kiosk], MessageView],
    title: Callable[[Any, Kiosk], str] | None = None,
    rail: tuple[KeyView, ...] = (),
) -> Show:
    """Return how a message is shown; a title here is for every view, else it is who is treated."""

    def show(place: Any, kiosk: Kiosk) -> ScreenView:
        from ui.kiosk.screens.message import MessageScreen

        view = make(place, kiosk)
        return ScreenView(
            name,
            shell_view(
                kiosk,
                who(kiosk) if title is None else title(place, kiosk),
                programme(kiosk),
                rail=rail,
            ),
            view,
            message.still_of(view),
            MessageScreen,
        )

    return show


def _no_engine(place: NoEngine, kiosk: Kiosk) -> ScreenView:
    """Show the treatment without its numbers where current may flow, else a message."""
    from ui.kiosk.screens.treatment import TreatmentScreen

    if not may_flow(kiosk):
        return _message("no_engine", no_engine_view)(place, kiosk)
    view = lost_treatment_view(kiosk)
    shell = shell_view(kiosk, who(kiosk), programme(kiosk))
    return ScreenView("no_engine", shell, view, treatment.still_of(view), TreatmentScreen)


def _form(
    name: str,
    make: Callable[[Any, Kiosk], FormView],
    title: Callable[[Kiosk], str] | None = None,
) -> Show:
    """Return how a place of blocks is shown: all of it is still. A title here is for every view."""

    def show(place: Any, kiosk: Kiosk) -> ScreenView:
        from ui.kiosk.screens.form import FormScreen

        view = make(place, kiosk)
        if kiosk.sheet.name == ACCENTS:
            view = accented(view)
        head = view.title if title is None else title(kiosk)
        shell = shell_view(kiosk, head, view.line, rail=view.rail)
        return ScreenView(name, shell, view, view, FormScreen, view.turn)

    return show


def _treat(place: Treat, kiosk: Kiosk) -> ScreenView:
    """Show the screen before until it is known which one comes."""
    return view_of(place.behind or Home(), kiosk)


def _repeat(place: Repeat, kiosk: Kiosk) -> ScreenView:
    """Show the list until it is known what the last treatment was."""
    return view_of(place.came_from, kiosk)


SCREENS: Mapping[type[Place], Show] = {
    NoEngine: _no_engine,
    AtTrip: _message("stopped", trip_view),
    AtPause: _form("paused", pause_view, who),
    AtEnd: _message("ended", ended_view),
    AtArmed: _form("contact", armed_view, who),
    Treating: _treating,
    Feeling: _feeling,
    Searching: _searching,
    Lock: _form("lock", lock_view, lock_title),
    SetUp: _form("set_up", set_up_view, lambda _: "stimkiosk"),
    Languages: _form("languages", languages_view),
    Home: _form("home", home_view),
    Patients: _form("patients", patients_view),
    NewPatient: _form("new_patient", new_patient_view),
    Choose: _form("choose", choose_view),
    Evidence: _form("evidence", evidence_view),
    Treat: _treat,
    Repeat: _repeat,
    ChoosePlacement: _form("choose_placement", choose_placement_view),
    PlacePads: _form("place_pads", place_pads_view),
    Sensation: _form("sensation", sensation_view),
    CheckSkin: _form("skin_before", skin_view),
    AtFinding: _form("finding", finding_view),
    Complaint: _form("complaint", complaint_view),
    Screening: _form("screening", screening_view),
    VisitList: _form("visit_list", visit_view),
    ScreeningReason: _form("reason", screening_reason_view),
    HarmReason: _form("harm_reason", harm_reason_view),
    FollowUps: _form("follow_ups", follow_ups_view),
    ChoosePads: _form("choose_pads", choose_pads_view),
    Checks: _form("checks", checks_view),
    CheckPads: _form("check_pads", check_pads_view),
    CheckUnit: _form("check_unit", check_unit_view),
    CleanUnit: _form("clean_unit", clean_unit_view),
    PatchTest: _form("patch_test", patch_test_view),
    AlteredSensation: _form("altered_sensation", altered_sensation_view),
    TellPatient: _form("tell_patient", tell_view),
    Ready: _form("ready", ready_view),
    CloseOut: _form("close_out", close_out_view),
    ForgottenPin: _message(
        "forgotten_pin", forgotten_view, lambda place, _: place.operator, rail=(BACK,)
    ),
    Helping: _form("help", help_view),
    Cleaning: _message("clean", clean_view, lambda place, kiosk: "stimkiosk"),
    NoAnswer: _message("no_answer", no_answer_view, lambda place, kiosk: "stimkiosk"),
    NotKept: _message("not_kept", not_kept_view, lambda place, kiosk: "stimkiosk"),
    AfterTrip: _message("after_trip", after_trip_view, after_trip_title),
    Interrupted: _message("interrupted", interrupted_view, lambda place, _: place.patient),
    Summary: _form("summary", summary_view),
    History: _form("history", history_view),
    CourseStep: _form("finding", finding_view),
    Review: _form("course_review", review_view),
    NewCourse: _form("new_course", new_course_view),
    PatientPage: _form("patient", patient_page_view),
    AtHome: _form("at_home", at_home_view),
    PatientSheet: _form("patient_sheet", patient_sheet_view),
    Outcomes: _form("outcomes", outcomes_view),
    Score: _form("score", score_view),
    Drills: _form("drills", drills_view),
    EditOwn: _form("own_edit", own_view),
    OwnProgrammes: _form("own_programmes", own_programmes_view),
    CopyFrom: _form("own_copy", copy_from_view),
    OwnCard: _form("own_programme", own_card_view),
    ProgrammeList: _form("programmes", programme_list_view),
    ProgrammeCard: _form("programme", programme_card_view),
    SessionList: _form("sessions", session_list_view),
    PulseShape: _form("pulse_shape", pulse_shape_view),
    ClinicCard: _form("clinic", clinic_view),
    Operators: _form("operators", operators_view),
    OperatorCard: _form("operator", operator_view),
    NewOperator: _form("new_operator", new_operator_view),
    MyPin: _form("my_pin", my_pin_view),
    Service: _form("service", service_view),
    SelfTest: _form("self_test", self_test_view),
    About: _form("about", about_view),
    Care: _form("care", care_view),
    InspectLeads: _form("inspect_leads", inspect_leads_view),
    RecordCare: _form("record_care", record_care_view),
    TakeOutOfUse: _form("take_out_of_use", take_out_view),
    PutBack: _form("put_back", put_back_view),
    PrepareDrill: _form("prepare_drill", prepare_drill_view),
    AtDrill: _drill,
    AtDrillResult: _form("drill_result", drill.drill_result_view),
}

ENTRIES: Mapping[str, Callable[[], Place]] = {
    "home": Home,
    "patients": Patients,
    "new_patient": NewPatient,
    "clinic": ClinicCard,
    "close_out": CloseOut,
    "languages": lambda: Languages(came_from=Home()),
    "drills": Drills,
    "programmes": ProgrammeList,
    "pulse_shape": PulseShape,
    "sessions": SessionList,
    "lock": Lock,
    "my_pin": MyPin,
    "operators": Operators,
    "set_up": SetUp,
    "service": Service,
    "take_out_of_use": TakeOutOfUse,
}
"""Where keys of Home lead, by their actions."""

__all__ = ["ENTRIES", "engine_place", "first_place", "place_after", "view_of"]
