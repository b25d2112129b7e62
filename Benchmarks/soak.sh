#!/usr/bin/env bash
# Half an hour of training and of searching: memory and open files stay flat. The service has its own, serving/soak.py.
#   Benchmarks/soak.sh train|search [MINUTES, default 30] [FIGURE, default WHAT-soak.svg]
# Needs tiddu and tiddu-bench, built by `swift build -c release`.
set -euo pipefail
what=${1:?usage: Benchmarks/soak.sh train|search [MINUTES] [FIGURE]}
minutes=${2:-30}
figure=${3:-$what-soak.svg}
bin=$(cd "$(dirname "$0")/../.build/release" && pwd)
work=$(mktemp -d)
trap 'kill $process 2> /dev/null; rm -rf "$work"' EXIT

case $what in
  train) # An epoch takes about a second; each writes its files.
    "$bin/tiddu" train --subset 2000 --epochs 100000 --patience 0 --distort each-epoch --validation 0.1 --quiet --into "$work/run" & ;;
  search)
    printf 'name: long\narchitectures:\n  - dense: {layers: [2, 3, 4, 5], neurons: [8, 16, 32]}\nlosses: [bce, mse]\nepochs: 3\n' > "$work/space.yaml"
    "$bin/tiddu" search "$work/space.yaml" --subset 1000 --seeds 1000 --quiet --into "$work/study.sqlite" > "$work/table" & ;;
esac
process=$!
"$bin/tiddu-bench" watch --pid $process --minutes "$minutes" --into "$figure" --caption "tiddu $what, $minutes minutes"
kill -TERM $process 2> /dev/null || echo "ended before its time" >&2
wait $process && status=0 || status=$?
[ $what = train ] && wc -l < "$work/run/history.csv"
[ $what = search ] && "$bin/tiddu" search export "$work/study.sqlite" | grep -c finished
[ $status = 143 ] || { echo "ended with $status" >&2; exit 1; }
