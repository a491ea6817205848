"""Whatever facts come, in whatever order and at whatever time: nothing raises."""

import inspect
import typing
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.closing.close_out import judge_close_out, judge_holding_up
from appliance.clinical.closing.steps import close_out_steps, seated_left_s
from appliance.clinical.exercises.home_programme import judge_asked
from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.finding import Finding
from appliance.clinical.patients.before_start import WantedTreatment
from appliance.clinical.patients.events import fact_types
from appliance.clinical.patients.files import PatientFiles
from appliance.clinical.patients.recording import refuse_fact
from appliance.clinical.placement.history import (
    channel_to_feel,
    judge_placed,
    refuse_playing_on,
)
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.clinical.placement.placements import plan_placement
from appliance.clinical.unit.care import Treated, care_note
from appliance.clinical.unit.events import unit_fact_types
from appliance.clinical.unit.facts import UnitFact
from appliance.clinical.unit.noted import noted
from appliance.clinical.unit.recording import refuse_unit_fact
from appliance.clinical.unit.unit_file import UnitFile, judge_before_patient
from appliance.core.limits.limits import Region
from tests.support.texts import problems, said

PATIENT = "P-0015"
NAMES = st.sampled_from(["A", "bridge", "conventional-tens", "l1", "", "\x1b[2J", "\u200b"])
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.integers(-1, 40)
PROGRAMME = load_catalogue()["conventional-tens"]


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for the type of a field of a fact."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        (bounds,) = inner[1:]
        return st.integers(bounds.ge, bounds.le)
    if origin is tuple:
        return st.lists(values(inner[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(values(inner[0]), values(inner[1]), max_size=3)
    if inner:
        return st.one_of(*map(values, inner))
    if inspect.isclass(kind) and issubclass(kind, msgspec.Struct):
        return structs(kind)
    plain = {str: NAMES, int: NUMBERS, type(None): st.none()}
    return plain[kind] if kind in plain else st.from_type(kind)


def structs(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind, include_extras=True)
    names = [field.name for field in msgspec.structs.fields(kind)]
    return st.builds(kind, **{name: values(hints[name]) for name in names})


TIMES = st.builds(
    FactTime,
    utc_us=NUMBERS,
    day=NUMBERS,
    trusted=st.booleans(),
    boot=st.integers(1, 2),
    monotonic_us=st.integers(0, 2**50),
)
FACTS = st.one_of(*map(structs, fact_types().values())).map(
    lambda fact: msgspec.structs.replace(fact, patient=PATIENT)
)
UNIT_FACTS = st.one_of(*map(structs, unit_fact_types().values()))


def plan() -> PlannedPlacement:
    planned = plan_placement(PROGRAMME, "lower_back", Side.BOTH)
    assert isinstance(planned, PlannedPlacement)
    return planned


PLAN = plan()
WANTED = WantedTreatment(
    programme=PROGRAMME,
    region=Region.LOWER_BACK,
    side=Side.BOTH,
    placement=PLAN,
    pad_set="A",
)


@given(facts=st.lists(st.tuples(FACTS, TIMES), max_size=6), now=TIMES, virtual=st.booleans())
def test_no_facts_and_no_time_make_the_fold_or_a_judgement_raise(
    facts: list[tuple[Fact, FactTime]], now: FactTime, *, virtual: bool
) -> None:
    files = PatientFiles(virtual=virtual)
    for fact, at in facts:
        objection = refuse_fact(fact, files, at)
        if isinstance(objection, Finding):
            assert problems(objection.text()) == []
        elif objection is not None:
            said(objection)
        files.take(fact, at)
    file = files.of(PATIENT)
    findings = [
        *files.missing_before_start(PATIENT, WANTED, now),
        *judge_placed(file.placement, PLAN, "A", files.judged_at(now)),
        *judge_asked(file.exercises, files.judged_at(now)),
        *judge_holding_up(file.close_outs),
        *(
            finding
            for close_out in file.close_outs.by_session.values()
            for finding in judge_close_out(close_out)
        ),
    ]
    assert [problem for finding in findings for problem in problems(finding.text())] == []
    assert channel_to_feel(file.placement, PLAN, files.judged_at(now)) in {None, 1, 2}
    refuse_playing_on(file.placement)
    for close_out in file.close_outs.by_session.values():
        assert (seated_left_s(close_out, files.judged_at(now)) or 0) >= 0
        assert close_out_steps(close_out, outcomes_due=True)
    assert (files.holding_up() is None) is (
        file.identity is None or file.close_outs.holding_up is None
    )


@given(
    facts=st.lists(st.tuples(UNIT_FACTS, TIMES), max_size=6),
    now=TIMES,
    first=TIMES | st.none(),
    clock_required=st.booleans(),
)
def test_no_facts_about_the_unit_make_the_fold_or_a_judgement_raise(
    facts: list[tuple[UnitFact, FactTime]],
    now: FactTime,
    first: FactTime | None,
    *,
    clock_required: bool,
) -> None:
    file = UnitFile(
        virtual=True,
        clock_required=clock_required,
        first_use=None if first is None else noted(first),
    )
    for fact, at in facts:
        refusal = refuse_unit_fact(fact, file, (1, 2), at)
        if refusal is not None:
            said(refusal)
        file = file.after(fact, at)
    treated = None if first is None else Treated("P-0021", first)
    findings = judge_before_patient(file, (1, 2), PATIENT, treated, now)
    assert [problem for finding in findings for problem in problems(finding.text())] == []
    assert [p for each in file.care_standings(now) for p in problems(care_note(each))] == []


@pytest.mark.parametrize("kind", fact_types().values(), ids=lambda kind: str(kind.__name__))
def test_every_fact_is_recorded_whole_and_read_back(kind: type[Fact]) -> None:
    @given(structs(kind))
    def is_read_back(fact: Fact) -> None:
        raw = msgspec.json.encode(fact)
        assert msgspec.json.decode(raw, type=kind) == fact

    is_read_back()
