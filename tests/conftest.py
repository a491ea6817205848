"""What every test run needs."""

import signal

pytest_plugins = ("tests.hazard_marks", "tests.real_time.plugin", "tests.told_first", "pytester")

# A shell without job control starts `make test &` with Ctrl-C and Ctrl-\ ignored, `nohup` with
# SIGHUP; programs under test would ignore them with us.
signal.signal(signal.SIGINT, signal.default_int_handler)
for _inherited in (signal.SIGQUIT, signal.SIGHUP):
    signal.signal(_inherited, signal.SIG_DFL)
