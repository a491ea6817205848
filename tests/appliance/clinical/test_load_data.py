"""Every data file is loaded when the engine starts, none while a person waits."""

import importlib
import pkgutil
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

import appliance.clinical
from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.load_data import load_clinical_data
from appliance.clinical.placement.instructions import steps
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.clinical.placement.placements import drawn_pads, plan_placement


def loaders() -> Iterator[Any]:
    """Yield every function of the clinical core that keeps what it loaded."""
    for _, name, _ in pkgutil.walk_packages(appliance.clinical.__path__, "appliance.clinical."):
        module = importlib.import_module(name)
        for value in vars(module).values():
            kept = hasattr(value, "cache_info") and value.__module__ == name
            if kept and value.cache_parameters()["maxsize"] == 1:  # the others keep no file
                yield value


def test_whatever_is_kept_was_loaded_at_the_start() -> None:
    found = list(loaders())
    assert len(found) >= 8
    for loader in found:
        loader.cache_clear()
    load_clinical_data()
    assert [loader.__name__ for loader in found if loader.cache_info().currsize != 1] == []


def test_a_placement_is_planned_said_and_drawn_without_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(package: str) -> None:
        raise AssertionError(package)

    load_clinical_data()
    monkeypatch.setattr(resources, "files", refuse)
    for programme in load_catalogue().values():
        for region in programme.regions:
            plan = plan_placement(programme, region, Side.BOTH)
            assert isinstance(plan, PlannedPlacement)
            assert steps(plan)
            assert drawn_pads(plan)
