"""Rules at the bedside: what has to be known and true before a person gets current."""
