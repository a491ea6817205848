"""Numbers and states in the words of the screen."""

from appliance.messages import Snapshot

UA_PER_MA = 1_000
PC_PER_UC = 1_000_000
US_PER_S = 1_000_000
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


def in_ma(value_ua: int) -> str:
    """Return a current in mA, to a hundredth."""
    return f"{value_ua / UA_PER_MA:.2f} mA"


def in_uc(value_pc: int) -> str:
    """Return a charge in µC."""
    return f"{value_pc / PC_PER_UC:.1f} µC"


def in_clock(value_us: int) -> str:
    """Return a time as minutes and seconds."""
    minutes, seconds = divmod(value_us / US_PER_S, 60)
    return f"{int(minutes)}:{seconds:04.1f}"


def state_in_words(snapshot: Snapshot) -> str:
    """Return the state as a person says it."""
    return STATES.get(snapshot.state, snapshot.state)
