"""The engine as a command meets it: start one, attach to one, end it."""
