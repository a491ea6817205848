#!/usr/bin/env bash
# Update the three lock files from pyproject.toml. Only maintainers need this; it requires uv.
#
# The lock files contain hashes of every public file for every platform and no address of an index,
# so that plain pip installs from the index that a site uses. Set UV to the path of the program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

uv=${UV:-uv}

compile() {
    local lock=$1
    shift
    "$uv" --no-config pip compile --quiet --universal --generate-hashes --python-version 3.11 \
        --no-header --no-annotate --no-sources \
        ${UPGRADE:+--upgrade} --output-file "$lock" "$@"
}

compile requirements-build.lock --group pyproject.toml:build
compile requirements.lock pyproject.toml --extra hardware --constraint requirements-build.lock
compile requirements-dev.lock pyproject.toml --group pyproject.toml:dev --group pyproject.toml:build \
    --constraint requirements-build.lock --constraint requirements.lock
