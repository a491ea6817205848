"""What every test run needs."""

pytest_plugins = ("tests.hazard_marks", "tests.real_time.plugin", "tests.told_first", "pytester")
