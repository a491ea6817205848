"""The treatment: what may be delivered to whom, and the engine that delivers it."""
