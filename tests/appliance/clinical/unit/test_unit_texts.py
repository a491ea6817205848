"""Every text about the unit is used, and every one used is there; so is every fact's event."""

from appliance.clinical.unit.care import CareItem
from appliance.clinical.unit.events import unit_fact_types
from appliance.clinical.unit.facts import UnitPart
from appliance.texts.catalogue.unit import UNIT
from tests.support.text_keys import strings_of

RECORDED = {
    "unit_checked": "answers operator simulated",
    "part_released": "operator part reason simulated",
    "unit_cleaned": "operator simulated",
    "leads_inspected": "answers operator simulated",
    "safety_check_recorded": "date operator report simulated",
    "calibration_recorded": "certificate date operator simulated",
    "unit_taken_out_of_use": "operator reason simulated words",
    "unit_released": "operator reason simulated",
    "own_programme_kept": "draft name operator reason simulated version",
    "own_programme_retired": "name operator reason simulated",
}
"""Event -> the fields of its fact: recorded in every journal there is."""


def test_every_event_of_the_unit_keeps_its_name_and_its_fields() -> None:
    found = {
        name: " ".join(sorted(kind.__struct_fields__)) for name, kind in unit_fact_types().items()
    }
    assert found == RECORDED


def test_every_text_about_the_unit_is_used_and_every_one_used_is_there() -> None:
    used = strings_of("unit") | {f"unit_part.{part}" for part in UnitPart}
    used.add("unit_fact.by_service")  # of the engine, which knows who asks
    used |= {f"{kind}.{item}" for kind in ("care_item", "care_do") for item in CareItem}
    assert UNIT.keys() - used == set()
    starts = ("unit_part.", "unit_check.", "care.", "care_item.", "care_do.", "out_of_use.")
    keys = {name for name in used if name.startswith(starts) and name not in starts}
    assert keys - UNIT.keys() - {"care.toml"} == set()
