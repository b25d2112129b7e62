#!/usr/bin/env bash
# Follows the tutorials of Restoration.docc word by word in a folder of its own: each step's code is compiled, and what can be
# run without a service is run.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
resources=$root/Sources/Restoration/Restoration.docc/Resources
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
ln -s "$root" "$folder/tiddu"
cd "$folder"
# The steps of the terminal change the folder and the environment.
. "$resources/correct-1.sh"
cp "$resources/correct-package.swift" Package.swift
main=Sources/corrector/main.swift

step() {
  echo "== $1"
  cp "$resources/$1.swift" $main
  swift build -c release > build.log 2>&1 || { cat build.log; exit 1; }
}
step correct-1
. "$resources/correct-2.sh"
test "$(find damaged -name "*.png" | wc -l)" = 10
for number in 2 3 4; do
  step correct-$number
  rm -rf clean
  . "$resources/correct-3.sh"
  test "$(find clean -name "*.png" | wc -l)" = 10
done
# Run before their last step they have nothing to show yet.
for program in distortion-1 distortion-2 distortion-3 layer-1 layer-2; do
  step $program
  swift run -c release --skip-build corrector
done
step serve-client
for program in distortion-4 layer-3; do
  step $program
  swift run -c release --skip-build corrector
done
test "$(find stained -name "*.png" | wc -l)" = 10
