"""A treatment from the command line: request, autopilot, run, progress, summary."""
