#!/bin/sh
# Builds the examples and runs those that need no service, in a folder of their own. TIDDU_MODELS names the shipped models.
set -eu
cd "$(dirname "$0")"
swift build -c release
export TIDDU_MODELS="$PWD/../Models"
programs="$PWD/.build/release"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for example in restore-folder train-and-plot own-distortion own-layer batch-job; do
  echo "== $example"
  "$programs/$example"
done
"$programs/restore-folder" damaged again
# One folder for each digit.
test "$(find again -name "*.png" | wc -l)" = 20 && test "$(find stained -name "*.png" | wc -l)" = 10
