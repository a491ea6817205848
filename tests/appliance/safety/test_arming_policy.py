"""Hardware keeps every rule of arming; what is exempt is chosen once, by the engine."""

import re
from dataclasses import MISSING, asdict, fields
from pathlib import Path

import pytest

from appliance.safety.arming_policy import HARDWARE, VIRTUAL_BOARD, ArmingPolicy, policy_of

pytestmark = pytest.mark.proves("bystander", "daemon-isolated", "drills")

APPLIANCE = Path(__file__).resolve().parents[3] / "appliance"
KIND_OF_RIG = re.compile(r'"(virtual|hardware)"|rig\.kind *[!=]=|[!=]= *\w*\.?rig\.kind')


def test_hardware_is_exempt_from_no_rule() -> None:
    """Hazard: current through a person on a unit that thinks it is a simulation."""
    assert policy_of("hardware") is HARDWARE
    assert all(asdict(HARDWARE).values())


@pytest.mark.parametrize("rig", ["", "Virtual", "virtual ", "pi", "unknown"])
def test_a_kind_of_rig_that_is_not_known_has_the_rules_of_hardware(rig: str) -> None:
    assert policy_of(rig) is HARDWARE


def test_the_virtual_board_gives_no_current_to_anybody_and_is_exempt_from_every_rule() -> None:
    assert policy_of("virtual") is VIRTUAL_BOARD
    assert not any(asdict(VIRTUAL_BOARD).values())


def test_no_rule_has_a_default_that_could_exempt_hardware() -> None:
    for rule in fields(ArmingPolicy):
        assert rule.default is MISSING
        assert rule.default_factory is MISSING
    with pytest.raises(TypeError):
        ArmingPolicy()  # type: ignore[call-arg]


def test_only_the_arming_policy_asks_which_kind_of_rig_there_is() -> None:
    asking = {
        path.relative_to(APPLIANCE).as_posix()
        for path in APPLIANCE.rglob("*.py")
        if KIND_OF_RIG.search(path.read_text(encoding="utf-8"))
    }
    # The layer "hardware" of a stop is a recorded name, no kind of rig.
    assert asking == {"safety/arming_policy.py", "control/stops/time_of_zero.py"}
