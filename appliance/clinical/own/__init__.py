"""Own programmes: what a clinician makes of one of the catalogue, judged as a prescription is."""
