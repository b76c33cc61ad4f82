#!/usr/bin/env bash
# Makes what is missing of a composition's certificates, or expires within 30 days, and gives each node its own:
#
#     hand-out-certs.sh USER
#
# /authority keeps everything, the authority's key among it. For every folder /nodes/NAME, NAME.pem and NAME.key become
# node.pem and node.key in it, beside ca.pem; the key is readable by USER alone, a number. A base station may be dialled as
# `bs` and at its own loopback.
set -euo pipefail
shopt -s nullglob
user="${1:?usage: hand-out-certs.sh USER}"
renewed_before=$((30 * 24 * 3600))

folders=(/nodes/expert-*/)
for certificate in /authority/*.pem; do
  case "$certificate" in */ca.pem) continue ;; esac
  openssl x509 -noout -checkend "$renewed_before" -in "$certificate" >/dev/null || rm "$certificate"
done
make-certs.sh --dir /authority --experts ${#folders[@]} --hosts bs=bs,localhost,127.0.0.1,::1

# give FILE TARGET MODE: replaces it in one step, since a node may be reading it.
give() {
  install -m 400 "$1" "$2.new"
  [ "$3" = public ] && chmod 444 "$2.new"
  chown "$user:$user" "$2.new"
  mv "$2.new" "$2"
}

for folder in /nodes/*/; do
  name="$(basename "$folder")"
  give /authority/ca.pem "$folder/ca.pem" public
  give "/authority/$name.key" "$folder/node.key" own
  give "/authority/$name.pem" "$folder/node.pem" public
done
