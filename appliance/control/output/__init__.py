"""The rig as the engine drives and sees it: handle, slice stream, readings, cut."""
