"""What screens are shown of the rules at the bedside."""

from typing import Any

from appliance.clinical.closing.facts import CloseOutPart
from appliance.clinical.placement.first_feeling import felt_by_ua, next_step
from appliance.clinical.pre_use.hand_switch import step_now, step_text
from appliance.control.engine_state import EngineState
from appliance.control.reporting.interrupted import interrupted_view
from appliance.link.text_conversion import view_of
from appliance.messages.snapshot import (
    CloseOutView,
    FirstFeelingView,
    HandSwitchView,
    PresenceView,
    RangeView,
)
from appliance.operators.presence import ANSWER_US, asks_in_us, attendance_text
from appliance.texts.text import text


def bedside_fields(engine: EngineState) -> dict[str, Any]:
    """Return the fields of the snapshot about the bedside."""
    return {
        "hand_switch": hand_switch_view(engine),
        "close_out": close_out_view(engine),
        "first_feeling": first_feeling_view(engine),
        "presence": presence_view(engine),
        "interrupted": interrupted_view(engine),
        "ranges": tuple(
            RangeView(channel=channel, **known._asdict())
            for channel, known in engine.ranges.by_channel.items()
        ),
    }


def close_out_view(engine: EngineState) -> CloseOutView | None:
    """Describe the close-out without which nobody is treated, None without one."""
    close_out = engine.close_out.holding_up
    if close_out is None:
        return None
    missing = close_out.holds_up
    return CloseOutView(
        session=close_out.session,
        pads_off=CloseOutPart.PADS_OFF not in missing,
        skin=CloseOutPart.SKIN not in missing,
    )


def hand_switch_view(engine: EngineState) -> HandSwitchView | None:
    """Describe the proof of the patient's hand switch; None in a session and without a patient."""
    patient, proof, waived = engine.hand_switch
    if patient is None or engine.session.id is not None:
        return None
    now_us = engine.tick.now_us
    step = step_now(proof, now_us, waived=waived)
    return HandSwitchView(
        step=step, text=view_of(step_text(step)), valid_for_us=proof.valid_for_us(now_us)
    )


def first_feeling_view(engine: EngineState) -> FirstFeelingView | None:
    """Describe the next step of the first feeling, None where nothing is to be felt."""
    (channel, wrong), treatment = engine.feeling, engine.setup.treatment
    if treatment is None or (channel is None and not wrong):
        return None
    if channel is None:
        again = view_of(text("first_feeling.place_again"))
        return FirstFeelingView(channel=None, up_to_ua=None, text=again)
    most_ua = min(felt_by_ua(treatment.prescription.region), treatment.prescription.ceiling_ua)
    feel = view_of(next_step(channel, most_ua))
    return FirstFeelingView(channel=channel, up_to_ua=most_ua, text=feel)


def presence_view(engine: EngineState) -> PresenceView | None:
    """Describe who is with the patient; None where nobody is signed in."""
    (asked, leaving, stays), signed_in = engine.presence, engine.people.signed_in
    if signed_in is None:
        return None
    now_us = engine.tick.now_us
    locks_in_us = signed_in.locks_in_us(now_us)
    if asked is None:
        return PresenceView(attendance="", locks_in_us=locks_in_us)
    left_at_us, ask_us = signed_in.left_at_us, asks_in_us(signed_in, now_us)
    return PresenceView(
        attendance=asked,
        locks_in_us=locks_in_us,
        text=view_of(attendance_text(asked)),
        left_for_us=None if left_at_us is None else now_us - left_at_us,
        asks_in_us=ask_us if ask_us > 0 else None,
        pauses_in_us=None if ask_us > 0 else max(ask_us + ANSWER_US, 0),
        leave_refusal=None if leaving is None else view_of(leaving.text()),
        stays=stays,
    )
