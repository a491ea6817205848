"""One acceptable fact of every kind, in an order in which the engine takes them.

A patch test is worn for half an hour, so the facts come in two visits.
"""

from typing import Any, TypeAlias

import msgspec

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.closing.ended_session import EndedSession
from appliance.clinical.closing.facts import HarmTold
from appliance.clinical.exercises.exercise_list import load_advice, load_exercises
from appliance.clinical.fact import Fact
from appliance.clinical.fact_reading import read_fact
from appliance.clinical.outcomes.facts import Movement
from appliance.clinical.placement.facts import FirstFeelingMarked, MotorPointFound
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.clinical.placement.placements import plan_placement
from appliance.clinical.pre_use.facts import LoadRuledOut
from appliance.core.limits.limits import Region
from appliance.core.prescription.sessions_per_patient import Goal
from appliance.messages.actions import RecordFact
from appliance.messages.replies import Reply
from tests.support.clinic import Clinic
from tests.support.regular_patient import a_session
from tests.support.screening import full
from tests.support.texts import said

Entry: TypeAlias = tuple[str, dict[str, Any]]
"""The event of a fact and its own fields."""
OF_THE_VISIT = {"patient": "P-0013", "operator": "anna", "simulated": False}
ENDED = "session ended"
"""Not a fact, but that the engine has ended a session: it records the facts of that itself."""
MATERIAL = "hydrogel A"
PROGRAMME = "conventional-tens"


def planned() -> PlannedPlacement:
    """Return a placement for both sides of the lower back."""
    plan = plan_placement(load_catalogue()[PROGRAMME], "lower_back", Side.BOTH)
    assert isinstance(plan, PlannedPlacement)
    return plan


def screening() -> dict[str, Any]:
    """Return a full screening of the lower back without any consequence."""
    plain: dict[str, Any] = msgspec.to_builtins(full(Region.LOWER_BACK), str_keys=True)
    return {name: plain[name] for name in ("kind", "answers", "here")}


def first_visit() -> tuple[Entry, ...]:
    """Return what is recorded before, in and after a session; the patient is registered first."""
    return (*_opening(), *_on_the_skin(), *_in_session(), *_close_out())


def _opening() -> tuple[Entry, ...]:
    reasons = {"epilepsy": "free of seizures"}
    confirmed = {"region": "lower_back", "purpose": "sensory", "reasons": reasons}
    return (
        ("alias_changed", {"alias": "KT8"}),
        ("patient_noted", {"note": "prefers the afternoon"}),
        (
            "complaint_opened",
            {
                "region": "lower_back",
                "side": "both",
                "weeks": 6,
                "diagnosis": "non_specific_pain",
            },
        ),
        ("screening_answered", screening()),
        ("visit_list_answered", {"none_changed": True}),
        ("screening_answered", {"kind": "part", "answers": {"epilepsy": "yes"}}),
        ("screening_confirmed", confirmed),
        ("patch_test_declined", {"material": "hydrogel B", "reason": "had them for years"}),
        ("patch_test_applied", {"material": MATERIAL, "place": "upper_back"}),
    )


def _on_the_skin() -> tuple[Entry, ...]:
    plan = planned()
    sites: list[Any] = msgspec.to_builtins(plan.sites)
    key, pads = msgspec.to_builtins(plan.key), msgspec.to_builtins(plan.pads)
    pad_set = {"pad_set": "A", "material": MATERIAL, "width_mm": 50, "height_mm": 90, "pads": 4}
    checked = dict.fromkeys(("edges", "gel", "whole", "date"), "good")
    return (
        (
            "sensation_tested",
            {
                "method": "sharp_blunt",
                "sites": [{"site": site, "feeling": "altered"} for site in sites],
            },
        ),
        ("altered_sensation_accepted", {"sites": sites, "reason": "after surgery, stable"}),
        (
            "skin_checked_before",
            {"grades": [{"site": site, "grade": 0} for site in sites]},
        ),
        ("pad_set_labelled", pad_set),
        ("pad_set_checked", {"pad_set": "A", **checked}),
        ("pads_placed", {"key": key, "pads": pads, "pad_set": "A"}),
        ("squeeze_waived", {"reason": "no grip since a stroke"}),
        ("patient_told", {"programme": PROGRAMME}),
        ("load_ruled_out", {"channels": [1]}),
    )


def _in_session() -> tuple[Entry, ...]:
    key = msgspec.to_builtins(planned().key)
    return (
        ("pain_scored", {"session": "", "region": "lower_back", "moment": "before", "score": 6}),
        ("first_feeling_marked", {"key": key, "channel": 1, "felt": "this_pair", "level_ua": 4000}),
        (
            "motor_point_found",
            {
                "session": "0001-001",
                "region": "lower_back",
                "side": "left",
                "placement": planned().key.placement,
                "channel": 1,
                "landmark": "dimple",
                "along_mm": 40,
                "across_mm": -10,
                "level_ua": 9000,
            },
        ),
        (ENDED, {"session": "0001-001", "motor": True}),
        (
            "contraction_graded",
            {
                "session": "0001-001",
                "channel": 1,
                "level_ua": 9000,
                "grade": "flicker",
                "discomfort": 2,
            },
        ),
        ("fatigue_counted", {"session": "0001-001", "channel": 1, "contractions": 12}),
    )


def _close_out() -> tuple[Entry, ...]:
    sites: list[Any] = msgspec.to_builtins(planned().sites)
    return (
        ("stop_explained", {"session": "0001-001", "because": "time_over"}),
        ("pads_removed", {"session": "0001-001"}),
        (
            "skin_checked_after",
            {
                "session": "0001-001",
                "grades": [
                    {"site": site, "grade": 2 if number == 0 else 0}
                    for number, site in enumerate(sites)
                ],
            },
        ),
        ("skin_reinspected", {"site": sites[0], "grade": 0, "reason": "healed"}),
        ("part_left_out", {"session": "0001-001", "part": "pain_before", "reason": "in a hurry"}),
        ("part_deferred", {"session": "0001-001", "part": "pain_after"}),
        ("harm_told", {"session": "0001-001", "because": "burning"}),
    )


def second_visit() -> tuple[Entry, ...]:
    """Return what is asked and recorded an hour later."""
    sites: list[Any] = msgspec.to_builtins(planned().sites)
    exercise, advice = next(iter(load_exercises())), next(iter(load_advice()))
    dose = {"sets": 2, "repetitions": 8, "days_a_week": 5}
    motions = {movement.value: "full" for movement in Movement}
    return (
        ("patch_test_read", {"material": MATERIAL, "grade": 0}),
        ("patch_test_followed_up", {"material": MATERIAL, "answer": "nothing"}),
        ("skin_followed_up", {"answers": [{"site": site, "answer": "gone"} for site in sites[1:]]}),
        (
            "pain_scored",
            {"session": "0001-001", "region": "lower_back", "moment": "after", "score": 3},
        ),
        ("exercises_given", {"session": "0001-001", "exercises": [{"exercise": exercise, **dose}]}),
        ("exercises_asked", {"answers": {exercise: "done"}}),
        ("advice_given", {"session": "0001-001", "advice": [advice]}),
        ("index_scored", {"index": "oswestry", "score": 22}),
        ("activity_scored", {"activity": "climbing stairs", "score": 4}),
        ("motion_tested", {"region": "lower_back", "motions": motions}),
        ("global_change_scored", {"score": 3}),
        ("seated_after", {"session": "0001-001", "seconds": 180}),
        ("close_out_completed", {"session": "0001-001"}),
        ("pad_set_discarded", {"pad_set": "A", "because": "used_up"}),
        (ENDED, {"session": "0002-001", "motor": False}),
        ("skin_not_checked", {"session": "0002-001", "reason": "had to leave"}),
        (
            "course_reviewed",
            {
                "region": "lower_back",
                "goal": "pain",
                "decision": "continue",
                "skin_looked_at": True,
                "pain_first": None,
                "function_first": 22,
                "function_last": 22,
            },
        ),
        ("course_opened", {"region": "lower_back", "goal": "pain", "reason": "walks further"}),
        ("harm_reviewed", {"reason": "skin looked at"}),
    )


NOT_SENT: dict[str, type[Fact]] = {
    "first_feeling_marked": FirstFeelingMarked,  # accepted in a session only
    "motor_point_found": MotorPointFound,  # accepted in a search only
    "load_ruled_out": LoadRuledOut,  # accepted after a contact check that asks for it
    "harm_told": HarmTold,  # of the engine alone
}
"""Facts that this visit records past the link."""


def enter(clinic: Clinic, visit: tuple[Entry, ...]) -> None:
    """Record a visit of the patient P-0013."""
    for kind, values in visit:
        if kind == ENDED:
            end_session(clinic, **values)
        elif kind in NOT_SENT:
            fact = read_fact(NOT_SENT[kind], {**values, **OF_THE_VISIT})
            assert isinstance(fact, NOT_SENT[kind]), fact
            assert clinic.engine.loop._facts.record_own(fact)
            clinic.tick()
        else:
            answer = clinic.ask(RecordFact(kind=kind, values={"patient": "P-0013", **values}))
            assert isinstance(answer, Reply), (kind, said(answer))


def end_session(clinic: Clinic, session: str, *, motor: bool) -> None:
    """Let the engine know of a session as if one had just ended."""
    plan = planned()
    ended = EndedSession(
        session=session,
        patient="P-0013",
        operator="anna",
        motor=motor,
        region=plan.key.region,
        cause="stop",
        levels_ua=dict.fromkeys(plan.channels, 9_000),
        placement=plan,
        pad_set="A",
    )
    clinic.engine.loop._close_outs.ended(ended)
    register = clinic.engine.loop._dispatcher.register
    register.take_session("P-0013", a_session(register.now(), session=session, goal=Goal.PAIN))
    clinic.tick()
