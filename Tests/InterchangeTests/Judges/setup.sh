#!/bin/sh
# Makes .venv-ecosystem at the repository's root with the packages of requirements.txt; does nothing where it is there.
set -eu
cd "$(dirname "$0")"
environment=../../../.venv-ecosystem
if cmp -s requirements.txt "$environment/requirements.txt"; then exit 0; fi
python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt
cp requirements.txt "$environment/requirements.txt"
