#!/usr/bin/env bash
# Runs the soak under the thread sanitizer, and fails where it finds a data race:
#
#     scripts/thread_sanitizer.sh [MINUTES]     1 minute by default
set -euo pipefail
cd "$(dirname "$0")/.."
minutes="${1:-1}"
[[ "$minutes" =~ ^[0-9]+$ ]] || { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 64; }
scripts/setup.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
clang -O1 -Wall -Wextra -Werror -fPIC -shared -o "$work/visible_mutex.so" scripts/visible_mutex.c -ldl
sanitized=(-c release --sanitize=thread --scratch-path .build-thread-sanitizer)
swift build "${sanitized[@]}" --build-tests
MOE_SOAK_MINUTES="$minutes" LD_PRELOAD="$work/visible_mutex.so" TSAN_OPTIONS="log_path=$work/report" \
  swift test "${sanitized[@]}" --skip-build --no-parallel --filter SoakTests
if compgen -G "$work/report*" > /dev/null; then
  cat "$work"/report* >&2
  exit 1
fi
echo "thread sanitizer: no data race in $minutes minutes"
