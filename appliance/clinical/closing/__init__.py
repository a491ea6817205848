"""The end of a session: what has to be done and asked before it is closed."""
