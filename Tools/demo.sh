#!/usr/bin/env bash
# Corrects damaged digits with the model that comes with tiddu, at once; then does the whole report again on small shares of
# the images, trains tiddu-small for a minute, and puts the two side by side: what they do to writers that they have not
# seen. Usage: Tools/demo.sh [DATA]: a folder with Kannada-MNIST; without it, digits of the synthetic writer.
set -euo pipefail
cd "$(dirname "$0")/.."
tiddu=.build/release/tiddu
data=${1:-synthetic}

rm -rf demo
mkdir -p demo/at-once
"$tiddu" data synthesize --part test --count 20 --into demo/at-once/digits.npz
"$tiddu" distort demo/at-once/digits.npz --recipe report-multiple --seed 2 --into demo/at-once/damaged.npz
"$tiddu" restore demo/at-once/damaged.npz --expect report-multiple --into demo/at-once/corrected.npz
"$tiddu" figure rows --row clean=demo/at-once/digits.npz --row damaged=demo/at-once/damaged.npz \
  --row corrected=demo/at-once/corrected.npz --count 20 --labels --into demo/at-once.png
for set in damaged corrected; do
  echo -n "$set digits: " >&2
  "$tiddu" classify demo/at-once/$set.npz > demo/at-once/$set.csv
done
echo "Look at demo/at-once.png. Your own image: $tiddu restore IMAGE.png --into clean.png, $tiddu classify IMAGE.png"

"$tiddu" reproduce --data "$data" --scale smoke --into demo/report
"$tiddu" train --data "$data" --preset tiddu-small --subset 20000 --synthetic 0 --epochs 3 --into demo/small
"$tiddu" figure restored demo/small --beside demo/report/runs/final --data "$data" --part test \
  --recipe report-multiple --into demo/before-after.png
"$tiddu" benchmark demo/small demo/report/runs/final --classifier demo/report/runs/classifier --data "$data" --subset 200 \
  --into demo/benchmark.md
echo "Look at demo/before-after.png: digits of people whose writing neither model has seen. demo/report/report.html has the report."
