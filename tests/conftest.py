"""Plugins and settings of every test run."""

import signal

from hypothesis import HealthCheck, settings

pytest_plugins = (
    "tests.support.hazard_marks",
    "tests.support.real_time.plugin",
    "tests.support.run_notice",
    "pytester",
)

# No time limit judges a test: a slow machine draws and runs examples slowly. The same code gets the
# same examples in every run; `--hypothesis-profile=explore` looks for new ones. The mutation
# campaign has loaded a profile of its own by now.
_any_machine = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("any-machine", _any_machine, derandomize=True, database=None)
settings.register_profile("explore", _any_machine, max_examples=2_000)
if settings.get_current_profile_name() != "mutation":
    settings.load_profile("any-machine")

# A shell without job control starts `make test &` with Ctrl-C and Ctrl-\ ignored, `nohup` with
# SIGHUP ignored; the programs under test would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
for _inherited in (signal.SIGQUIT, signal.SIGHUP):
    signal.signal(_inherited, signal.SIG_DFL)
