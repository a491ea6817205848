"""The command line, for maintenance over SSH and for work on a laptop."""
