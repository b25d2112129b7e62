#!/bin/sh
# Runs the tests of the service and its page with the packages of requirements.txt, in .venv-web at the repository's root.
set -eu
cd "$(dirname "$0")"
environment=../../.venv-web
if ! cmp -s requirements.txt "$environment/requirements.txt"; then
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt
  cp requirements.txt "$environment/requirements.txt"
fi
exec "$environment/bin/python" -m pytest -q --no-header -p no:cacheprovider . "$@"
