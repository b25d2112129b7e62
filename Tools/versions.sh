#!/usr/bin/env bash
# Small files as a version of tiddu writes them, kept for the tests of later ones: Tests/EndToEndTests/Versions/NAME.
#   Tools/versions.sh TIDDU NAME        the program, and what its version is called
# A run of two epochs of a convolutional network, whose checkpoints are small, and a study with its table.
set -euo pipefail
tiddu=$(realpath "${1:?usage: Tools/versions.sh TIDDU NAME}")
into=$(cd "$(dirname "$0")/.." && pwd)/Tests/EndToEndTests/Versions/${2:?}
mkdir -p "$into"
cd "$into"
network=(--preset report-conv-2-4-bce)
if "$tiddu" train --help | grep -q -- --architecture; then
  printf 'name: few\nlayers:\n- {type: conv2d, filters: 2, padding: same, activation: relu}\n- {type: conv2d, filters: 1, padding: same, activation: sigmoid}\n' > net.yaml
  network=(--architecture net.yaml)
fi
train() { "$tiddu" train "${network[@]}" --subset 20 --threads 1 "$@" > /dev/null 2>&1; }
train --epochs 2 --into run
printf 'name: few\narchitectures:\n  - conv: {layers: [2], neurons: [4]}\nlosses: [bce, mse]\nepochs: 2\n' > space.yaml
"$tiddu" search space.yaml --subset 20 --into study.sqlite > study.txt 2> /dev/null
# What can be made anew from the others.
rm -rf study.trials study.sqlite.lock run/.lock run/last.safetensors study.txt
"$tiddu" search export study.sqlite > study.csv
du -sh .
