"""The names of events, and the facts of those that open, change and close a session.

A session is not a row that changes. It is an opening event, the events during it, and one closing
event; the view `sessions` joins the two ends. A session without a closing event was interrupted
when its boot ended; the next start closes it as interrupted, with the last recorded values.
"""

from enum import StrEnum

import msgspec


class EventName(StrEnum):
    """Every event has one of these names; docs/records.md lists the facts of each."""

    GENESIS = "genesis"
    BOOT = "boot"
    RECOVERED = "recovered"
    SHUTDOWN = "shutdown"
    SESSION_OPENED = "session_opened"
    SESSION_CLOSED = "session_closed"
    STATE_CHANGED = "state_changed"
    LEVEL_CHANGED = "level_changed"
    COMMAND = "command"
    REFUSAL = "refusal"
    TRIP = "trip"
    STOP = "stop"
    ACKNOWLEDGED = "acknowledged"
    SOUND_SILENCED = "sound_silenced"
    CAUTION = "caution"
    CONTACT_CHECK = "contact_check"
    TIMING_PROOF = "timing_proof"
    SELF_TEST = "self_test"
    DRILL = "drill"
    PATIENT_CEILING = "patient_ceiling"
    FELT = "felt"
    MINUTES_CHANGED = "minutes_changed"
    HAND_SWITCH_PROVEN = "hand_switch_proven"
    ATTENDANCE = "attendance"
    OPERATOR_ENROLLED = "operator_enrolled"
    OPERATOR_RETIRED = "operator_retired"
    PIN_SET = "pin_set"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    OPERATORS_RESET = "operators_reset"
    UNIT_SET_UP = "unit_set_up"
    SHEET_MADE = "sheet_made"
    MEASUREMENTS_SEALED = "measurements_sealed"
    RECORDS_LOST = "records_lost"
    ERASED = "erased"
    CAPSULE = "capsule"
    CAPSULE_LOST = "capsule_lost"
    FAULT = "fault"
    # Facts about the unit, then about patients; their fields are in `appliance.clinical`.
    UNIT_CHECKED = "unit_checked"
    PART_RELEASED = "part_released"
    UNIT_CLEANED = "unit_cleaned"
    LEADS_INSPECTED = "leads_inspected"
    SAFETY_CHECK_RECORDED = "safety_check_recorded"
    CALIBRATION_RECORDED = "calibration_recorded"
    UNIT_TAKEN_OUT_OF_USE = "unit_taken_out_of_use"
    UNIT_RELEASED = "unit_released"
    OWN_PROGRAMME_KEPT = "own_programme_kept"
    OWN_PROGRAMME_RETIRED = "own_programme_retired"
    PATIENT_REGISTERED = "patient_registered"
    ALIAS_CHANGED = "alias_changed"
    PATIENT_NOTED = "patient_noted"
    SCREENING_ANSWERED = "screening_answered"
    VISIT_LIST_ANSWERED = "visit_list_answered"
    SCREENING_CONFIRMED = "screening_confirmed"
    SKIN_CHECKED_BEFORE = "skin_checked_before"
    SKIN_CHECKED_AFTER = "skin_checked_after"
    SKIN_NOT_CHECKED = "skin_not_checked"
    SKIN_FOLLOWED_UP = "skin_followed_up"
    SKIN_REINSPECTED = "skin_reinspected"
    SENSATION_TESTED = "sensation_tested"
    ALTERED_SENSATION_ACCEPTED = "altered_sensation_accepted"
    PATCH_TEST_APPLIED = "patch_test_applied"
    PATCH_TEST_READ = "patch_test_read"
    PATCH_TEST_FOLLOWED_UP = "patch_test_followed_up"
    PATCH_TEST_DECLINED = "patch_test_declined"
    PAD_SET_LABELLED = "pad_set_labelled"
    PAD_SET_CHECKED = "pad_set_checked"
    PAD_SET_USED = "pad_set_used"
    PAD_SET_DISCARDED = "pad_set_discarded"
    PADS_PLACED = "pads_placed"
    PADS_REMOVED = "pads_removed"
    FIRST_FEELING_MARKED = "first_feeling_marked"
    MOTOR_POINT_FOUND = "motor_point_found"
    SQUEEZE_WAIVED = "squeeze_waived"
    LOAD_RULED_OUT = "load_ruled_out"
    PATIENT_TOLD = "patient_told"
    COMPLAINT_OPENED = "complaint_opened"
    PAIN_SCORED = "pain_scored"
    INDEX_SCORED = "index_scored"
    ACTIVITY_SCORED = "activity_scored"
    MOTION_TESTED = "motion_tested"
    GLOBAL_CHANGE_SCORED = "global_change_scored"
    CONTRACTION_GRADED = "contraction_graded"
    FATIGUE_COUNTED = "fatigue_counted"
    EXERCISES_GIVEN = "exercises_given"
    EXERCISES_ASKED = "exercises_asked"
    ADVICE_GIVEN = "advice_given"
    CLOSE_OUT_OPENED = "close_out_opened"
    HARM_TOLD = "harm_told"
    HARM_REVIEWED = "harm_reviewed"
    STOP_EXPLAINED = "stop_explained"
    SEATED_AFTER = "seated_after"
    PART_LEFT_OUT = "part_left_out"
    PART_DEFERRED = "part_deferred"
    CLOSE_OUT_COMPLETED = "close_out_completed"
    COURSE_REVIEWED = "course_reviewed"
    COURSE_OPENED = "course_opened"


class RecordedOutcome(StrEnum):
    """How a session ended."""

    FINISHED = "finished"
    """The programme ran to its end."""
    STOPPED = "stopped"
    """A person stopped it."""
    TRIPPED = "tripped"
    """An interlock did."""
    INTERRUPTED = "interrupted"
    """Engine, power or disk failed; recorded at the next start. Or it was paused for too long."""


PAUSED_TOO_LONG = "paused_too_long"
"""The cause of an interrupted session whose records are complete."""


class _Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Typed facts of an event."""

    def facts(self) -> dict[str, object]:
        """Return the facts as `Journal.append` takes them."""
        plain: dict[str, object] = msgspec.to_builtins(self)
        return plain


class SessionStartFacts(_Facts, frozen=True, kw_only=True):
    """What was prescribed and on which board; digests as of `chain.digest_of` and the board file.

    `subject` is "patient" or "test_load"; records of before have "", which may be either.
    `contracts` says that the current can contract a muscle, whatever it is meant for. `side`,
    `placement`, `depth` and `pad_set` say where the pads lay on a patient and which they were.
    `hand_switch` is "proven" or "waived" (the patient cannot squeeze), "" on a test load.
    `continues` is the session that this one continues after a harmless trip, the first of several.
    An own programme, OWN-NAME@VERSION, has its `title` and the programme of the catalogue that it
    comes from, `base`; others have neither.
    """

    programme: str
    rig: str
    board: str
    board_digest: str
    plan_digest: str
    prescription: dict[str, object]
    channels: tuple[int, ...]
    region: str
    pad_area_mm2: int
    duration_us: int
    operator: str
    subject: str = ""
    patient: str | None = None
    ceiling_ua: int | None = None
    reason: str = ""
    contracts: bool = False
    side: str = ""
    placement: str = ""
    depth: str = ""
    pad_set: str = ""
    hand_switch: str = ""
    continues: str = ""
    title: str = ""
    base: str = ""


class LevelChanged(_Facts, frozen=True, kw_only=True):
    """A new level of one channel; it played from the slice `slice_number` on."""

    channel: int
    from_ua: int
    to_ua: int
    slice_number: int
    cause: str


class Felt(_Facts, frozen=True, kw_only=True):
    """What a patient felt and at which level; `felt` as in the message."""

    channel: int
    felt: str
    level_ua: int
    measured_ua: int | None = None


class MinutesChanged(_Facts, frozen=True, kw_only=True):
    """A session under way was given another end; times are treatment times from its beginning."""

    from_us: int
    to_us: int
    elapsed_us: int
    operator: str


class ChannelDose(_Facts, frozen=True, kw_only=True):
    """The dose of one channel; `level_ua` and the measurements are the last known ones.

    `comfortable_ua` is the last level that was kept for 3 s, 0 if none was.
    """

    channel: int
    level_ua: int
    highest_ua: int
    pulses: int
    charge_pc: int
    rms_ua: int
    comfortable_ua: int = 0
    measured_ua: int | None = None
    contact_ohm: int | None = None
    worst_error_ua: int | None = None


class SessionEndFacts(_Facts, frozen=True, kw_only=True):
    """How a session ended, which layer acted, how long that took, and the dose.

    `cues` counts the contractions announced, `cues_withdrawn` those of them that did not come.
    `contractions` are those that began in a session on call, announced or called.
    """

    outcome: RecordedOutcome
    cause: str
    elapsed_us: int
    slices: int
    channels: tuple[ChannelDose, ...]
    layer: str | None = None
    time_to_zero_us: int | None = None
    drift_ppm: int | None = None
    cut_in_boot: int | None = None
    cues: int = 0
    cues_withdrawn: int = 0
    contractions: int | None = None
