"""What every test run needs."""

pytest_plugins = ("tests.hazard_marks", "pytester")
