#!/bin/sh
# Runs the tests of the service and its page with the packages that setup.sh installs.
set -eu
cd "$(dirname "$0")"
./setup.sh
exec ../../.venv-web/bin/python -m pytest -q --no-header -p no:cacheprovider . "$@"
