"""How a command starts, connects to and ends an engine."""
