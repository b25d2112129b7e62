#!/bin/sh
# Installs the peers into Benchmarks/.venv. Nothing here is needed to build or run tiddu.
set -eu
cd "$(dirname "$0")"
[ -x .venv/bin/python ] || python3 -m venv .venv
grep -v '^#' requirements.txt | while read -r package; do
  .venv/bin/pip install --quiet --disable-pip-version-check "$package" || echo "missing: $package" >&2
done
