"""Screening: what is asked before a treatment, and what each answer means."""
