"""Treatments for the edge and charge figures: every programme, and waveforms that none has."""

from dataclasses import dataclass, replace

from appliance.clinical.catalogue import load_catalogue, to_prescription
from appliance.core.plan.pulse_timeline import plan_train
from appliance.core.prescription.prescription import Prescription
from appliance.core.prescription.waveform import Biphasic, ChannelUse, Leading
from drivers.quantities import US_PER_S

SHORTEST_S = 60
FOUR = (1, 2, 3, 4)
SLOW = 100
"""Programmes with fewer pulses per second on two channels run on four."""


@dataclass(frozen=True, slots=True)
class Case:
    """A waveform to measure, on a board with enough channels."""

    name: str
    prescription: Prescription
    board: str
    sessions: int
    pulses: int
    """Pulses of one session over all channels; each carrier cycle counts as one."""


def cases(pulses: int) -> list[Case]:
    """Return every case, with enough sessions for at least `pulses` pulses each."""
    plain = {
        name: to_prescription(programme, (1, 2)) for name, programme in load_catalogue().items()
    }
    wide = {name: to_prescription(programme, FOUR) for name, programme in load_catalogue().items()}
    chosen = [
        _case(name, wide[name] if _per_second(prescription) < SLOW else prescription, pulses)
        for name, prescription in plain.items()
    ]
    steady, endurance = plain["conventional-tens"], plain["nmes-endurance"]
    for leading in (Leading.NEGATIVE, Leading.ALTERNATING):
        waveform = Biphasic(150, 100, leading)
        chosen.append(_case(f"{leading} phase first", _with(steady, waveform), pulses))
    swept = _with(plain["modulated-tens"], Biphasic(100, 100, Leading.ALTERNATING))
    chosen.append(_case("sweep, alternating phase first", swept, pulses))
    turns = replace(endurance, use=ChannelUse.ALTERNATING)
    chosen.append(_case("channels in turns", turns, pulses))
    return chosen


def _with(asked: Prescription, waveform: Biphasic) -> Prescription:
    return replace(asked, parts=(replace(asked.parts[0], waveform=waveform),))


def _case(name: str, asked: Prescription, pulses: int) -> Case:
    """Shorten the treatment to what is needed, or repeat it."""
    whole = _count(asked)
    needed_s = max(asked.duration_us * pulses // whole // US_PER_S + 1, SHORTEST_S)
    times = asked.parts[0].on_off
    if times is not None:
        cycle_us = times.on_us + times.off_us
        needed_s = -(-needed_s * US_PER_S // cycle_us) * cycle_us // US_PER_S
    if needed_s * US_PER_S < asked.duration_us:
        asked = replace(asked, duration_us=needed_s * US_PER_S)
        whole = _count(asked)
    board = "reference" if len(asked.channels) == 2 else "reference-4"
    return Case(name, asked, board, max(-(-pulses // whole), 1), whole)


def _count(asked: Prescription) -> int:
    return sum(1 for _ in plan_train(asked).pulses())


def _per_second(asked: Prescription) -> float:
    return _count(asked) * US_PER_S / asked.duration_us
