#!/usr/bin/env bash
# Trains the report's final model, measures it on writers that it has not seen, and draws what it does.
# Usage: Tools/demo.sh [DATA]: a folder with Kannada-MNIST; without it, digits of the synthetic writer.
set -euo pipefail
cd "$(dirname "$0")/.."
tiddu=.build/release/tiddu
data=${1:-synthetic}

rm -rf demo
mkdir demo
echo "Training report-final on $data for 20 epochs; each picture is distorted once." >&2
"$tiddu" train --data "$data" --preset report-final --recipe report-multiple --into demo/run
echo >&2
echo "On held-out writers:" >&2
"$tiddu" evaluate demo/run --data "$data" --part test --recipe report-multiple
"$tiddu" evaluate demo/run --data "$data" --part test --recipe report-multiple --json > demo/report.json
"$tiddu" figure restored demo/run --data "$data" --part test --recipe report-multiple --into demo/before-after.png
"$tiddu" figure curves demo/run --into demo/curves.png
echo
echo "Look at demo/before-after.png and demo/curves.png; the figures are in demo/report.json."
echo "Your own picture: $tiddu restore demo/run PICTURE.png --resize --into clean.png"
