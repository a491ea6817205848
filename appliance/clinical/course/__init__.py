"""Courses: how many sessions of one goal on one region, and what is decided at their end."""
