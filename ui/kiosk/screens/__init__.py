"""Screens: each arranges parts from its view; nothing is decided here."""
