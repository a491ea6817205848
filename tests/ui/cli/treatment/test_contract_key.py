"""Contractions that `treat` calls on test loads: pressed in rests, released after a while."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from appliance.messages.actions import Contract
from appliance.messages.wire import StateName
from tests.support.snapshots import AT_REST
from ui.cli.commands.treat import treat
from ui.cli.treatment.contract_key import ContractKey

S = 1_000_000


def decided(at_us: int, state: StateName = StateName.RESTING) -> Contract | None:
    return ContractKey().decide(replace(AT_REST, at_us=at_us, state=state))


def test_it_is_pressed_in_a_rest_only() -> None:
    assert decided(0) == Contract(pressed=True)
    assert decided(0, StateName.DELIVERING) is None
    assert decided(0, StateName.RAMP_UP) is None


def test_one_that_was_done_is_held_for_3_s_and_one_that_was_refused_asked_for_again() -> None:
    key = ContractKey()
    pressed = key.decide(replace(AT_REST, at_us=S, state=StateName.RESTING))
    assert pressed is not None
    key.answered(pressed, done=False)
    assert key.decide(replace(AT_REST, at_us=S + 499_999, state=StateName.RESTING)) is None
    again = key.decide(replace(AT_REST, at_us=S + 500_000, state=StateName.RESTING))
    assert again == Contract(pressed=True)
    key.answered(again, done=True)
    held = replace(AT_REST, state=StateName.DELIVERING)
    assert key.decide(replace(held, at_us=4 * S)) is None
    assert key.decide(replace(held, at_us=4 * S + 500_000)) == Contract(pressed=False)
    assert key.calls == 1


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["nmes-strengthening", "--contractions", "on-call", "--patient"], 2, "test loads"),
        (["conventional-tens", "--contractions", "on-call"], 4, "contraction on call"),
        (["conventional-tens", "--contractions", "alternating"], 4, "alternating channels"),
        (["nmes-strengthening", "--contractions", "sometimes"], 2, "on-call"),
    ],
)
def test_what_cannot_be_given_so_is_refused_before_anything_starts(
    tmp_path: Path, options: list[str], code: int, words: str
) -> None:
    result = CliRunner().invoke(treat, [*options, "--fast", "--data", str(tmp_path)])
    assert (result.exit_code, words in result.output + result.stderr) == (code, True), result.output
