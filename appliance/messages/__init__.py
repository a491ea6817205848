"""What crosses the link. A leaf: it imports nothing of ours."""
