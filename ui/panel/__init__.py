"""The side panel of the virtual board: for trying out, not part of the device."""
