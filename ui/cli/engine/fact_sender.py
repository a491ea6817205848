"""Record a fact in an engine: a running one, or one started for it.

A locked unit is unlocked in the operator's name, with the PIN where it has operators, and locked
again afterwards. Where somebody has unlocked a unit without operators, it has to be that person.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ui.cli.engine.in_charge import ask, unlocked

if TYPE_CHECKING:
    from appliance.link.client import LinkClient


def send_fact(
    kind: str,
    values: Mapping[str, object],
    operator: str,
    data: Path | None,
    *,
    simulated: bool = False,
) -> str:
    """Record a fact and return whom it is about, once it is on the disk; end with its refusal."""
    with unlocked_engine(operator, data) as link:
        return record(link, kind, values, operator, simulated=simulated)


def record(
    link: "LinkClient",
    kind: str,
    values: Mapping[str, object],
    operator: str,
    *,
    simulated: bool = False,
) -> str:
    """Record a fact in an engine that is unlocked; otherwise as `send_fact`."""
    from appliance.messages.actions import RecordFact

    action = RecordFact(kind=kind, values=dict(values), operator=operator, simulated=simulated)
    return ask(link, action).patient or ""


@contextmanager
def unlocked_engine(operator: str, data: Path | None) -> Iterator["LinkClient"]:
    """Connect to the engine of a folder, or start one; unlock it for as long as this lasts."""
    from appliance.records.storage.data_folder import data_folder
    from ui.cli.engine.hosts import RunTarget, daemon_port, engine_host

    with (
        engine_host(RunTarget(data_folder(data), port=daemon_port())) as host,
        unlocked(host.link, operator),
    ):
        yield host.link
