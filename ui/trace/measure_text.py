"""The measured values as text with units, for a terminal."""

from collections.abc import Callable, Iterator, Sequence

from ui.trace.measure import ChannelMeasure, Measures
from ui.trace.pulse_violations import Violation, ViolationKind
from ui.trace.session_parts import Range, SessionPart

NOTHING = "-"
SHOWN_INCIDENTS = 12


def overview(measures: Measures) -> Iterator[str]:
    """Yield the lines about the whole recording: time, slices, gaps."""
    whole = "" if measures.is_whole else " (the recording was cut off there)"
    yield f"{_seconds(measures.from_ns)} to {_seconds(measures.to_ns)}{whole}"
    slices = f"slices (LDAC strobes): {measures.slices}"
    yield slices + (f", {_span_ms(measures.slice)} apart" if measures.slice else "")
    if measures.between_channels_ns is not None:
        yield f"between pulses of two channels: at least {_us(measures.between_channels_ns)}"
    if measures.longest_heartbeat_gap_ns is not None:
        yield f"longest heartbeat gap: {measures.longest_heartbeat_gap_ns / 1e6:.1f} ms"


def channel_rows(channels: Sequence[ChannelMeasure]) -> Iterator[tuple[str, ...]]:
    """Yield rows of a name and one cell per channel."""
    for name, cell in _ROWS:
        yield (name, *(cell(channel) for channel in channels))


def incident_rows(measures: Measures) -> Iterator[str]:
    """Yield the changes of the safety lines, the first 12 of them."""
    for incident in measures.incidents[:SHOWN_INCIDENTS]:
        level = "high" if incident.level else "low"
        yield f"{_seconds(incident.at_ns):>12}  {incident.line} {level}"
    more = len(measures.incidents) - SHOWN_INCIDENTS
    if more > 0:
        yield f"{'':>12}  and {more} more changes (--json has them)"


def findings(measures: Measures) -> tuple[str, ...]:
    """Return each fault as text: channel, fault, first time, how often."""
    return tuple(map(_finding, measures.faults))


def _finding(fault: Violation) -> str:
    channel = f"channel {fault.channel}: " if fault.channel else ""
    what = _WHAT[fault.kind](fault)
    if fault.kind is ViolationKind.MISSING:
        return f"{channel}{what}"
    at = _seconds(fault.first_ns)
    when = f"at {at}" if fault.count == 1 else f"first at {at}, {fault.count} times in all"
    return f"{channel}{what}, {when}"


_WHAT: dict[ViolationKind, Callable[[Violation], str]] = {
    ViolationKind.CURRENT: lambda fault: (
        f"{_ma(fault.values[0])} set, but {_ma(fault.values[1])} flowed in a phase"
    ),
    ViolationKind.STRAY: lambda fault: f"{_ma(fault.values[0])} flowed without a gate on",
    ViolationKind.LONE: lambda _: "a phase without its counterpart",
    ViolationKind.UNSTEADY: lambda _: "the amplitude changed inside a phase",
    ViolationKind.BOTH_GATES: lambda _: "both gates on at once",
    ViolationKind.UNBALANCED: lambda fault: (
        f"a pulse out of balance by {fault.values[0] / 1e6:.3f} µC "
        f"({fault.values[1]:.1%} of a phase)"
    ),
    ViolationKind.TOGETHER: lambda _: "channels pulsed at the same time",
    ViolationKind.UNKNOWN: lambda fault: f"{fault.signal} has no known level (x or z; taken as 0)",
    ViolationKind.MISSING: lambda fault: f"{fault.signal} is not recorded, so it cannot be checked",
}


def _ma(current_ua: float) -> str:
    return f"{current_ua / 1_000:.3f} mA"


def _us(time_ns: int | None) -> str:
    return NOTHING if time_ns is None else f"{time_ns / 1_000:.1f} µs"


def _seconds(time_ns: int | None) -> str:
    return NOTHING if time_ns is None else f"{time_ns / 1e9:.6f} s"


def _span_us(span: Range | None) -> str:
    if span is None:
        return NOTHING
    if span.least_ns == span.most_ns:
        return _us(span.least_ns)
    return f"{span.least_ns / 1_000:.1f} to {_us(span.most_ns)}"


def _span_ms(span: Range) -> str:
    least, most = f"{span.least_ns / 1e6:.2f}", f"{span.most_ns / 1e6:.2f}"
    return f"{least} ms" if least == most else f"{least} to {most} ms"


def _rate(period_ns: int | None) -> str:
    return f"{1e9 / period_ns:.2f} per s" if period_ns else NOTHING


def _highest_rate(part: SessionPart) -> str:
    return _rate(part.period.least_ns if part.period else None)


def _check(part: SessionPart) -> str:
    return f"{part.pulses} of {_span_us(part.phase)}" if part.pulses else NOTHING


def widths_us(span: Range) -> str:
    """Return one or two phase widths in µs, without the unit."""
    least, most = span.least_ns / 1_000, span.most_ns / 1_000
    return f"{least:g}" if least == most else f"{least:g} to {most:g}"


def charge_one_way(part: SessionPart) -> str:
    """Return the charge of all first phases; the second phases return it."""
    return f"{part.one_way_pc / 1e6:.1f} µC"


def _signed(value: float, digits: int) -> str:
    """Return a number with its sign; a value that rounds to zero gets a plus."""
    return f"{round(value, digits) + 0.0:+.{digits}f}"


def _imbalance(channel: ChannelMeasure) -> str:
    return f"{_signed(channel.worst_net_pc / 1e6, 6)} µC ({channel.worst_net_share:.4%})"


_ROWS: tuple[tuple[str, Callable[[ChannelMeasure], str]], ...] = (
    ("contact check, pulses", lambda channel: _check(channel.contact_check)),
    ("contact check, highest rate", lambda channel: _highest_rate(channel.contact_check)),
    ("contact check, charge one way", lambda channel: charge_one_way(channel.contact_check)),
    ("treatment, pulses", lambda channel: str(channel.treatment.pulses)),
    ("treatment, phase", lambda channel: _span_us(channel.treatment.phase)),
    ("treatment, highest rate", lambda channel: _highest_rate(channel.treatment)),
    ("treatment, charge one way", lambda channel: charge_one_way(channel.treatment)),
    ("pulses, check and treatment", lambda channel: str(channel.pulses)),
    ("silent pulses (level 0)", lambda channel: str(channel.silent_pulses)),
    ("pulses ended by a cut", lambda channel: str(channel.cut_pulses)),
    ("interphase gap", lambda channel: _span_us(channel.interphase)),
    ("dead time between polarities", lambda channel: _us(channel.dead_time_ns)),
    ("rate, median", lambda channel: _rate(channel.median_period_ns)),
    ("first pulse", lambda channel: _seconds(channel.first_ns)),
    ("last pulse ends", lambda channel: _seconds(channel.last_ns)),
    ("time with a gate on", lambda channel: f"{channel.output_ns / 1e9:.6f} s"),
    ("peak current", lambda channel: f"{channel.peak_ua / 1_000:.3f} mA"),
    (
        "worst error against DAC code",
        lambda channel: f"{_signed(channel.worst_error_ua / 1_000, 4)} mA",
    ),
    ("highest r.m.s. over 1 s", lambda channel: f"{channel.highest_rms_ua / 1_000:.3f} mA"),
    ("charge moved, both ways", lambda channel: f"{channel.charge_pc / 1e9:.6f} mC"),
    ("worst imbalance of a pulse", _imbalance),
    (
        "imbalance by gates and code",
        lambda channel: f"{_signed(channel.worst_gate_net_pc / 1e6, 6)} µC",
    ),
    ("residual charge", lambda channel: f"{_signed(channel.residual_pc / 1e6, 6)} µC"),
    ("mean d.c.", lambda channel: f"{_signed(channel.mean_dc_ua, 4)} µA"),
)
