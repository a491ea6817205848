"""Mutation testing: each small mistake in the code of the safety chain must make a test fail."""
