"""Writes small recordings: changes listed by a test, as VCD text."""

from pathlib import Path

SCALARS = [f"gate{channel}_{side}" for channel in (1, 2) for side in ("pos", "neg")]
SCALARS += ["ldac_n", "shunt1", "shunt2", "heartbeat", "supply_en", "supply", "fault_latch"]
SCALARS += ["estop_loop", "hand_switch"]
VECTORS = ["dac1", "dac2"]
REALS = ["i1_ua", "i2_ua"]
CODES = {name: chr(33 + place) for place, name in enumerate(SCALARS + VECTORS + REALS)}
HIGH_AT_START = {"ldac_n", "supply_en", "supply", "estop_loop", "hand_switch"}


class Dump:
    """Changes in any order, times in µs; `text()` is the file, timescale 100 ns."""

    def __init__(self) -> None:
        self._changes: list[tuple[int, int, str]] = []

    def set(self, at_us: float, name: str, value: float) -> None:
        if name in REALS:
            line = f"r{value:g} {CODES[name]}"
        elif name in VECTORS:
            line = f"b{int(value):b} {CODES[name]}"
        else:
            line = f"{int(value)}{CODES[name]}"
        self._changes.append((round(at_us * 10), len(self._changes), line))

    def phase(self, at_us: float, width_us: float, current_ua: float, channel: int = 1) -> None:
        gate = f"gate{channel}_{'pos' if current_ua > 0 else 'neg'}"
        for time_us, level, flowing_ua in ((at_us, 1, current_ua), (at_us + width_us, 0, 0.0)):
            self.set(time_us, gate, level)
            self.set(time_us, f"i{channel}_ua", flowing_ua)

    def pulse(
        self,
        at_us: float,
        current_ua: float,
        *,
        width_us: float = 200,
        gap_us: float = 100,
        channel: int = 1,
    ) -> None:
        self.phase(at_us, width_us, current_ua, channel)
        self.phase(at_us + width_us + gap_us, width_us, -current_ua, channel)

    def text(self, end_us: float | None = None) -> str:
        lines = ["$timescale 100 ns $end", "$scope module board $end"]
        lines += [f"$var wire 1 {CODES[name]} {name} $end" for name in SCALARS]
        lines += [f"$var wire 12 {CODES[name]} {name} [11:0] $end" for name in VECTORS]
        lines += [f"$var real 64 {CODES[name]} {name} $end" for name in REALS]
        lines += ["$upscope $end", "$enddefinitions $end", "#0", "$dumpvars"]
        lines += [f"{int(name in HIGH_AT_START)}{CODES[name]}" for name in SCALARS]
        lines += [f"b0 {CODES[name]}" for name in VECTORS]
        lines += [f"r0 {CODES[name]}" for name in REALS]
        lines.append("$end")
        now = -1
        for at, _, line in sorted(self._changes):
            if at != now:
                lines.append(f"#{at}")
                now = at
            lines.append(line)
        if end_us is not None:
            lines.append(f"#{round(end_us * 10)}")
        return "\n".join(lines) + "\n"

    def write(self, path: Path, end_us: float | None = None) -> Path:
        path.write_text(self.text(end_us), encoding="ascii")
        return path
