#!/bin/sh
# The packages of requirements.txt, in .venv-web at the repository's root.
set -eu
cd "$(dirname "$0")"
environment=../../.venv-web
cmp -s requirements.txt "$environment/requirements.txt" && exit
python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt
cp requirements.txt "$environment/requirements.txt"
