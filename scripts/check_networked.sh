#!/usr/bin/env bash
# Evaluates a model through real processes and in one process, with every decode policy, and compares the predictions byte by
# byte. Needs a release build, a model with all gates and the data:
#
#     scripts/check_networked.sh MODEL DATA [OPTION OF moe-train evaluate, e.g. --limit 500 or --snr-mean-db 5]…
#
# Exit status 1 where a single line differs.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 2 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 64; }
model=$1 data=$2
shift 2
limit=() link=()
while [ $# -gt 0 ]; do
  if [ "$1" = --limit ]; then limit=("$1" "$2"); else link+=("$1" "$2"); fi
  shift 2
done
build=$PWD/.build/release
folder=$(mktemp -d)
daemons=()
trap 'kill "${daemons[@]}" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT

# Ends where a daemon has.
alive() {
  local daemon
  for daemon in "${daemons[@]}"; do
    kill -0 "$daemon" 2>/dev/null || { echo "check_networked: a daemon has ended:" >&2; cat "$folder/log" >&2; exit 1; }
  done
}
# The address that a daemon prints when it is ready.
address() { until grep -qs ready "$1"; do alive; sleep 0.05; done; cut -d' ' -f2 "$1"; }

dataset=$(grep -o '"dataset" : "[^"]*"' "$model/model.json" | cut -d'"' -f4)
# On a busy machine everybody may be silent for long; an expert that was taken for dead would be passed over.
patient=(--heartbeat-timeout-ms 30000)
experts=() count=$(grep -o '"expertCount" : [0-9]*' "$model/model.json" | grep -o '[0-9]*$')
for ((k = 0; k < count; k++)); do
  "$build/moe-expert" --model "$model" --expert $k --listen 127.0.0.1:0 --clock request --seed 1 "${patient[@]}" "${link[@]}" \
    >"$folder/expert-$k" 2>>"$folder/log" &
  daemons+=($!)
done
for ((k = 0; k < count; k++)); do experts+=(--expert "$(address "$folder/expert-$k")"); done

status=0
compare() {
  echo "== $*"
  # A latent whose reply is late would go to another expert, over another link.
  "$build/moe-bs" --model "$model" --listen 127.0.0.1:0 --seed 1 "${experts[@]}" "${patient[@]}" \
    --reply-timeout-ms 30000 --min-reply-timeout-ms 30000 "$@" >"$folder/bs" 2>>"$folder/log" &
  local bs=$!
  daemons+=("$bs")
  local at
  at=$(address "$folder/bs")
  until [ "$("$build/moe-client" status --bs "$at" --json | grep -o '"state":"up"' | wc -l)" = "$count" ]; do
    alive
    sleep 0.1
  done
  "$build/moe-client" evaluate --bs "$at" --dataset "$dataset" --data "$data" "${limit[@]}" --concurrency 32 \
    --predictions "$folder/networked" | grep -E '^(accuracy|radio|          [0-9])'
  "$build/moe-train" evaluate --model "$model" --dataset "$dataset" --data "$data" "${limit[@]}" --seed 1 "${link[@]}" \
    "$@" --predictions "$folder/in-process" >"$folder/table"
  if cmp "$folder/networked" "$folder/in-process"; then
    echo "identical: $(wc -l <"$folder/networked") predictions"
  else
    status=1
  fi
  kill "$bs"
  wait "$bs" || true
  unset 'daemons[-1]'
  rm "$folder/bs"
}

compare --link analog
for policy in redispatch erasure raw; do
  for gate in channel-aware random; do compare --link digital --on-decode-failure $policy --gate $gate; done
done
compare --link digital --top-k 3
exit $status
