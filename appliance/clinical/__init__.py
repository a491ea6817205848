"""The catalogue of programmes, and what a clinician decides about a patient, as facts. Pure."""
