"""Tests of the drivers, the appliance and its user interfaces, and the test campaigns."""
