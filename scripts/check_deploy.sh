#!/usr/bin/env bash
# Checks what deploys the system: scripts, docker-compose.yml and the units.
#
#     scripts/check_deploy.sh                  with what is installed: `docker compose`, systemd-analyze
#     scripts/check_deploy.sh --full FOLDER    also builds the images and runs the composition and the units, in FOLDER, without
#                                              a Docker engine: needs root and several GB, and installs what it works
#                                              with (scripts/setup.sh --deploy); what was built there is kept
#
# DOCKER_COMPOSE replaces `docker compose`.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "check_deploy: $*"; }
fail() { say "$*" >&2; exit 1; }
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

for script in deploy/*.sh scripts/*.sh; do bash -n "$script"; done

compose=(${DOCKER_COMPOSE:-docker compose})
if "${compose[@]}" version >/dev/null 2>&1; then
  "${compose[@]}" -f docker-compose.yml config --quiet
  say "docker-compose.yml: understood by $("${compose[@]}" version --short)"
else
  say "docker-compose.yml: not checked, \`${compose[*]}\` is not there"
fi

if command -v systemd-analyze >/dev/null; then
  for unit in moe-bs.service moe-expert@.service; do
    # The programs need not be installed here.
    copy="$work/${unit/@/@3}"
    sed 's|^ExecStart=/usr/local/bin/moe-[a-z]*|ExecStart=/bin/true|' "deploy/systemd/$unit" >"$copy"
    said="$(systemd-analyze verify "$copy" 2>&1 | grep -F "$work" || true)"
    [ -z "$said" ] || fail "$said"
    systemd-analyze security --offline=true --threshold=20 "$copy" >"$work/security" || fail "$unit: $(tail -1 "$work/security")"
    say "$unit: $(tail -1 "$work/security" | sed 's/^[^A-Za-z]*//')"
  done
else
  say "units: not checked, systemd-analyze is not there"
fi

[ "${1:-}" = --full ] || exit 0
[ $# -eq 2 ] || { sed -n '4,8s/^# \{0,1\}//p' "$0" >&2; exit 64; }
[ "$(id -u)" -eq 0 ] || fail "--full: expected root"
folder="$(mkdir -p "$2" && realpath "$2")"
scripts/setup.sh --deploy

# expect FILE TEXT...: each text stands in the file.
expect() {
  local file="$1" text
  shift
  for text in "$@"; do
    grep -qF -- "$text" "$file" || { tail -60 "$file" >&2; fail "expected \"$text\""; }
  done
}
credentials() { echo "--bs 127.0.0.1:7000 --tls-cert $1.pem --tls-key $1.key --tls-ca $(dirname "$1")/ca.pem"; }
pictures=$(ls scripts/samples/*.p* | wc -l)

say "images, by the commands of deploy/Dockerfile"
python3 scripts/deploy_in_chroots.py build "$folder" >"$folder/build.log" 2>&1 \
  || { tail -30 "$folder/build.log" >&2; fail "an image cannot be built: see $folder/build.log"; }
needed="$(ldd "$folder/stage-2/usr/local/bin/moe-expert" | grep -oE '^\s+lib[a-z+]+' | tr -d '\t' | sort | xargs)"
say "moe-expert needs $needed"
[ "$needed" = "libc libcrypto libgcc libm libssl libstdc++" ] || fail "it needs other libraries than libssl3's and libc's"

say "the composition"
client="$(credentials /client/node)"
rm -rf "$folder/volumes" "$folder/logs"
{
  until [ -s "$folder/logs/bs" ] && [ "$(grep -c ' is up' "$folder/logs/bs")" -ge 8 ]; do sleep 0.2; done
  echo "health bs"
  echo "bs moe-client infer $client /samples"
  echo "bs moe-client bench $client --seconds 3 --concurrency 16"
  echo "bs sh -c 'touch /x || echo the root is read-only; grep -E \"CapBnd|NoNewPrivs\" /proc/self/status; ls -ln /tls'"
  echo "expert-3 sh -c 'ls /client /authority /nodes || true'"
  echo status
} | unshare --net python3 scripts/deploy_in_chroots.py up "$folder" >"$folder/composition.log" 2>&1 \
  || { cat "$folder/composition.log" >&2; fail "the composition did not end well"; }
expect "$folder/composition.log" "exit 0" "images/s" "the root is read-only" "CapBnd:	0000000000000000" "NoNewPrivs:	1" \
  "-r-------- 1 700 700" "cannot access '/authority'" "expert-7 runs" "bs=0 expert-0=0"
lost="$(grep '^lost ' "$folder/composition.log" || true)"
[ -z "$lost" ] || fail "$lost"
[ "$(grep -cE '^[a-z]+\.(png|ppm) ' "$folder/composition.log")" -eq "$pictures" ] || fail "expected $pictures answers"
say "composition: $pictures pictures, $(grep images/s "$folder/composition.log" | xargs), bs had $(grep -oP '^bs runs \K.*' "$folder/composition.log"), an expert $(grep -oP '^expert-0 runs \K.*' "$folder/composition.log")"

say "the units, by a systemd of their own"
root="$folder/systemd"
if [ ! -e "$root/.complete" ]; then
  rm -rf "$root"
  cp -a "$folder/debian" "$root"
  rm "$root/.complete"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  chroot "$root" sh -c 'apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \
    systemd dbus libssl3 libpng16-16' >"$folder/systemd.log" 2>&1 \
    || { tail -30 "$folder/systemd.log" >&2; fail "systemd cannot be installed: see $folder/systemd.log"; }
  touch "$root/.complete"
fi
install -D -t "$root/usr/local/bin" "$folder"/stage-2/usr/local/bin/moe-*
mkdir -p "$root"/etc/{moe-edge,sysusers.d} "$root/var/lib/moe-edge" "$root/samples"
cp -r "$folder/stage-2/model" "$root/var/lib/moe-edge/"
cp scripts/samples/*.p* "$root/samples/"
cp deploy/systemd/*.service "$root/etc/systemd/system/"
cp deploy/systemd/moe-edge.sysusers "$root/etc/sysusers.d/moe-edge.conf"
deploy/make-certs.sh --dir "$root/etc/moe-edge/tls" >/dev/null
systemd-sysusers --root="$root" >/dev/null 2>&1
chroot "$root" sh -c 'cd /etc/moe-edge/tls && chgrp -R moe-edge . && chmod 750 . && chmod 640 *.key'
cat >"$root/check.sh" <<END
client="$(credentials /etc/moe-edge/tls/client)"
experts="\$(printf 'moe-expert@%d ' 0 1 2 3 4 5 6 7)"
up() { moe-client status \$client --json | grep -o '"state":"up"' | wc -l; }
systemctl start moe-bs \$experts && echo started: \$(systemctl is-active moe-bs \$experts | sort | uniq -c)
until [ "\$(up)" = 8 ]; do sleep 0.1; done
moe-client infer \$client /samples
systemctl reload moe-bs
systemctl kill -s STOP moe-expert@3
systemctl kill -s KILL moe-expert@4
until [ "\$(up)" = 6 ]; do sleep 0.05; done
echo two are missed
moe-client infer \$client /samples/*.ppm && echo six serve
until [ "\$(up)" = 8 ]; do sleep 0.2; done
echo restarts: \$(systemctl show -p NRestarts --value moe-expert@3 moe-expert@4 moe-bs)
grep Seccomp: /proc/\$(systemctl show -p MainPID --value moe-bs)/status
systemctl stop moe-bs \$experts
echo ended: \$(systemctl show -p Result -p ExecMainStatus --value moe-bs \$experts | grep . | sort | uniq -c)
journalctl --no-pager -u 'moe-*'
END
cat >"$root/etc/systemd/system/check.service" <<'END'
[Service]
Type=oneshot
StandardOutput=file:/check.log
StandardError=file:/check.log
TimeoutStartSec=100
ExecStart=/bin/bash /check.sh
ExecStopPost=/bin/systemctl --no-block poweroff --force
END
ln -sf ../check.service "$root/etc/systemd/system/multi-user.target.wants/check.service"
rm -rf "$root/check.log" "$root/var/log/journal"/*
timeout 150 systemd-nspawn -D "$root" --register=no --keep-unit --private-network --boot >"$folder/systemd-boot.log" 2>&1 || true
expect "$root/check.log" "started: 9 active" "two are missed" "six serve" "restarts: 1 1 0" "Seccomp:	2" "Watchdog timeout" \
  "certificates are loaded again" "ended: 9 0 9 success"
! grep -q "not permitted\|Failed to set" "$root/check.log" || fail "a system call is refused: see $root/check.log"
say "units: started, reloaded, restarted after SIGKILL and by the watchdog after SIGSTOP, drained"
