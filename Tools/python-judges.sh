#!/bin/sh
# Makes .venv at the repository's root with the Python packages that some tests let judge our files.
# Tests that want it are skipped where it is absent. Nothing is done when all is there already.
set -eu
cd "$(dirname "$0")/.."
requirements="safetensors==0.8.0 numpy==2.4.6 pillow==13.0.0"
if [ "$(cat .venv/judges 2>/dev/null)" = "$requirements" ]; then exit 0; fi
python3 -m venv .venv
.venv/bin/python3 -m pip install --quiet --disable-pip-version-check $requirements
echo "$requirements" > .venv/judges
