#!/bin/sh
# Builds tiddu and its HTTP service with Swift's libraries linked into them, and puts both, with the models, below a prefix:
#   Deployment/install.sh /usr/local
# Needs the packages of `make deps`; where it runs, those of Deployment/packages.txt are enough.
set -eu
prefix=${1:?usage: Deployment/install.sh PREFIX}
cd "$(dirname "$0")/.."
build="swift build -c release --static-swift-stdlib --scratch-path .build-static"
for product in tiddu tiddu-serve; do
  TIDDU_SERVICE=1 $build --product $product
done
mkdir -p "$prefix/bin" "$prefix/share/tiddu"
for product in tiddu tiddu-serve; do
  strip -o "$prefix/bin/$product" ".build-static/release/$product"
  chmod 755 "$prefix/bin/$product"
done
cp Models/*.safetensors Models/*.md "$prefix/share/tiddu/"
