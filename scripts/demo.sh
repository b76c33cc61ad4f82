#!/usr/bin/env bash
# Installs what is missing, builds, starts eight experts and a base station on loopback, classifies the sample pictures,
# and stops everything.
#
#     scripts/demo.sh [PICTURE-OR-FOLDER...]
set -euo pipefail
here="$(cd "$(dirname "$0")/.." && pwd)"
pictures=()
for picture in "$@"; do
  pictures+=("$(realpath "$picture")")
done
if [ ${#pictures[@]} -eq 0 ]; then
  pictures=("$here/scripts/samples")
fi
cd "$here"

scripts/setup.sh
echo "demo: building (the first time takes a few minutes)"
for program in moe-expert moe-bs moe-client; do
  swift build -c release --product "$program" 2>&1 | tail -n 1
done
programs="$(swift build -c release --show-bin-path)"
model=Models/lenet5-cifar10-k8-robust

logs="$(mktemp -d)"
daemons=()
stop() {
  if [ ${#daemons[@]} -gt 0 ]; then
    kill -TERM "${daemons[@]}" 2>/dev/null || true
    wait "${daemons[@]}" 2>/dev/null || true
  fi
  rm -rf "$logs"
}
trap stop EXIT

# start NAME PROGRAM [OPTION...]: starts a daemon and sets `address` to where it listens.
start() {
  local name="$1" line
  shift
  mkfifo "$logs/$name.ready"
  "$@" >"$logs/$name.ready" 2>"$logs/$name.log" &
  daemons+=($!)
  if ! IFS= read -r -t 20 line <"$logs/$name.ready"; then
    echo "demo: $name did not start:" >&2
    cat "$logs/$name.log" >&2
    exit 1
  fi
  address="${line#ready }"
}

experts=()
for k in 0 1 2 3 4 5 6 7; do
  start "expert-$k" "$programs/moe-expert" --model "$model" --expert "$k" --listen 127.0.0.1:0 --clock request --seed 1
  experts+=(--expert "$address")
done
start base-station "$programs/moe-bs" --model "$model" --listen 127.0.0.1:0 "${experts[@]}"
bs="$address"

for _ in $(seq 200); do
  up="$("$programs/moe-client" status --bs "$bs" --json 2>/dev/null | grep -o '"state":"up"' | wc -l || true)"
  [ "$up" -eq 8 ] && break
done

echo "demo: eight experts and a base station are up; latents travel over simulated analog Rayleigh links"
"$programs/moe-client" infer --bs "$bs" "${pictures[@]}"
