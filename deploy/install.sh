#!/usr/bin/env bash
# Turn a stock 64-bit Raspberry Pi OS Lite into a stimkiosk unit. It may be run again at any time: what
# is as it should be stays untouched. docs/deploy.md explains it step by step.
#
#   sudo deploy/install.sh             install, or put back what differs
#   sudo deploy/install.sh --check     tell what differs and change nothing (1 if anything does)
#   sudo deploy/install.sh --uninstall take everything away but the records, users and packages
#
#   --wheelhouse DIR       Python packages from this folder, without a network
#   --pigpio-source FILE   source of pigpio v79 (.tar.gz), where the release has no package pigpiod
#   --data-device DEVICE   partition for the records: /dev/..., PARTUUID=... or LABEL=...
#   --display SIZE         800x480 (default), 1280x720 or 720x1280
#   --theme NAME           dark (default) or light
#   --board FILE           board file: a path, or a built-in name (default: reference)
#   --maintenance-key FILE public SSH keys of the engineers, one a line
#   --virtual-board        a virtual board in place of the real one, for a machine that is no Pi
#   --root DIR             install into the system in this folder, not into the one that runs
#   --only STEPS           only these steps, separated by commas
#
# shellcheck source-path=SCRIPTDIR
set -euo pipefail
shopt -s inherit_errexit

deploy=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source_folder=$(dirname "$deploy")
readonly deploy source_folder

mode=install root='' wheelhouse='' pigpio_source='' maintenance_key='' differ=() steps=()
# Kept in the unit, so that a later run without options means the same.
display=800x480 theme=dark board=reference data_device='' virtual_board=no
readonly kept_options=/etc/stimkiosk/install.conf
readonly every_step=(packages users application pigpiod services udev boot data clock network)

# shellcheck source=install/lib.sh
source "$deploy/install/lib.sh"
# shellcheck source=install/machine.sh
source "$deploy/install/machine.sh"
# shellcheck source=install/packages.sh
source "$deploy/install/packages.sh"
# shellcheck source=install/users.sh
source "$deploy/install/users.sh"
# shellcheck source=install/application.sh
source "$deploy/install/application.sh"
# shellcheck source=install/pigpiod.sh
source "$deploy/install/pigpiod.sh"
# shellcheck source=install/services.sh
source "$deploy/install/services.sh"
# shellcheck source=install/udev.sh
source "$deploy/install/udev.sh"
# shellcheck source=install/boot.sh
source "$deploy/install/boot.sh"
# shellcheck source=install/data.sh
source "$deploy/install/data.sh"
# shellcheck source=install/clock.sh
source "$deploy/install/clock.sh"
# shellcheck source=install/network.sh
source "$deploy/install/network.sh"

usage() { sed -n '2,/^#$/d;/^# shellcheck/q;s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

wrong_use() {
    die_code=2
    die "$1; see --help"
}

need() { [[ -n ${2:-} ]] || wrong_use "$1 needs a value"; }

read_root() {
    local before=
    for word in "$@"; do
        if [[ $before == --root ]]; then root=$(realpath -e -- "$word") || wrong_use "no folder $word"; fi
        before=$word
    done
    [[ $root != / ]] || root=
}

read_kept() {
    local name value
    [[ -f $root$kept_options ]] || return 0
    while IFS='=' read -r name value; do
        case $name in
            display | theme | board | data_device | virtual_board) printf -v "$name" '%s' "$value" ;;
            *) ;;
        esac
    done <"$root$kept_options"
}

read_options() {
    while (($#)); do
        case $1 in
            --check) mode=check ;;
            --uninstall) mode=uninstall ;;
            --virtual-board) virtual_board=yes ;;
            --help)
                usage
                exit 0
                ;;
            --wheelhouse | --pigpio-source | --data-device | --display | --theme | --board | \
                --maintenance-key | --root | --only)
                need "$@"
                read_value "$1" "$2"
                shift
                ;;
            *) wrong_use "unknown option $1" ;;
        esac
        shift
    done
}

read_value() {
    case $1 in
        --wheelhouse) wheelhouse=$(realpath -e -- "$2") || wrong_use "no folder $2" ;;
        --pigpio-source) pigpio_source=$(realpath -e -- "$2") || wrong_use "no file $2" ;;
        --maintenance-key) maintenance_key=$(realpath -e -- "$2") || wrong_use "no file $2" ;;
        --data-device) data_device=$(matching "$2" '(/dev/[A-Za-z0-9/_-]+|(PARTUUID|UUID|LABEL)=[A-Za-z0-9-]+)') ;;
        --display) display=$(matching "$2" '800x480|1280x720|720x1280') ;;
        --theme) theme=$(matching "$2" 'dark|light') ;;
        --board) board=$(matching "$2" '[A-Za-z0-9/._-]+') ;;
        --only) IFS=',' read -ra steps <<<"$2" ;;
        *) ;;
    esac
}

# Only words that can stand in a unit or a settings file as they are.
matching() {
    [[ $1 =~ ^($2)$ ]] || wrong_use "$1 is not accepted here; write $2"
    printf '%s' "$1"
}

keep_options() {
    put "$kept_options" 644 <<OPTIONS
display=$display
theme=$theme
board=$board
data_device=$data_device
virtual_board=$virtual_board
OPTIONS
}

check_steps() {
    local step
    ((${#steps[@]})) || steps=("${every_step[@]}")
    for step in "${steps[@]}"; do
        [[ " ${every_step[*]} " == *" $step "* ]] || wrong_use "no step $step; there are ${every_step[*]}"
    done
}

run_steps() {
    local step
    if [[ $mode == uninstall ]]; then
        local reversed=()
        for step in "${steps[@]}"; do reversed=("$step" "${reversed[@]}"); done
        for step in "${reversed[@]}"; do "undo_$step"; done
        taken "$kept_options"
        rmdir "$root/etc/stimkiosk" "$root/opt/stimkiosk" 2>/dev/null || true
        return
    fi
    check_machine
    # First, so that after an interruption a run without options means what the first one meant.
    keep_options
    for step in "${steps[@]}"; do "step_$step"; done
}

report() {
    local line
    if ((${#differ[@]} == 0)); then
        say 'nothing differs'
        return
    fi
    for line in "${differ[@]}"; do printf '%s\n' "$line"; done
    case $mode in
        check) say "${#differ[@]} differ; run it without --check to put them right" && exit 1 ;;
        install) say "${#differ[@]} put right; restart the machine" ;;
        *) say "${#differ[@]} taken away; restart the machine" ;;
    esac
}

main() {
    read_root "$@"
    read_kept
    read_options "$@"
    check_steps
    owner=$EUID
    [[ -n $root || $EUID == 0 ]] || die 'run it as root: sudo deploy/install.sh'
    # Programs find settings of this run's user nowhere; files are for all to read.
    umask 022
    export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
    run_steps
    report
}

main "$@"
