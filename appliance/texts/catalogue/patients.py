"""Texts about who a patient is: ids, aliases, years of birth, notes."""

from appliance.texts.catalogue.mark import translatable as _

PATIENTS = {
    "refusal.alias": _("alias"),
    "refusal.note": _("note"),
    "refusal.registration": _("registration"),
    "refusal.similar_patient": _("similar patient"),
    "refusal.year_of_birth": _("year of birth"),
    # Ids.
    "patient_id.allowed": _("an id of the records, or one with its check digit, as {example}"),
    "patient_id.register": _("look for the patient, or register"),
    "patient_id.meant": _("{patient}, if that was meant"),
    "patient_id.unknown": _("an id that the records do not have"),
    "patient_id.of_records": _("no id, or a pseudonym that the records have from before"),
    "patient_id.without": _("leave the id out: the unit makes it"),
    # Aliases.
    "alias.asked": _("a text of {count} characters"),
    "alias.without_digit": _("a text without a digit"),
    "alias.allowed": _("{least} to {most} letters and digits, at least one digit, no spaces"),
    "alias.nearest": _("letters and a number, or no alias; never a name"),
    # The year of birth.
    "born.year": _("born {year}"),
    "born.adult": _("an adult of {years} years or more"),
    "born.eighteen": _("born {year}, 18 this year"),
    "born.ask_birthday": _("say that the 18th birthday has been"),
    # A person registered before.
    "similar_patient.found": _("{count} who may be the same person: {patients}"),
    "similar_patient.allowed": _("one patient for one person"),
    "similar_patient.ask": _("take one of them, or say that it is somebody else"),
    "registration.who_is_who": _(
        "Write id and name into the clinic's own file; no name is kept on this unit."
    ),
    "registration.none": _("{patient}, without a registration"),
    "registration.allowed": _("a registered adult"),
    "registration.nearest": _("register: the year of birth"),
    "registration.twice": _("{patient}, a second time"),
    "registration.once": _("one registration"),
    "registration.change_alias": _("change the alias"),
    # Facts of a demonstration.
    "refusal.simulated": _("simulated fact"),
    "simulated.asked": _("on hardware"),
    "simulated.allowed": _("on a virtual rig"),
    "simulated.nearest": _("ask the patient"),
    # Before a start.
    "refusal.before_start": _("before the start"),
    "before_start.chosen": _("pads chosen and placed"),
    "before_start.prescribe_again": _("prescribe again"),
    "before_start.file": _("a patient whose file is not known"),
    "before_start.placement": _("choose a placement"),
    "before_start.placement_here": _("choose a placement of this region and side"),
    "before_start.pads": _("choose a labelled set of pads"),
    # Notes.
    "note.asked": _("a text of {count} characters"),
    "note.allowed": _("one readable line of at most {most} characters"),
    "note.nearest": _("write a shorter, readable line"),
    "note.looks_like_mail": _("what looks like a mail address"),
    "note.looks_like_phone": _("what looks like a phone number"),
    "note.looks_like_name": _("what looks like a name"),
    "note.impersonal": _("nothing that says who the patient is"),
    "note.ask": _("change it, or say that it is not personal"),
}
