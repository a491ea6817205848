"""Patients: their ids, what is known of each, and what is missing before a treatment."""
