#!/usr/bin/env bash
# Make .venv ready for use: by hash, from the committed locks, with plain pip.
#
#   deploy/setup-venv.sh           what `make demo` needs
#   deploy/setup-venv.sh --tests   the same, and the programs the tests compare us with
#
# A finished .venv carries a stamp with the digest of what it was made from; while that matches, a run
# costs well under a second and needs no network. A .venv without a stamp was interrupted and is made
# anew. Set PYTHON to choose the interpreter.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

stamp=.venv/.stamp
sources=(requirements-build.lock requirements-dev.lock pyproject.toml deploy/setup-venv.sh)

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# The folder is part of the digest because the scripts of a virtual environment name it.
digest() { { cat "${sources[@]}"; pwd; } | sha256sum | cut -d ' ' -f 1; }

is_ready() { [[ -f $stamp && "$(<"$stamp")" == "$(digest)" ]] && .venv/bin/python -c '' 2>/dev/null; }

install_packages() {
    local as_root=()
    if [[ $EUID -ne 0 ]]; then as_root=(sudo -n); fi
    if ! command -v apt-get >/dev/null || ! "${as_root[@]}" true 2>/dev/null; then
        die "missing system packages; install them and run again: $*"
    fi
    say "installing system packages: $*"
    local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive
        apt-get install -y -qq --no-install-recommends "$@")
    # A fresh machine has no package lists, and old lists name files that are gone.
    "${install[@]}" </dev/null >/dev/null 2>&1 && return
    "${as_root[@]}" apt-get update -qq </dev/null >/dev/null 2>&1 || true
    "${install[@]}" </dev/null >&2 || die "could not install system packages: $*"
}

# 0 = usable; pyenv shims exist for versions they then refuse to run, so ask the program itself.
python_fits() {
    "$1" - <<'PYTHON' 2>/dev/null
import pathlib, sys, sysconfig
import ensurepip, venv
headers = pathlib.Path(sysconfig.get_path("include"), "Python.h")
sys.exit(not ((3, 11) <= sys.version_info < (3, 14) and headers.exists()))
PYTHON
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 /usr/bin/python3}; do
        if python_fits "$candidate"; then command -v "$candidate" && return; fi
    done
    return 1
}

# A compiler and headers are there because spidev is published as source only.
require_build_packages() {
    local missing=()
    find_python >/dev/null || missing+=(python3 python3-venv python3-dev)
    command -v gcc >/dev/null || missing+=(gcc libc6-dev)
    if ((${#missing[@]})); then install_packages "${missing[@]}"; fi
    find_python >/dev/null || die "no Python from 3.11 to 3.13 with venv and headers found"
}

# The packages of the test programs that are not there, one per line.
missing_test_packages() {
    local pair
    for pair in pigs:pigpio-tools sigrok-cli:sigrok-cli ngspice:ngspice; do
        command -v "${pair%%:*}" >/dev/null || printf '%s\n' "${pair##*:}"
    done
}

# pigpio left Debian with release 13, its C client too; the tests of it are then left out, and told.
pigs_is_gone() {
    command -v apt-cache >/dev/null || return 1
    # A fresh machine has no package lists, and without them every package looks gone.
    [[ -n $(apt-cache policy make) ]] || apt-get update -qq </dev/null >/dev/null 2>&1 || return 1
    [[ -n $(apt-cache policy make) && -z $(apt-cache policy pigpio-tools) ]]
}

# A test that cannot ask its independent judge must not pass, so a missing one ends the run here.
require_test_programs() {
    local missing
    mapfile -t missing < <(missing_test_packages)
    ((${#missing[@]})) || return 0
    if [[ ${missing[0]} == pigpio-tools ]] && pigs_is_gone; then
        say "this release has no pigpio-tools: the tests of the C client are left out"
        missing=("${missing[@]:1}")
        ((${#missing[@]})) || return 0
    fi
    install_packages "${missing[@]}"
    local package
    for package in $(missing_test_packages); do
        [[ " ${missing[*]} " != *" $package "* ]] || die "installed, but not on the path: $package"
    done
}

pip_install() {
    .venv/bin/python -m pip install --quiet --quiet --no-input --disable-pip-version-check \
        --no-build-isolation "$@" </dev/null
}

build() {
    require_build_packages
    local python
    python=$(find_python)
    if [[ ! -f $stamp ]] || ! .venv/bin/python -c '' 2>/dev/null; then rm -rf .venv; fi
    rm -f "$stamp"
    say "making .venv with $("$python" --version)"
    [[ -d .venv ]] || "$python" -m venv .venv
    pip_install --require-hashes -r requirements-build.lock
    pip_install --require-hashes -r requirements-dev.lock
    pip_install --no-deps --editable .
    digest >"$stamp.new"
    mv "$stamp.new" "$stamp"
    say "done"
}

main() {
    # Two runs at once wait for each other instead of writing into the same folder.
    exec 9<.
    flock 9
    if [[ ${1:-} == --tests ]]; then require_test_programs; fi
    is_ready || build
}

main "$@"
