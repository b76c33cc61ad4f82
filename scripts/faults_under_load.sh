#!/usr/bin/env bash
# What SIGKILL, SIGSTOP and the loss of an expert's network do to requests at 70 % of the capacity, which is measured first:
# eight experts and a base station on loopback, an open loop of 4 connections, a fault after 3 of 6 seconds.
#
#     scripts/faults_under_load.sh [MODEL]
#
# Build with `swift build -c release` before. The loss of the network needs root and ip (iproute2): one expert runs in a network
# namespace of its own, whose link goes down for a second; without, it is left out, and says so.
set -euo pipefail
cd "$(dirname "$0")/.."

model=${1:-Models/lenet5-cifar10-k8-robust}
bin=.build/release
logs=$(mktemp -d)
space=moe-faults-$$
declare -A daemon=()
address=127.0.0.1:7480

finish() {
  kill ${daemon[*]} 2>/dev/null || true
  wait 2>/dev/null || true
  ip netns delete "$space" 2>/dev/null || true
  rm -rf "$logs"
}
trap finish EXIT

start_expert() { # K, address, a command to run it by
  "${@:3}" "$bin/moe-expert" --model "$model" --expert "$1" --listen "$2" --insecure >"$logs/expert-$1" 2>&1 &
  daemon[expert-$1]=$!
}
# await LOG TIMES TEXT: until the text stands so often in the log; ends where a daemon has.
await() {
  local name
  until [ "0$(grep -cs "$3" "$logs/$1")" -ge "$2" ]; do
    for name in "${!daemon[@]}"; do
      kill -0 "${daemon[$name]}" 2>/dev/null || { echo "faults: $name has ended:" >&2; cat "$logs/$name" >&2; exit 1; }
    done
    sleep 0.05
  done
}

places=()
for k in 0 1 2 3 4 5 6 7; do places[k]=127.0.0.1:$((7470 + k)); done
faults=(none kill stop)
near=() # what runs the expert whose network is lost
if [ "$(id -u)" -eq 0 ] && command -v ip >/dev/null && ip netns add "$space" 2>/dev/null; then
  ip link add "moe$$" type veth peer name far netns "$space"
  ip address add 10.213.7.1/30 dev "moe$$"
  ip link set "moe$$" up
  ip -n "$space" address add 10.213.7.2/30 dev far
  ip -n "$space" link set far up
  places[6]=10.213.7.2:7476
  near=(ip netns exec "$space")
  faults+=(network)
else
  echo "faults: no network namespaces here: the loss of a network is left out"
fi

for k in 0 1 2 3 4 5 7; do start_expert "$k" "${places[k]}"; done
start_expert 6 "${places[6]}" "${near[@]}"
for k in 0 1 2 3 4 5 6 7; do await "expert-$k" 1 '^ready'; done
"$bin/moe-bs" --model "$model" --listen "$address" $(printf -- '--expert %s ' "${places[@]}") >"$logs/bs" 2>&1 &
daemon[bs]=$!
await bs 8 ' is up'

capacity=$("$bin/moe-client" bench --bs "$address" --concurrency 32 --connections 4 --seconds 5 --json |
  grep -oE '"images_per_second":[0-9.]+' | grep -oE '[0-9.]+$' | cut -d. -f1)
rate=$((capacity * 7 / 10))
echo "capacity  $capacity requests/s (32 callers); offered: $rate"

for fault in "${faults[@]}"; do
  "$bin/moe-client" bench --bs "$address" --rate "$rate" --connections 4 --seconds 6 >"$logs/load" 2>&1 &
  load=$!
  sleep 3
  case $fault in
    kill)
      kill -KILL "${daemon[expert-2]}"
      wait "${daemon[expert-2]}" 2>/dev/null || true
      sleep 1
      start_expert 2 "${places[2]}"
      ;;
    stop)
      kill -STOP "${daemon[expert-3]}"
      sleep 1
      kill -CONT "${daemon[expert-3]}"
      ;;
    network)
      ip link set "moe$$" down
      sleep 1
      ip link set "moe$$" up
      ;;
  esac
  wait "$load" && ended=0 || ended=$?
  echo "== $fault (exit $ended)"
  cat "$logs/load"
  sleep 2
done
