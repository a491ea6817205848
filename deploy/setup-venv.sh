#!/usr/bin/env bash
# Create .venv with plain pip from the committed lock files, which contain hashes.
#
#   deploy/setup-venv.sh           what `make demo` needs
#   deploy/setup-venv.sh --tests   also the programs that the tests compare results with
#
# A complete .venv contains a stamp: the digest of the files it was made from. While that matches, a
# run takes well under a second and needs no network. A .venv without a stamp was interrupted and is
# created again. Set PYTHON to choose the interpreter.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

stamp=.venv/.stamp
sources=(requirements-build.lock requirements-dev.lock pyproject.toml deploy/setup-venv.sh)

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Runs a command with its output in a log file, so that an error can be reported in one line.
step() {
    local log=$1
    shift
    "$@" </dev/null >"$log" 2>&1
}

# Messages of pip and apt when there is no network.
no_network='NewConnectionError|NameResolutionError|Could not resolve|Temporary failure|'
no_network+='Network is unreachable|Connection refused|Connection timed out|ConnectTimeout|'
no_network+='ConnectionResetError|Unable to connect|Could not connect|Cannot initiate the connection'

# Ends with the reason of a failed step: no network, or the last error in its log.
give_up() {
    local log=$1 what=$2 why
    if grep -qE "$no_network" "$log"; then
        die "no network: $what; connect this machine to the internet and try again"
    fi
    why=$(grep -E '^(E|ERROR|error|Error): ' "$log" | tail -n 1)
    die "$what: ${why:-$(tail -n 1 "$log")}"
}

# The folder is part of the digest because the scripts in a virtual environment contain its path.
digest() { { cat "${sources[@]}"; pwd; } | sha256sum | cut -d ' ' -f 1; }

is_ready() { [[ -f $stamp && "$(<"$stamp")" == "$(digest)" ]] && .venv/bin/python -c '' 2>/dev/null; }

as_root() {
    if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

may_install() { command -v apt-get >/dev/null && as_root true 2>/dev/null; }

install_packages() {
    may_install || die "system packages are missing; install them and try again: $*"
    say "installing system packages: $*"
    local install=(as_root env DEBIAN_FRONTEND=noninteractive
        apt-get install -y -qq --no-install-recommends "$@")
    # A new machine has no package lists, and old lists name files that no longer exist.
    step "$log" "${install[@]}" && return
    step "$log.lists" as_root apt-get update || true
    step "$log" "${install[@]}" && return
    cat "$log.lists" >>"$log"
    give_up "$log" "could not install system packages: $*"
}

# Succeeds if the interpreter can be used. It is run, because a pyenv shim may exist for a version
# that is not installed.
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

# A compiler and headers are needed because spidev is published only as source.
missing_build_packages() {
    find_python >/dev/null || printf '%s\n' python3 python3-venv python3-dev
    command -v gcc >/dev/null || printf '%s\n' gcc libc6-dev
}

# The packages of the kiosk's graphics library and fonts that are missing, one per line.
missing_kiosk_packages() {
    local pair known fonts=/usr/share/fonts/truetype/noto
    known=$(PATH=$PATH:/sbin ldconfig -p 2>/dev/null || true)
    for pair in libGL.so.1:libgl1 libEGL.so.1:libegl1; do
        [[ $known == *"${pair%%:*} "* ]] || printf '%s\n' "${pair##*:}"
    done
    [[ -f $fonts/NotoSans-Bold.ttf ]] || printf '%s\n' fonts-noto-core
    [[ -f $fonts/NotoSansArabicUI-Bold.ttf ]] || printf '%s\n' fonts-noto-ui-core
}

# The packages of missing programs that the tests compare results with, touch a window with, or judge
# the installer and its units with, one per line.
missing_test_packages() {
    local pair
    for pair in pigs:pigpio-tools sigrok-cli:sigrok-cli ngspice:ngspice Xvfb:xvfb xdotool:xdotool \
        shellcheck:shellcheck systemd-analyze:systemd nft:nftables ssh-keygen:openssh-client; do
        PATH=$PATH:/usr/sbin command -v "${pair%%:*}" >/dev/null || printf '%s\n' "${pair##*:}"
    done
}

# The version apt would install. Without package lists apt knows only installed packages.
policy() { LC_ALL=C apt-cache policy "$1" 2>/dev/null; }
is_offered() { [[ $(policy "$1") == *'Candidate: '[!\(]* ]]; }
has_lists() { [[ $(policy make) == *' '[a-z]*:/* ]]; }

# Newer releases no longer contain pigpio. Only the package lists can tell that its C client is gone.
pigs_is_gone() {
    command -v apt-cache >/dev/null || return 1
    if ! has_lists && may_install; then step "$log.lists" as_root apt-get update || true; fi
    has_lists && ! is_offered pigpio-tools
}

# Without its packages the kiosk cannot open a window; everything else works all the same.
require_kiosk_packages() {
    local packages
    mapfile -t packages < <(missing_kiosk_packages)
    if ((${#packages[@]} == 0)); then return; fi
    if [[ $1 == --tests ]] || may_install; then
        missing+=("${packages[@]}")
    else
        say "the kiosk also needs these system packages: ${packages[*]}"
    fi
}

# Installs all missing system packages together. If one cannot be installed the run ends here: a test
# must not pass without the independent program that it compares results with.
require_packages() {
    local missing=() package
    if [[ $ready == no ]]; then mapfile -t missing < <(missing_build_packages); fi
    if [[ $ready == no || $1 == --tests ]]; then require_kiosk_packages "$1"; fi
    if [[ $1 == --tests ]]; then
        for package in $(missing_test_packages); do
            if [[ $package == pigpio-tools ]] && pigs_is_gone; then
                say "this release has no package pigpio-tools: tests of the C client are skipped"
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
        [[ " ${missing[*]} " != *" $package "* ]] || die "installed, but not in PATH: $package"
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
    say "creating .venv with $("$python" --version)"
    [[ -d .venv ]] || step "$log" "$python" -m venv .venv || give_up "$log" "could not create .venv"
    say "installing $(grep -c '==' requirements-dev.lock) Python packages; takes 1 to 2 minutes"
    pip_install --require-hashes -r requirements-build.lock
    pip_install --require-hashes -r requirements-dev.lock
    pip_install --no-deps --editable .
    digest >"$stamp.new"
    mv "$stamp.new" "$stamp"
    say "done"
}

main() {
    # Of two runs at the same time one waits, so that they do not write into the same folder.
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
