"""Incident files: the last minute before a stop, sealed and signed."""
