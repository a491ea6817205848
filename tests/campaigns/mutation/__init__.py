"""Mutation testing: each small mistake in the code of the safety chain has to fail a test."""
