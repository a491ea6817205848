"""Plugins and settings of every test run."""

import signal

from hypothesis import HealthCheck, settings

pytest_plugins = (
    "tests.support.hazard_marks",
    "tests.support.real_time.plugin",
    "tests.support.run_notice",
    "pytester",
)

# No time limit judges a test: a slow machine draws and runs examples slowly. The mutation campaign
# has loaded a profile of its own by now.
if settings.get_current_profile_name() != "mutation":
    settings.register_profile(
        "any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("any-machine")

# A shell without job control starts `make test &` with Ctrl-C and Ctrl-\ ignored, `nohup` with
# SIGHUP ignored; the programs under test would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
for _inherited in (signal.SIGQUIT, signal.SIGHUP):
    signal.signal(_inherited, signal.SIG_DFL)
