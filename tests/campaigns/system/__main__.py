"""`python -m tests.campaigns.system [RELEASE]`: install into a bare system, boot it, judge it.

Needs root, debootstrap, systemd-nspawn and an index of packages. Simulated are the board, and the
display: a compositor without one. It says so, and never passes by leaving a check out.
"""

import argparse
import sys
import time
from pathlib import Path

from tests.campaigns.system.checks import CHECKS
from tests.campaigns.system.container import Container, Impossible, require_privileges
from tests.campaigns.system.root import install, make_root, put

WITHOUT_DISPLAY = """\
# The container has no display, no console and no session: a compositor draws into memory.
[Service]
ExecStart=
ExecStart=/usr/bin/env XDG_RUNTIME_DIR=/run/stimkiosk-kiosk WLR_BACKENDS=headless \
WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman SDL_VIDEODRIVER=offscreen /usr/bin/cage -d -- \
/opt/stimkiosk/current/venv/bin/stimkiosk kiosk --size ${STIMKIOSK_SIZE} --theme ${STIMKIOSK_THEME}
PAMName=
TTYPath=
TTYReset=no
TTYVHangup=no
TTYVTDisallocate=no
StandardInput=null
UtmpIdentifier=
"""


def main() -> int:
    """Run every check; return 1 if one failed, 2 where none could be run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", nargs="?", default="bookworm", choices=["bookworm", "trixie"])
    release = parser.parse_args().release
    began_s = time.monotonic()
    try:
        root = _installed(release)
    except Impossible as error:
        print(f"system-test: {error}", file=sys.stderr)
        return 2
    print(f"{release}: installed in {time.monotonic() - began_s:.0f} s", flush=True)
    put(root, "etc/systemd/system/stimkiosk-kiosk.service.d/test.conf", WITHOUT_DISPLAY)
    return _judge(Container(root))


def _installed(release: str) -> Path:
    require_privileges()
    root = make_root(release)
    code, said = install(root, "--virtual-board")
    if code:
        raise Impossible(f"the installer failed: {said.strip().splitlines()[-1]}")
    return root


def _judge(unit: Container) -> int:
    failed = 0
    try:
        unit.boot()
        print(unit.out("systemd-analyze").splitlines()[0], flush=True)
        for check in CHECKS:
            began_s = time.monotonic()
            problem = ""
            try:
                check(unit)
            except AssertionError as error:
                problem = f": {error}"
                failed += 1
            name = check.__name__.replace("_", " ")
            word = "FAILED" if problem else "ok"
            print(f"{word:6} {name} ({time.monotonic() - began_s:.0f} s){problem}", flush=True)
    finally:
        unit.stop()
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
