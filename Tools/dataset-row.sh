#!/bin/sh
# One row of the table in Documentation/Datasets.md: Tools/dataset-row.sh NAME DATA [THREADS]
# Trains report-classifier on clean images, report-final (distorted each epoch) and tiddu-small on the part train of DATA,
# and measures both on its part test. Everything goes into rows/NAME; TIDDU names the program.
set -eu
name=$1 data=$2 threads=${3:-2} tiddu=${TIDDU:-.build/release/tiddu}
rows=rows/$name
rm -rf "$rows"; mkdir -p "$rows"
train="$tiddu train --data $data --threads $threads ${SUBSET:+--subset $SUBSET}"
$train --preset report-classifier --validation 0.1 --epochs "${CLASSIFIER_EPOCHS:-5}" --into "$rows/classifier"
$train --preset report-final --distort each-epoch --schedule cosine --epochs "${FINAL_EPOCHS:-40}" --patience 0 \
  --into "$rows/final"
$train --preset tiddu-small --synthetic 0 ${SMALL_EPOCHS:+--epochs $SMALL_EPOCHS} --into "$rows/small"
for model in final small; do
  $tiddu evaluate "$rows/$model" --classifier "$rows/classifier" --data "$data" --part test --skip-by-distortion \
    --threads "$threads" --json > "$rows/$model.json"
done
python3 - "$name" "$rows" <<'PYTHON'
import json, sys
name, rows = sys.argv[1:]
report, small = (json.load(open(f"{rows}/{model}.json")) for model in ("final", "small"))
def accuracy(result, version):
    row = next(r for r in result["recognition"]["tables"][0]["rows"] if r["version"] == version)
    return f'{row["accuracy"]["mean"]:.3f}'
def psnr(result, which):
    return f'{result["table"][which]["psnr"]["mean"]:.1f}'
print("|", " | ".join([
    name, f'{small["images"]:,}', accuracy(small, "original"), accuracy(small, "multiple_distorted"),
    accuracy(report, "reconstructed"), accuracy(small, "reconstructed"), psnr(small, "distorted"),
    psnr(report, "restored"), psnr(small, "restored")]), "|")
PYTHON
