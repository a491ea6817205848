"""Drills at a terminal: lead a person through, report the result."""
