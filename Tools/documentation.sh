#!/bin/sh
# Makes the library's reference, its articles and tutorials with DocC, one archive for all modules: .build-documentation/Tiddu.doccarchive.
# A warning is an error.
set -eu
cd "$(dirname "$0")/.."
folder=.build-documentation
export TIDDU_DOCUMENTATION=1
targets=
for module in Restoration ImageSets Distortions NeuralNetworks Evaluation Figures Interchange Support; do
  targets="$targets --target $module"
done
swift package --scratch-path $folder --allow-writing-to-directory $folder generate-documentation $targets \
  --enable-experimental-combined-documentation --warnings-as-errors --output-path "$PWD/$folder/Tiddu.doccarchive"
