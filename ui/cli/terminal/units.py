"""Text of currents, loads, charges, times and states for the screen."""

from appliance.messages.snapshot import Snapshot

UA_PER_MA = 1_000
PC_PER_UC = 1_000_000
UC_PER_MC = 1_000
US_PER_S = 1_000_000
US_PER_TENTH = 100_000
STATES = {
    "Locked": "locked",
    "SelfTest": "self-test",
    "Ready": "ready",
    "ContactCheck": "checking contact",
    "Armed": "armed",
    "RampUp": "ramping up",
    "Delivering": "delivering",
    "Resting": "resting",
    "Paused": "paused",
    "RampDown": "ramping down",
    "Finished": "finished",
    "Tripped": "tripped",
}


def in_ma(value_ua: int | None) -> str:
    """Return a current in mA with two decimals; a dash if nothing was measured."""
    return "-" if value_ua is None else f"{value_ua / UA_PER_MA:.2f} mA"


def in_ohm(value: int | None) -> str:
    """Return a load in Ω; a dash if nothing was measured."""
    return "-" if value is None else f"{value} Ω"


def in_charge(value_pc: int) -> str:
    """Return a charge in µC, or in mC from 10 mC on."""
    value_uc = value_pc / PC_PER_UC
    if value_uc < 10 * UC_PER_MC:
        return f"{value_uc:.1f} µC"
    return f"{value_uc / UC_PER_MC:.1f} mC"


def in_clock(value_us: int) -> str:
    """Return a time as m:ss.t, rounded down to a tenth of a second."""
    minutes, tenths = divmod(value_us // US_PER_TENTH, 600)
    return f"{minutes}:{tenths // 10:02}.{tenths % 10}"


def state_in_words(snapshot: Snapshot) -> str:
    """Return the state in lower-case words."""
    return STATES.get(snapshot.state, snapshot.state)


def contraction_in_words(snapshot: Snapshot) -> str:
    """Return the current or next contraction, its start, and when a level may be raised."""
    view = snapshot.contraction
    if view is None:
        return ""
    which = f"contraction {view.number} of {view.of}"
    if not view.playing:
        return f"{which} begins in {in_seconds(view.next_on_in_us)}"
    if view.rises_in_us is None:
        return f"{which}; levels may be raised in the next one"
    if view.rises_in_us:
        return f"{which}; levels may be raised in {in_seconds(view.rises_in_us)}"
    return f"{which}; levels may be raised for {in_seconds(view.rises_for_us)} more"


def in_seconds(value_us: int | None) -> str:
    """Return a time in seconds with one decimal; a dash if it is not known."""
    return "-" if value_us is None else f"{value_us / US_PER_S:.1f} s"
