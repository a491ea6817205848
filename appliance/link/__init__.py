"""The Unix socket between the engine and its clients."""
