"""Text in and out of a terminal: options, units, tables, errors, exit codes."""
