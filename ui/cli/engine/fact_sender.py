"""Record a fact about a patient in an engine: a running one, or one started for it.

A locked unit is unlocked in the operator's name, with the PIN where it has operators, and locked
again afterwards. Where somebody has unlocked a unit without operators, it has to be that person.
"""

from collections.abc import Mapping
from pathlib import Path

from ui.cli.engine.in_charge import ask, unlocked


def send_fact(
    kind: str,
    values: Mapping[str, object],
    operator: str,
    data: Path | None,
    *,
    simulated: bool = False,
) -> str:
    """Record a fact and return whom it is about, once it is on the disk; end with its refusal."""
    from appliance.messages.actions import RecordFact
    from appliance.records.storage.data_folder import data_folder
    from ui.cli.engine.hosts import RunTarget, daemon_port, engine_host

    action = RecordFact(kind=kind, values=dict(values), operator=operator, simulated=simulated)
    with (
        engine_host(RunTarget(data_folder(data), port=daemon_port())) as host,
        unlocked(host.link, operator),
    ):
        return ask(host.link, action).patient or ""
