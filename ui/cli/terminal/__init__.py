"""Input and output of the terminal: options, units, tables, errors, exit codes."""
