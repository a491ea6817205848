"""prescription."""
