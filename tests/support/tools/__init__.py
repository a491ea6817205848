"""Small programs the checks run."""
