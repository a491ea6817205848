"""Exercises and advice to take home: the lists, what was given, what came of it."""
