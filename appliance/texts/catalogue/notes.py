"""Notes of the snapshot: what self-test and contact check found."""

from collections.abc import Mapping

NOTES: Mapping[str, str] = {}
