"""Recordings drawn: pictures, and plots in plain characters."""
