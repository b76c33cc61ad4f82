#!/usr/bin/env bash
# Runs base station, experts and clients with a random fault every few seconds, and fails where a request fails, an answer is
# wrong, or descriptors or memory grow:
#
#     scripts/soak.sh [MINUTES] [SEED] [RATE]
#
# 60 minutes by default. The seed keys which faults come. RATE is what all callers together ask for, requests a second; without
# it each asks again as soon as it is answered.
set -euo pipefail
cd "$(dirname "$0")/.."
minutes="${1:-60}"
[[ "$minutes" =~ ^[0-9]+$ && "${3:-1}" =~ ^[1-9][0-9]*$ ]] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 64; }
export MOE_SOAK_MINUTES="$minutes" MOE_SOAK_SEED="${2:-1}"
if [ $# -ge 3 ]; then export MOE_SOAK_RATE="$3"; fi
swift build -c release --build-tests
swift test -c release --skip-build --no-parallel --filter SoakTests
