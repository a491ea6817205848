"""Skin: its grades before and after, sensation at the pads, and patch tests of pad materials."""
