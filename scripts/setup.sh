#!/usr/bin/env bash
# Installs the Debian packages that the project uses and this machine lacks.
#
#     scripts/setup.sh             libssl-dev, and oneDNN, libturbojpeg, libpng, gnuplot and openssl: faster, pictures,
#                                  plots, certificates
#     scripts/setup.sh --minimal   libssl-dev alone
#     scripts/setup.sh --data      also what continuous integration unpacks the real data with
#     scripts/setup.sh --deploy    also what scripts/check_deploy.sh --full works with
set -euo pipefail

packages=(libssl-dev)
if [ "${1:-}" != --minimal ]; then
  packages+=(libdnnl-dev libturbojpeg0-dev libpng-dev gnuplot-nox openssl)
fi

if [ "${1:-}" = --data ]; then
  packages+=(python3-numpy python3-pil)
fi

if [ "${1:-}" = --deploy ]; then
  packages+=(debootstrap python3 python3-yaml iproute2 systemd-container)
fi

if ! command -v swift >/dev/null; then
  echo "setup: no Swift toolchain on PATH; Swift 6.3 is at https://www.swift.org/install/" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
    missing+=("$package")
  fi
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: ${packages[*]}: all installed"
  exit 0
fi

echo "setup: installing ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo)
fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
