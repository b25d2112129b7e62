#!/usr/bin/env bash
# Does the whole report again on small shares of the images, trains tiddu-small for a minute, and puts the two side by
# side: what they do to writers that they have not seen. Usage: Tools/demo.sh [DATA]: a folder with Kannada-MNIST; without
# it, digits of the synthetic writer.
set -euo pipefail
cd "$(dirname "$0")/.."
tiddu=.build/release/tiddu
data=${1:-synthetic}

rm -rf demo
"$tiddu" reproduce --data "$data" --scale smoke --into demo
"$tiddu" train --data "$data" --preset tiddu-small --subset 20000 --synthetic 0 --epochs 3 --into demo/runs/small
"$tiddu" figure restored demo/runs/small --beside demo/runs/final --data "$data" --part test \
  --recipe report-multiple --into demo/before-after.png
"$tiddu" benchmark demo/runs/small demo/runs/final --classifier demo/runs/classifier --data "$data" --subset 200 \
  --into demo/benchmark.md
echo "Look at demo/before-after.png: digits of people whose writing neither model has seen. demo/report.html has the report."
echo "Your own image: $tiddu restore demo/runs/small IMAGE.png --resize --into clean.png --explain"
