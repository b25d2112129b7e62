#!/bin/sh
# Installs the wheel of `make wheel` into an environment of its own, .venv-python at the repository's root, and tests it there.
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
environment=$root/.venv-python
[ -x "$environment/bin/pytest" ] || {
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check pytest numpy
}
"$environment/bin/pip" install --quiet --disable-pip-version-check --force-reinstall --no-deps "$root"/Python/dist/*.whl
export ROOT="$root" TIDDU="$root/.build/release/tiddu"
exec "$environment/bin/python" -m pytest -q --no-header -p no:cacheprovider . "$@"
