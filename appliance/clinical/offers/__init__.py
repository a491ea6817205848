"""Which goal is offered on which region, and why not where it is not."""
