#!/usr/bin/env bash
# Fuzzes what reads strangers' bytes, guided by coverage and under the address sanitizer.
#
#     scripts/fuzz.sh [SECONDS] [TARGET…]     by default 60 seconds of each target: decoder messages handshake tls
#
# Starts from Fuzzing/corpus. What is found lands in Fuzzing/.build: new inputs in found/TARGET, inputs that break something
# in crashes/. MOE_FUZZ_MINIMISE=1 then renews the corpus: the smallest set of inputs that covers the same code.
set -euo pipefail
cd "$(dirname "$0")/../Fuzzing"

seconds="${1:-60}"
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(decoder messages handshake tls)

# The linker would take unreferenced sections for dead, the counters of coverage among them.
swift build -c release --sanitize=fuzzer --sanitize=address --disable-dead-strip
fuzzer=.build/release/moe-fuzz
../deploy/make-certs.sh --dir .build/certificates --experts 1 >/dev/null
export MOE_FUZZ_CERTIFICATES=.build/certificates ASAN_OPTIONS=quarantine_size_mb=16 SWIFT_BACKTRACE=enable=no
# A message's frame may have 16 MiB; a single allocation beyond twice that is one too many. What Swift's runtime keeps for
# good is no leak.
limits=(-rss_limit_mb=1024 -malloc_limit_mb=32 -timeout=60 -detect_leaks=0 -max_len=4096 -artifact_prefix=.build/crashes/)

mkdir -p .build/crashes
for target in "${targets[@]}"; do
  export MOE_FUZZ_TARGET="$target"
  mkdir -p ".build/found/$target"
  echo "fuzz: $target for $seconds s"
  status=0
  "$fuzzer" -max_total_time="$seconds" -print_final_stats=1 "${limits[@]}" ".build/found/$target" "corpus/$target" \
    >".build/$target.log" 2>&1 || status=$?
  grep -E "^(==|SUMMARY|stat::|fuzz|.*ERROR|.*DONE|.*Fatal)" ".build/$target.log" || true
  if [ "$status" -ne 0 ]; then
    echo "fuzz: $target has failed; see Fuzzing/.build/$target.log and Fuzzing/.build/crashes" >&2
    exit 1
  fi
  if [ "${MOE_FUZZ_MINIMISE:-}" = 1 ]; then
    rm -rf .build/smaller && mkdir .build/smaller
    "$fuzzer" -merge=1 "${limits[@]}" -max_len=512 .build/smaller "corpus/$target" ".build/found/$target" 2>/dev/null
    rm -rf "corpus/$target" && mv .build/smaller "corpus/$target"
  fi
done
