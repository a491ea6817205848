"""Drawings of a recording: pictures, and plots of plain characters."""
