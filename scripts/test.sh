#!/bin/sh
# Installs what is missing, builds with warnings as errors and runs every test, once more under AddressSanitizer and
# UndefinedBehaviorSanitizer, and then guards what the optimised build costs.
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh
install_packages $BUILD_PACKAGES $TEST_PACKAGES
for preset in dev asan release; do
    cmake --preset "$preset" >/dev/null
    cmake --build --preset "$preset"
    ctest --preset "$preset"
done
