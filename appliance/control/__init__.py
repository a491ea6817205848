"""What the engine does each tick: stream, contact check, timing proof, cut."""
