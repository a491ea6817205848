# shellcheck shell=bash
# The application: its source and its virtual environment in one slot, to which /opt/stimkiosk/current
# leads. Python packages come from the lock with hashes: from the index this machine uses, or with
# --wheelhouse from a folder of files, without a network.

readonly slot=/opt/stimkiosk/slot-a
readonly source_parts=(appliance drivers ui deploy pyproject.toml README.md LICENSE
    requirements.lock requirements-build.lock)

# One digest for all that is installed: names and contents, without what Python writes itself.
source_digest() {
    (cd "$1" && find "${source_parts[@]}" -type f ! -name '*.pyc' ! -path '*.egg-info/*' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum) 2>/dev/null | sha256sum | cut -d ' ' -f 1
}

# What Python imports must be what was installed, byte for byte.
imported_digest() {
    (cd "$1" && find appliance drivers ui -type f -name '*.py' -print0 | LC_ALL=C sort -z |
        xargs -0 sha256sum) 2>/dev/null | sha256sum | cut -d ' ' -f 1
}

is_current() {
    local venv=$root$slot/venv packages
    packages=$(find "$venv/lib" -maxdepth 2 -name site-packages 2>/dev/null | head -n 1)
    [[ -n $packages && -x $venv/bin/stimkiosk && -f $root$slot/installed ]] || return 1
    [[ $(<"$root$slot/installed") == "$(source_digest "$source_folder")" ]] || return 1
    [[ $(source_digest "$root$slot/source") == "$(source_digest "$source_folder")" ]] || return 1
    [[ $(imported_digest "$packages") == "$(imported_digest "$source_folder")" ]]
}

pip_here() {
    local options=(--no-input --disable-pip-version-check --no-build-isolation)
    if [[ -z $wheelhouse ]]; then
        logged in_root "$slot/venv/bin/python" -m pip install "${options[@]}" "$@"
        return
    fi
    logged in_root env PIP_NO_INDEX=1 PIP_FIND_LINKS="$slot/wheelhouse" \
        "$slot/venv/bin/python" -m pip install "${options[@]}" "$@"
}

copy_source() {
    local part
    rm -rf "${root:?}$slot/source"
    mkdir -p "$root$slot/source"
    for part in "${source_parts[@]}"; do cp -r "$source_folder/$part" "$root$slot/source/"; done
    find "$root$slot/source" -name __pycache__ -prune -exec rm -rf {} +
    chmod -R u=rwX,go=rX "$root$slot/source"
}

step_application() {
    if ! is_current; then
        differs "$slot"
        if [[ $mode == install ]]; then build_application; fi
    fi
    put_link slot-a /opt/stimkiosk/current
    put_link /opt/stimkiosk/current/venv/bin/stimkiosk /usr/local/bin/stimkiosk
}

build_application() {
    say "installing the application into $slot; takes some minutes on a Raspberry Pi"
    rm -f "$root$slot/installed"
    [[ $source_folder -ef $root$slot/source ]] || copy_source
    if [[ -n $wheelhouse ]]; then
        rm -rf "${root:?}$slot/wheelhouse"
        cp -r "$wheelhouse" "$root$slot/wheelhouse"
    fi
    logged in_root python3 -m venv --clear "$slot/venv"
    pip_here --require-hashes -r "$slot/source/requirements-build.lock"
    pip_here --require-hashes -r "$slot/source/requirements.lock"
    pip_here --no-deps "$slot/source"
    rm -rf "${root:?}$slot/wheelhouse" "$root$slot/source/build" "$root$slot/source/"*.egg-info
    chmod -R go-w "$root$slot"
    source_digest "$root$slot/source" >"$root$slot/installed"
}

undo_application() { taken /usr/local/bin/stimkiosk /opt/stimkiosk/current "$slot"; }
