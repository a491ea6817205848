"""Client commands and queries: who may, what is refused, what is confirmed once kept."""
