"""The pulses of the programme as they are at this moment, for the snapshot."""

from appliance.control.treatment.treatment import Treatment
from appliance.core.plan.compiler import Stage
from appliance.core.plan.train import Train
from appliance.core.prescription.waveform import Carrier
from appliance.messages.snapshot import PlanView
from appliance.safety.state_machine.states import State, is_energising
from drivers.slices import LEAD_IN_US


def plan_view(treatment: Treatment, state: State, now_us: int) -> PlanView:
    """Return rate, width and purpose; between on-times and in a pause those of its beginning."""
    prescription, wanted = treatment.prescription, treatment.wanted
    into_us = _into_on_time_us(treatment, now_us) if is_energising(state) else None
    train = treatment.on_time_now.train
    at_us = 0 if into_us is None else min(max(into_us - LEAD_IN_US, 0), train.latest_us)
    rate_millihertz, pulses = train.rate_millihertz(at_us), _pulses_in_burst(train)
    key = None if wanted is None or wanted.placement is None else wanted.placement.key
    return PlanView(
        kind=prescription.kind.value,
        purpose=prescription.purpose.value,
        region=prescription.region.value,
        rate_millihertz=rate_millihertz,
        phase_us=train.phase_us(at_us),
        pulses_in_burst=pulses,
        pulse_period_us=_pulse_period_us(train) if pulses > 1 else None,
        pulses_per_second=0 if into_us is None else rate_millihertz * pulses // 1_000,
        share_percent=treatment.on_time_now.share_percent,
        side="" if wanted is None else wanted.side.value,
        placement="" if key is None else key.placement,
        depth="" if key is None else key.depth.value,
        pad_set="" if wanted is None else wanted.pad_set,
    )


def _into_on_time_us(treatment: Treatment, now_us: int) -> int | None:
    """Return how far into its on-time the plan is, None where no pulses play."""
    playing, plan = treatment.playing, treatment.plan
    if playing is None or playing.planned.stage is Stage.REST:
        return None
    began_us = playing.planned.start_us
    since_us = began_us - plan.on_start_us(plan.on_time_at(began_us))
    return since_us + max(now_us - playing.start_us, 0)


def _pulses_in_burst(train: Train) -> int:
    return train.waveform.cycles if isinstance(train.waveform, Carrier) else train.pulses


def _pulse_period_us(train: Train) -> int:
    if isinstance(train.waveform, Carrier):
        return train.waveform.cycle_us
    return train.pulse_period_us
