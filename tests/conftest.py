"""Plugins and settings of every test run."""

import signal

pytest_plugins = (
    "tests.support.hazard_marks",
    "tests.support.real_time.plugin",
    "tests.support.run_notice",
    "pytester",
)

# A shell without job control starts `make test &` with Ctrl-C and Ctrl-\ ignored, `nohup` with
# SIGHUP ignored; the programs under test would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
for _inherited in (signal.SIGQUIT, signal.SIGHUP):
    signal.signal(_inherited, signal.SIG_DFL)
