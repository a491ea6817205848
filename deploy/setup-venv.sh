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

# Runs a step and keeps what it prints to itself: one that fails says why in one line.
step() {
    local log=$1
    shift
    "$@" </dev/null >"$log" 2>&1
}

# How pip and apt say that they reached nobody.
no_network='NewConnectionError|NameResolutionError|Could not resolve|Temporary failure|'
no_network+='Network is unreachable|Connection refused|Connection timed out|ConnectTimeout|'
no_network+='ConnectionResetError|Unable to connect|Could not connect|Cannot initiate the connection'

# Ends with the reason that a failed step gave: no network, or the last error it printed.
give_up() {
    local log=$1 what=$2 why
    if grep -qE "$no_network" "$log"; then
        die "no network: $what; connect this machine to the internet and run again"
    fi
    why=$(grep -E '^(E|ERROR|error|Error): ' "$log" | tail -n 1)
    die "$what: ${why:-$(tail -n 1 "$log")}"
}

# The folder is part of the digest because the scripts of a virtual environment name it.
digest() { { cat "${sources[@]}"; pwd; } | sha256sum | cut -d ' ' -f 1; }

is_ready() { [[ -f $stamp && "$(<"$stamp")" == "$(digest)" ]] && .venv/bin/python -c '' 2>/dev/null; }

as_root() {
    if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

may_install() { command -v apt-get >/dev/null && as_root true 2>/dev/null; }

install_packages() {
    may_install || die "missing system packages; install them and run again: $*"
    say "installing system packages: $*"
    local install=(as_root env DEBIAN_FRONTEND=noninteractive
        apt-get install -y -qq --no-install-recommends "$@")
    # A fresh machine has no package lists, and old lists name files that are gone.
    step "$log" "${install[@]}" && return
    step "$log.lists" as_root apt-get update || true
    step "$log" "${install[@]}" && return
    cat "$log.lists" >>"$log"
    give_up "$log" "could not install system packages: $*"
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
missing_build_packages() {
    find_python >/dev/null || printf '%s\n' python3 python3-venv python3-dev
    command -v gcc >/dev/null || printf '%s\n' gcc libc6-dev
}

# The packages of the programs that tests compare us with and that are not there, one per line.
missing_test_packages() {
    local pair
    for pair in pigs:pigpio-tools sigrok-cli:sigrok-cli ngspice:ngspice; do
        command -v "${pair%%:*}" >/dev/null || printf '%s\n' "${pair##*:}"
    done
}

# What apt would install, as far as it has lists at all: without any it knows only what is there.
policy() { LC_ALL=C apt-cache policy "$1" 2>/dev/null; }
is_offered() { [[ $(policy "$1") == *'Candidate: '[!\(]* ]]; }
has_lists() { [[ $(policy make) == *' '[a-z]*:/* ]]; }

# pigpio is leaving the releases. Only package lists can say that one has no C client any more.
pigs_is_gone() {
    command -v apt-cache >/dev/null || return 1
    if ! has_lists && may_install; then step "$log.lists" as_root apt-get update || true; fi
    has_lists && ! is_offered pigpio-tools
}

# Every system package that is missing is named and installed at once. A test that cannot ask its
# independent judge must not pass, so one that cannot be had ends the run here.
require_packages() {
    local missing=() package
    if [[ $ready == no ]]; then mapfile -t missing < <(missing_build_packages); fi
    if [[ $1 == --tests ]]; then
        for package in $(missing_test_packages); do
            if [[ $package == pigpio-tools ]] && pigs_is_gone; then
                say "this release has no pigpio-tools: the tests of the C client are left out"
            else
                missing+=("$package")
            fi
        done
    fi
    ((${#missing[@]})) || return 0
    install_packages "${missing[@]}"
    [[ $ready == yes ]] || find_python >/dev/null ||
        die "no Python from 3.11 to 3.13 with venv and headers found"
    [[ $1 == --tests ]] || return 0
    for package in $(missing_test_packages); do
        [[ " ${missing[*]} " != *" $package "* ]] || die "installed, but not on the path: $package"
    done
}

pip_install() {
    step "$log" .venv/bin/python -m pip install --no-input --disable-pip-version-check --retries 2 \
        --no-build-isolation "$@" ||
        give_up "$log" "could not install Python packages"
}

build() {
    local python
    python=$(find_python)
    if [[ ! -f $stamp ]] || ! .venv/bin/python -c '' 2>/dev/null; then rm -rf .venv; fi
    rm -f "$stamp"
    say "making .venv with $("$python" --version)"
    [[ -d .venv ]] || step "$log" "$python" -m venv .venv || give_up "$log" "could not make .venv"
    say "installing $(grep -c '==' requirements-dev.lock) Python packages, a minute or two"
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
    ready=no
    if is_ready; then ready=yes; fi
    if [[ $ready == yes && ${1:-} != --tests ]]; then return; fi
    logs=$(mktemp -d)
    trap 'rm -rf "$logs"' EXIT
    log=$logs/step
    require_packages "${1:-}"
    if [[ $ready == no ]]; then build; fi
}

main "$@"
