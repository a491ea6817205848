"""The tests of the appliance."""
