#!/bin/sh
# Runs every test on an instrumented build and prints the line coverage of filter/ and rules/.
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh
install_packages $BUILD_PACKAGES $TEST_PACKAGES gcovr
cmake --preset coverage >/dev/null
cmake --build --preset coverage
ctest --preset coverage
gcovr --root . --filter 'filter/' --filter 'rules/' --print-summary build/coverage
