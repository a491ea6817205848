# shellcheck shell=bash
# pigpiod: the release's own package where it has one, else built from the source of version 79. That
# source is named on the command line (--pigpio-source FILE); its files must be exactly those of the
# tag, which the hash of its tree says, however the archive was packed.

readonly pigpiod_folder=/opt/stimkiosk/pigpiod
# git rev-parse v79^{tree} in the repository joan2937/pigpio
readonly pigpio_tree=e1885b0107e05e15640365c39ca129ecac0df680
readonly pigpio_files=(pigpio.c command.c pigpiod.c pigpio.h command.h custom.cext)

step_pigpiod() {
    [[ $virtual_board == no ]] || return 0
    if [[ -x $root$pigpiod_folder/pigpiod ]]; then
        is_as_built && return
        differs "$pigpiod_folder/pigpiod (not the file that was installed)"
    else
        differs "$pigpiod_folder/pigpiod"
    fi
    [[ $mode == install ]] || return 0
    if [[ -z $pigpio_source ]] && package_offers_pigpiod; then take_package; else build_pigpiod; fi
    mkdir -p "$root$pigpiod_folder"
    pigpiod_digest >"$root$pigpiod_folder/installed"
}

pigpiod_digest() { sha256sum <"$root$pigpiod_folder/pigpiod" | cut -d ' ' -f 1; }

is_as_built() {
    [[ -f $root$pigpiod_folder/installed && $(<"$root$pigpiod_folder/installed") == "$(pigpiod_digest)" ]]
}

package_offers_pigpiod() {
    local candidate
    is_installed pigpiod && return
    candidate=$(in_root env LC_ALL=C apt-cache policy pigpiod 2>/dev/null | sed -n 's/^ *Candidate: //p')
    [[ -n $candidate && $candidate != '(none)' ]]
}

take_package() {
    logged in_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends pigpiod
    # The package's own unit listens on more than the engine's network.
    masked pigpiod.service
    mkdir -p "$root$pigpiod_folder"
    install -m 755 "$root/usr/bin/pigpiod" "$root$pigpiod_folder/pigpiod"
}

build_pigpiod() {
    [[ -n $pigpio_source ]] || die "this release has no package pigpiod: get the source of pigpio, tag v79, from its repository joan2937/pigpio as a .tar.gz, and give it with --pigpio-source FILE"
    # Not local: it is cleared away at the end of the program, whatever ends it.
    work=$(mktemp -d "$root/tmp/stimkiosk-pigpio.XXXXXX")
    trap 'rm -rf "${work:?}"' EXIT
    unpack "$pigpio_source" "$work/source"
    [[ $(tree_hash "$work/source") == "$pigpio_tree" ]] ||
        die "$pigpio_source is not the source of pigpio v79: its tree has another hash; get the tag v79 unchanged"
    say 'building pigpiod from its source'
    logged in_root sh -c "cd '${work#"$root"}/source' && gcc -O3 -pthread -o pigpiod ${pigpio_files[*]:0:3} -lrt"
    mkdir -p "$root$pigpiod_folder"
    install -m 755 "$work/source/pigpiod" "$root$pigpiod_folder/pigpiod"
}

# Unpacks a tar archive; one folder that holds everything is left out of the paths.
unpack() {
    local archive=$1 target=$2 inner
    mkdir -p "$target.all"
    logged tar -xf "$archive" --no-same-owner -C "$target.all"
    inner=("$target.all"/*)
    if [[ ${#inner[@]} == 1 && -d ${inner[0]} ]]; then
        mv "${inner[0]}" "$target"
    else
        mv "$target.all" "$target"
    fi
}

# The hash of a folder as git computes it, without git and without running anything that lies in it.
tree_hash() { python3 -I -S "$deploy/pigpiod/tree_hash.py" "$1"; }

undo_pigpiod() { taken "$pigpiod_folder" /etc/systemd/system/pigpiod.service; }
