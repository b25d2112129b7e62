#!/usr/bin/env bash
# Does the whole report again, on small shares of the pictures, and shows what a trained model does to writers that it
# has not seen. Usage: Tools/demo.sh [DATA]: a folder with Kannada-MNIST; without it, digits of the synthetic writer.
set -euo pipefail
cd "$(dirname "$0")/.."
tiddu=.build/release/tiddu
data=${1:-synthetic}

rm -rf demo
"$tiddu" reproduce --data "$data" --scale smoke --into demo
"$tiddu" figure restored demo/runs/final --data "$data" --part test --recipe report-multiple --into demo/before-after.png
echo "Look at demo/before-after.png: digits of people whose writing the model has not seen."
echo "Your own picture: $tiddu restore demo/runs/final PICTURE.png --resize --into clean.png"
