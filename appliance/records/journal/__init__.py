"""The journal: events written in order, chained and committed by one thread."""
