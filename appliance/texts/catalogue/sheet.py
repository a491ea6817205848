"""Texts of the sheet that a patient takes home, and of what is refused about it."""

from appliance.texts.catalogue.mark import translatable as _

SHEET = {
    # On the sheet.
    "sheet.title": _("Your treatment"),
    "sheet.done": _("What was done"),
    "sheet.programme": _("Programme"),
    "sheet.place": _("Where"),
    "sheet.where": _("{region}, {side}"),
    "sheet.time": _("Time"),
    "sheet.minutes": _("{minutes} min"),
    "sheet.level": _("Level kept"),
    "sheet.feel": _("What you may feel"),
    "sheet.feel_sore": _(
        "Muscles that worked may be tired or sore for two days, as after exercise."
    ),
    "sheet.feel_tingling": _("A light tingling may stay for some minutes."),
    "sheet.feel_pink": _("Even pink skin under the pads is usual; it fades within half an hour."),
    "sheet.skin": _("Look at your skin tonight and tomorrow"),
    "sheet.skin_call": _(
        "Call us if the skin under a pad is still red the next day, itches, is blistered, open or "
        "burnt."
    ),
    "sheet.skin_care": _("Do not scratch it, and put nothing on it before you have called."),
    "sheet.warning": _("Get help at once"),
    "sheet.home": _("At home"),
    "sheet.call": _("Whom to call"),
    "sheet.phone": _("Telephone:"),
    "sheet.emergency": _("In an emergency call the ambulance."),
    "sheet.not_reviewed": _(
        "No clinician who grew up with this language has read this translation."
    ),
    "sheet.made_by": _("Made by stimkiosk, a reference design that is not conformity-tested."),
    # What is refused.
    "refusal.sheet": _("patient sheet"),
    "sheet.asked": _("of session {session}"),
    "sheet.of_whom": _("of a session of a patient, once it has ended"),
    "sheet.while_on": _("while output may flow"),
    "sheet.after": _("once output is off"),
    "sheet.one_at_a_time": _("one at a time"),
    "sheet.not_made": _("not made: {why}"),
    "sheet.not_in_time": _("not finished within {seconds} s"),
    "sheet.whole": _("a sheet that was written whole"),
    "sheet.no_stick": _("without a USB stick"),
    "sheet.one_stick": _("one USB stick that can be written"),
    "sheet.put_in": _("put a USB stick in, wait five seconds, try again"),
    "sheet.several": _("with {count} USB sticks"),
    "sheet.leave_one": _("leave one USB stick in"),
    "sheet.not_written": _("not written to the USB stick: {why}"),
    "sheet.another_stick": _("try another USB stick"),
    # What guidelines recommend first.
    "guideline.exercise": _("Exercise"),
    "guideline.active": _("Education, staying active"),
    "guideline.relaxing": _("Yoga, relaxation"),
    "guideline.cbt": _("Cognitive behavioural therapy"),
    "guideline.manual": _("Manual therapy"),
    "guideline.reassurance": _("Reassurance"),
    "guideline.self_care": _("Self-care"),
    "guideline.heat": _("Heat on the skin"),
    "guideline.yoga": _("Yoga"),
    "guideline.biofeedback": _("Biofeedback"),
    "guideline.progressive_relaxation": _("Progressive relaxation"),
    "guideline.massage": _("Massage"),
    "guideline.manipulation": _("Spinal manipulation, with pain from a nerve root"),
    "guideline.acupuncture": _("Acupuncture"),
    "guideline.interdisciplinary": _("Interdisciplinary rehabilitation"),
    "guideline.medicines": _("Medicines: ask a doctor"),
    # What they advise against.
    "advised_against.collar": _("Neck collar"),
    "advised_against.traction": _("Traction"),
    "advised_against.botulinum_toxin": _("Injection of botulinum toxin"),
    "advised_against.corticosteroids": _("Systemic corticosteroids"),
    "advised_against.benzodiazepines": _("Benzodiazepines"),
    "advised_against.short_wave": _("Short-wave diathermy"),
    "advised_against.tens": _("TENS"),
    "advised_against.ems": _("Electrical stimulation of muscle (EMS)"),
}
