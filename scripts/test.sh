#!/usr/bin/env bash
# Installs what is missing and runs every check and test, with the C libraries and without them.
#
#     scripts/test.sh            everything
#     scripts/test.sh --quick    without the second build
#
# MOE_DATA names a folder with cifar-10-batches-bin and cifar-100-binary (https://www.cs.toronto.edu/~kriz/cifar.html): the
# tests that need the real images, those of the shipped models' accuracy among them, run only with it.
# MOE_SOAK_MINUTES (1 by default) is how long faults at random are done to a running system.
# MOE_FUZZ_ROUNDS replaces the million of arbitrary inputs that each parser of the radio gets.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh

echo "test: format"
swift format lint --strict --recursive Package.swift Sources Tests \
  Benchmarks/Package.swift Benchmarks/Sources Fuzzing/Package.swift Fuzzing/driver

if [ -z "${MOE_DATA:-}" ]; then
  echo "test: MOE_DATA is not set: the tests that need CIFAR-10 and CIFAR-100 are skipped"
fi

# One test at a time: some wait for real timers and sockets, and beside simulations on every core they would wait long.
echo "test: build and test with the C libraries that are there"
swift build -c release --build-tests
swift test -c release --skip-build --no-parallel

if [ "${1:-}" != --quick ]; then
  echo "test: build and test with the toolchain and libssl-dev alone"
  without=(--scratch-path .build-minimal -Xcc -DMOE_WITHOUT_ONEDNN -Xcc -DMOE_WITHOUT_CODECS)
  swift build -c release --build-tests "${without[@]}"
  swift test -c release --skip-build --no-parallel "${without[@]}"
fi

echo "test: the benchmarks build"
swift build -c release --package-path Benchmarks
