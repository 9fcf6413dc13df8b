#!/bin/sh
# Installs what is missing, builds a release from nothing, measures every goal, and writes where it stands into
# docs/benchmarks.md, docs/benchmarks.svg and README.md. Takes some ten minutes; leave the machine alone meanwhile.
#
#   sh scripts/benchmark.sh [OPTIONS OF cordon-bench]
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh
install_packages $BUILD_PACKAGES $BENCHMARK_PACKAGES
cmake --preset release --fresh >/dev/null
cmake --build --preset release --clean-first
build/release/cordon-bench goals --write . "$@"
