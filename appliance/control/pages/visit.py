"""The page `visit:PATIENT`: what is asked first thing when a patient comes again.

What the last session left without an answer, whether its redness has gone, whether a patch test
showed anything by the next day, and how the exercises went.
"""

from collections.abc import Iterator

from appliance.clinical.closing.close_out import judge_holding_up
from appliance.clinical.exercises.home_programme import judge_asked
from appliance.clinical.fact import FactTime
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.skin.patch_test import judge_next_day
from appliance.clinical.skin.skin import judge_follow_up
from appliance.control.pages.missing import finding_row
from appliance.control.pages.page import PageSources, Row, Rows
from appliance.control.pages.patients import find_file
from appliance.core.refusal import Refusal


def visit_rows(wanted: str, sources: PageSources) -> Rows:
    """Return a row for each question; `kind` says which room it is of."""
    known = sources.patients
    file = find_file(wanted, known)
    if isinstance(file, Refusal):
        return file
    return _rows(file, known.files.judged_at(known.now))


def _rows(file: PatientFile, now: FactTime) -> Iterator[Row]:
    found = {
        "close_out": judge_holding_up(file.close_outs),
        "skin": judge_follow_up(file.skin),
        "patch_test": judge_next_day(file.patch_tests, now),
        "exercise": judge_asked(file.exercises, now),
    }
    for kind, findings in found.items():
        for finding in findings:
            yield {"kind": kind, **finding_row(finding)}
