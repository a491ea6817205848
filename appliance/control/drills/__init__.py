"""The engine's side of a drill: show it the device, do what it asks for, keep its result."""
