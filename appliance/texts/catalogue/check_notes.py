"""Notes of the snapshot: what self-test and contact check found."""

from appliance.texts.catalogue.mark import translatable as _

NOTES = {
    "note.latch_stays_clear": _("the fault latch stays clear without a heartbeat"),
    "note.supply_good_high": _("SUPPLY_GOOD is high with the supply off"),
    "note.supply_down": _("the supply does not come up"),
    "note.error": _("{code} {message}"),
    "note.dac_at_zero": _("DAC {channel} reads {code} at code 0 (allowed {allowed})"),
    "note.dac_not_read_back": _("DAC {channel} was not read back at {proof}"),
    "note.proof.zero": _("zero"),
    "note.proof.test_code": _("the test code"),
    "note.proof.zero_again": _("zero again"),
    "note.reference": _("the reference reads {seen:mV}, not {expected:mV}"),
    "note.strobes": _("saw {seen} of {planned} LDAC strobes"),
    "note.wave_clock": _("waves take {ratio:times} times their planned time (allowed ±{allowed})"),
    "note.gates": _("gates answered {edges} instead of one pulse each in turn"),
    "note.no_edge": _("with no edge"),
    "note.gate_width": _("{line}: width off by {error:µs} (allowed {allowed:number})"),
    "note.contact": _("channel {channel}: contact {contact}"),
    "note.like_test_load": _("channel {channel} measures {ohm}, like a test load"),
    "note.contact_ohm": _("channel {channel}: contact {contact} ({ohm})"),
}
