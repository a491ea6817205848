"""Benchmarks of the product's time and size targets: `make bench` prints one table."""
