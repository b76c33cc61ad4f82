#!/usr/bin/env bash
# Makes the certificates of a deployment: an authority, and a certificate with its key for every node.
set -euo pipefail

usage() {
  cat <<'END'
usage: deploy/make-certs.sh [--dir DIR] [--experts K] [--hosts LIST] [--days N]

Makes in DIR (default certs), with the openssl command:

  ca.pem        ca.key          the authority; its key is needed here only and belongs on no node
  bs.pem        bs.key          the base station              urn:moe-edge:bs
  expert-0.pem  expert-0.key    the experts, 0 to K-1         urn:moe-edge:expert:0 ...
  client.pem    client.key      clients                       urn:moe-edge:client
  operator.pem  operator.key    operators                     urn:moe-edge:operator

  --experts K    how many experts (default 8)
  --hosts LIST   names and addresses, separated by commas, at which base station and experts are dialled
                 (default localhost,127.0.0.1,::1); name=LIST gives one node its own: --hosts expert-3=edge3.example
                 may be repeated
  --days N       how long certificates are valid (default 365; 0: they expire at once, for tests); the authority's
                 certificate is valid for ten years

What exists is kept: run it again with a larger --experts to add nodes; delete a node's .pem to have it made anew with
the same key (renewal), both files to have a new key, too. The daemons load new files on SIGHUP. Keys are made with the
mode 0600. Give each node its own two files and ca.pem.
END
}

die() {
  echo "make-certs.sh: $*" >&2
  exit 64
}

directory=certs experts=8 days=365 hosts=localhost,127.0.0.1,::1
declare -A own_hosts=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage && exit 0 ;;
    --dir | --experts | --hosts | --days) [ $# -ge 2 ] || die "$1: expected a value" ;;
    *) die "unknown argument \"$1\"; see --help" ;;
  esac
  case "$1" in
    --dir) directory="$2" ;;
    --experts) experts="$2" ;;
    --days) days="$2" ;;
    --hosts) case "$2" in *=*) own_hosts["${2%%=*}"]="${2#*=}" ;; *) hosts="$2" ;; esac ;;
  esac
  shift 2
done
[[ "$experts" =~ ^[0-9]+$ ]] && [ "$experts" -le 65535 ] || die "--experts: expected 0 to 65535, received \"$experts\""
[[ "$days" =~ ^[0-9]+$ ]] || die "--days: expected a number, received \"$days\""

umask 077
mkdir -p "$directory"
cd "$directory"
work="$(mktemp -d ./.making.XXXXXX)"
trap 'rm -rf "$work"' EXIT

# key NAME: makes NAME.key unless it is there.
key() {
  [ -s "$1.key" ] && return
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/key"
  mv "$work/key" "$1.key"
}

if [ ! -s ca.pem ]; then
  key ca
  openssl req -new -x509 -key ca.key -subj "/CN=moe-edge authority" -days 3650 -out "$work/pem" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign
  chmod 644 "$work/pem"
  mv "$work/pem" ca.pem
fi

# certificate NAME URI USAGE [HOSTS]: makes NAME.pem unless it is there.
certificate() {
  local name="$1" uri="$2" usage="$3" names="${4:-}"
  [ -s "$name.pem" ] && return
  [ -s ca.key ] || die "$directory/ca.key is not here: $name.pem cannot be signed"
  key "$name"
  local subject="URI:$uri" host list
  IFS=, read -ra list <<<"$names"
  for host in "${list[@]}"; do
    if [[ "$host" == *:* || "$host" =~ ^[0-9.]+$ ]]; then subject+=",IP:$host"; else subject+=",DNS:$host"; fi
  done
  cat >"$work/extensions" <<END
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = $usage
subjectAltName = $subject
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
END
  openssl req -new -key "$name.key" -subj "/CN=$name" -out "$work/request"
  openssl x509 -req -in "$work/request" -CA ca.pem -CAkey ca.key -set_serial "0x$(openssl rand -hex 16)" -days "$days" \
    -extfile "$work/extensions" -out "$work/pem" 2>"$work/errors" || { cat "$work/errors" >&2; exit 1; }
  chmod 644 "$work/pem"
  mv "$work/pem" "$name.pem"
  echo "made $directory/$name.pem"
}

# Base station and experts may dial one another, so that each is a server and a client.
certificate bs urn:moe-edge:bs serverAuth,clientAuth "${own_hosts[bs]:-$hosts}"
for ((k = 0; k < experts; k++)); do
  certificate "expert-$k" "urn:moe-edge:expert:$k" serverAuth,clientAuth "${own_hosts[expert-$k]:-$hosts}"
done
certificate client urn:moe-edge:client clientAuth
certificate operator urn:moe-edge:operator clientAuth
