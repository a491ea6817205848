"""A treatment from the terminal: the request, the run, its progress, its summary."""
