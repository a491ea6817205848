"""Rigs put together: hardware or virtual board, opened in order, closed in reverse."""
