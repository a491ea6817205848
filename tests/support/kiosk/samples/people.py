"""Samples of operators, a forgotten PIN, lists to look at, and the shape of a pulse."""

from collections.abc import Mapping
from typing import Any

from tests.support.kiosk.samples.sample import ME, Sample, Samples, at, fixed_pages
from ui.kiosk.journey.lists import ProgrammeCard, ProgrammeList, PulseShape, SessionList
from ui.kiosk.journey.lock import Lock
from ui.kiosk.journey.operators import MyPin, NewOperator, OperatorCard, Operators
from ui.kiosk.journey.place import Place, Row

NAMES = ("ANNA KELLER", "BEN", "CHIARA", "DOGAN", "ELSE", "FRANK", "SAM")
UTC_US = 1_795_962_686_000_000


def _operator(name: str, **more: Any) -> Row:
    role = {"ANNA KELLER": "lead", "SAM": "service"}.get(name, "clinician")
    usual = {"kind": "operator", "has_pin": True, "one_time": False, "pins_set": 1}
    usual["locked_out_us"] = 0
    return {**usual, "operator": name, "role": role, **more}


def operators() -> Mapping[str, tuple[Row, ...]]:
    """Return the page of seven operators: one has no PIN, one a PIN for once."""
    more = {"BEN": {"one_time": True}, "ELSE": {"has_pin": False}}
    return {"operators": tuple(_operator(name, **more.get(name, {})) for name in NAMES)}


def _long_names() -> Mapping[str, tuple[Row, ...]]:
    names = ("ANNA KELLER", "BEN", "CHRISTOPHERSEN", "ELSE", "SAM")
    return {"operators": tuple(map(_operator, names))}


def _session(number: int, **more: Any) -> Row:
    usual = {
        "id": f"0001-{number:03d}",
        "opening": number,
        "closing": number + 1,
        "opened_utc_us": UTC_US,
        "clock_trusted": True,
        "programme": "conventional-tens",
        "region": "lower_back",
        "patient": "P-0013",
        "outcome": "finished",
        "elapsed_us": 1_800_000_000,
    }
    return {**usual, **more}


def sessions() -> Mapping[str, tuple[Row, ...]]:
    """Return the page of six sessions, with one that may not say whose it was, and its events."""
    found = (
        _session(9, outcome=None, closing=None, elapsed_us=None),
        _session(7, patient=None, programme="known-load-drill", outcome="stopped"),
        _session(5, outcome="tripped"),
        _session(4, outcome="interrupted"),
        _session(3, clock_trusted=False),
        _session(1),
    )
    waveform = {"phase_us": 200, "interphase_us": 100}
    channels = [
        {"channel": 1, "comfortable_ua": 21_000, "highest_ua": 24_000, "measured_ua": 20_400},
        {"channel": 2, "comfortable_ua": 0, "highest_ua": 12_000, "measured_ua": -11_800},
    ]
    events = (
        {"name": "session_opened", "facts": {"prescription": {"waveform": waveform}}},
        {"name": "session_closed", "facts": {"channels": channels}},
    )
    return {**fixed_pages(), "sessions": found, "session:0001-007": events}


def _people(place: Place, **more: Any) -> Sample:
    return at(place, operators(), me=ME, **more)


PEOPLE: Samples = {
    "lock_many": lambda: at(Lock(operator="BEN"), operators(), me=None),
    "lock_long": lambda: at(Lock(operator="BEN"), _long_names(), me=None),
    "lock_others": lambda: at(Lock(first=5), operators(), me=None),
    "operators": lambda: _people(Operators()),
    "operators_second": lambda: _people(Operators(first=5)),
    "operator": lambda: _people(OperatorCard(operator="BEN")),
    "operator_pin": lambda: _people(OperatorCard(operator="BEN", giving=True)),
    "operator_given": lambda: _people(OperatorCard(operator="BEN", pin="481735")),
    "operator_pin_void": lambda: _people(OperatorCard(operator="BEN", void=True)),
    "operator_retire": lambda: _people(OperatorCard(operator="BEN", retiring=True)),
    "new_operator": lambda: _people(NewOperator(name="GUL")),
    "new_operator_role": lambda: _people(NewOperator(name="GUL", named=True)),
    "new_operator_pin": lambda: _people(NewOperator(name="GUL", named=True, role="clinician")),
    "my_pin": lambda: _people(MyPin(pin="12")),
    "my_pin_differs": lambda: _people(MyPin(at=1, differs=True)),
    "my_pin_changed": lambda: _people(MyPin(changed=True)),
    "programmes": lambda: at(ProgrammeList(), sessions()),
    "programme": lambda: at(
        ProgrammeCard(programme="nmes-strengthening", came_from=ProgrammeList()), sessions()
    ),
    "sessions": lambda: at(SessionList(), sessions()),
    "sessions_none": lambda: at(SessionList(), {"sessions": ()}),
    "pulse_shape": lambda: at(PulseShape(), sessions()),
    "pulse_shape_none": lambda: at(PulseShape(), {"sessions": ()}),
}
