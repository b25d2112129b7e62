#!/bin/bash
# The same work on one thread and on two: alone, beside a program that keeps one core busy, and two such programs at once.
# Milliseconds a training step, and images restored a second. Wants two cores and taskset.
set -eu
bench=${1:-"$(dirname "$0")/../.build/release/tiddu-bench"}

train() {  # model, threads, steps
  "$bench" train-step --model "$1" --threads "$2" --steps "$3" --rounds 4 --warm-up 1 |
    sed -n 's/.*"ms_per_step":\([0-9.]*\).*/\1/p' | sort -n | head -1
}
restore() {  # model, threads
  "$bench" restore --model "$1" --threads "$2" --rounds 3 | sed -n 's/.*images_per_second":\([0-9.]*\).*/\1/p' | sort -n | tail -1
}

for machine in quiet busy; do
  if [ $machine = busy ]; then
    taskset -c 1 sh -c 'while :; do :; done' &
    loop=$!
    trap 'kill $loop' EXIT
    sleep 1
  fi
  for threads in 1 2; do
    echo "$machine, threads $threads: report-final $(train report-final $threads 300) ms, U-Net" \
      "$(train tiddu-small-restoration $threads 20) ms, restoring with tiddu-small $(restore tiddu-small $threads) images/s"
  done
done
kill $loop
trap - EXIT
for work in "report-final 2 2000" "tiddu-small-restoration 2 100"; do
  echo "two at once, two threads each: ${work%% *}"
  train $work &
  train $work
  wait
done
