"""The electrical state as plain values, for the control socket."""

from drivers.virtual.output_stage.channel import OutputChannel
from drivers.virtual.output_stage.stage import OutputStage
from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Timeline

_SIGNS = {0: "none", 1: "positive", 2: "negative", 3: "both"}


def status_of(timeline: Timeline, pins: PinBank, stage: OutputStage | None) -> dict[str, object]:
    """Return what a meter on the board would show; `stage` is None on a bare Pi."""
    state: dict[str, object] = {
        "time_us": timeline.now_us,
        "kind": "bare" if stage is None else "board",
        "levels": pins.levels,
    }
    if stage is None:
        return state
    lines = stage.board.pins
    level = pins.level
    return state | {
        "board": stage.board.name,
        "board_digest": stage.board.digest,
        "enabled": stage.enabled,
        "supply": {
            "enable_line": level(lines.supply_en),
            "good": stage.supply.good,
            "rail_mv": round(stage.supply.rail_v() * 1e3),
        },
        "fault_latch": {"set": stage.latch.is_set, "causes": list(stage.latch.causes)},
        "watchdog_running": stage.one_shot.running,
        "estop_loop_closed": bool(level(lines.estop_loop)),
        "hand_switch_closed": bool(level(lines.hand_switch)),
        "lamps": {
            "active": level(lines.lamp_active),
            "fault": level(lines.lamp_fault),
            "buzzer": level(lines.buzzer),
        },
        "channels": [
            _channel_state(stage, index, channel, timeline.now_ns)
            for index, channel in enumerate(stage.channels)
        ],
    }


def _channel_state(
    stage: OutputStage, index: int, channel: OutputChannel, now_ns: int
) -> dict[str, object]:
    dac, place = stage.converters.dac_of(index)
    current_a, block_v, tissue_v = channel.circuit.peek(now_ns)
    load, hold = channel.circuit.load, channel.hold
    return {
        "channel": index + 1,
        "gate": _SIGNS[channel.gates],
        "limited": _SIGNS[channel.limiter.limited],
        "both_gates_seen": channel.both_gates,
        "shunt_closed": channel.shunt_closed,
        "dac_register": dac.registers[place] & 0xFFF,
        "dac_latched": dac.latched[place] & 0xFFF,
        "dac_output": dac.output[place],
        "amplitude_ua": round(channel.amplitude_ua),
        "current_ua": round(current_a * 1e6),
        "block_mv": round(block_v * 1e3),
        "tissue_mv": round(tissue_v * 1e3),
        "pulses": hold.pulse + 1,
        "held_current_ua": round(hold.current_a * 1e6),
        "held_voltage_mv": round(hold.voltage_v * 1e3),
        "contact": channel.contact.kind,
        "dryness": round(channel.contact.dryness, 3),
        "load": {
            "series_ohm": round(load.series_ohm, 1),
            "parallel_ohm": round(load.parallel_ohm, 1),
            "parallel_nf": round(load.parallel_f * 1e9, 1),
        },
    }
