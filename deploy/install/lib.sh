# shellcheck shell=bash
# What every step of the installer uses. A step says what should be: `put`, `put_link` and `enabled`
# make it so in a run that installs, and only compare in a run with --check.
#
#   mode      install | check | uninstall
#   root      prefix of every path, "" for this system
#   differ    what was changed, or what differs, one line each

say() { printf 'install: %s\n' "$*" >&2; }
die() { say "$*"; exit "${die_code:-1}"; }

differs() { differ+=("$1"); }

# Runs a program in the system that is installed to.
in_root() {
    if [[ -z $root ]]; then "$@"; else chroot "$root" "$@"; fi
}

# Runs a step's program with its output in a log, and ends with its last lines if it fails.
logged() {
    local log
    log=$(mktemp)
    if ! "$@" </dev/null >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        rm -f "$log"
        die "this failed: $*"
    fi
    rm -f "$log"
}

# put PATH MODE: the file's content is standard input, never a pipe: what differs is noted in this
# shell. Written to a new file and renamed: a power cut
# leaves the old or the new one.
put() {
    local path=$1 wanted=$2 new
    new=$(mktemp)
    cat >"$new"
    place "$new" "$path" "$wanted"
    rm -f "$new"
}

# place SOURCE PATH MODE: the same with a file's content.
place() {
    local source=$1 path=$root$2 wanted=$3
    if [[ -f $path && ! -L $path ]] && cmp -s "$source" "$path" &&
        [[ $(stat -c %a "$path") == "$wanted" && $(stat -c %u "$path") == "$owner" ]]; then
        return
    fi
    differs "$2"
    [[ $mode == install ]] || return 0
    mkdir -p "$(dirname "$path")"
    install -m "$wanted" "$source" "$path.stimkiosk-new"
    mv -fT "$path.stimkiosk-new" "$path"
}

put_link() {
    local target=$1 path=$root$2
    if [[ -L $path && $(readlink "$path") == "$target" ]]; then return; fi
    differs "$2"
    [[ $mode == install ]] || return 0
    mkdir -p "$(dirname "$path")"
    ln -sfnT "$target" "$path"
}

put_folder() {
    local path=$root$1 wanted=$2
    if [[ -d $path && $(stat -c %a "$path") == "$wanted" ]]; then return; fi
    differs "$1"
    [[ $mode == install ]] || return 0
    mkdir -p "$path"
    chmod "$wanted" "$path"
}

# The file must not be there.
absent() {
    local path=$root$1
    if [[ ! -e $path && ! -L $path ]]; then return; fi
    differs "$1 (should not be there)"
    [[ $mode == install ]] || return 0
    rm -f "$path"
}

# Takes away what an installation has put there; only in a run with --uninstall.
taken() {
    local path
    for path in "$@"; do
        if [[ -e $root$path || -L $root$path ]]; then
            differs "$path"
            rm -rf "${root:?}$path"
        fi
    done
}

unit_is() { systemctl --root="${root:-/}" is-enabled "$1" 2>/dev/null || true; }

enabled() {
    local unit
    for unit in "$@"; do
        [[ $(unit_is "$unit") != enabled ]] || continue
        differs "$unit (not enabled)"
        [[ $mode != install ]] || logged systemctl --root="${root:-/}" enable "$unit"
    done
}

disabled() {
    local unit
    for unit in "$@"; do
        [[ $(unit_is "$unit") == enabled ]] || continue
        differs "$unit (enabled)"
        [[ $mode == check ]] || logged systemctl --root="${root:-/}" disable "$unit"
    done
}

masked() {
    local unit
    for unit in "$@"; do put_link /dev/null "/etc/systemd/system/$unit"; done
}
