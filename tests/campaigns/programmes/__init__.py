"""The proof of the catalogue: every programme is played, and its recording measured."""
