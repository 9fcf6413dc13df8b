#!/bin/sh
# Installs what is missing, builds a release and shows the main job on the bundled sample messages.
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh
install_packages $BUILD_PACKAGES
echo "Building ..."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { cmake --preset release && cmake --build --preset release --target cordon; } >"$log" 2>&1; then
    cat "$log" >&2
    exit 3
fi
build/release/cordon demo --messages samples/messages.jsonl "$@"
