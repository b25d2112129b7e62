#!/bin/sh
# Trains the report's final model in Keras and in PyTorch, and takes it to Tiddu and back. Needs Benchmarks/.venv (Benchmarks/setup.sh),
# `make build` and `make wheel`.
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
python=$root/Benchmarks/.venv/bin/python
"$root/Benchmarks/.venv/bin/pip" install --quiet --disable-pip-version-check --force-reinstall --no-deps "$root"/Python/dist/*.whl
export PATH="$root/.build/release:$PATH"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tiddu data synthesize --into "$folder/digits.npz" --count 10000
TF_CPP_MIN_LOG_LEVEL=2 "$python" report_model_keras.py "$folder/digits.npz"
"$python" report_model_pytorch.py "$folder/digits.npz"
