"""What every test run needs."""

import signal

pytest_plugins = ("tests.hazard_marks", "tests.real_time.plugin", "tests.told_first", "pytester")

# A shell without job control starts `make test &` with Ctrl-C ignored, and programs under test
# would ignore it with us.
signal.signal(signal.SIGINT, signal.default_int_handler)
