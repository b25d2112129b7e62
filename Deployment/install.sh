#!/bin/sh
# Builds tiddu, and its HTTP service if it is named, with Swift's libraries linked into them, and puts them below a prefix with
# the models, shell completions and manual pages:
#   Deployment/install.sh /usr/local tiddu tiddu-serve
# Needs the packages of `make deps`; where it runs, those of Deployment/packages.txt are enough.
set -eu
prefix=${1:?usage: Deployment/install.sh PREFIX [tiddu] [tiddu-serve]}
shift
[ $# -gt 0 ] || set -- tiddu tiddu-serve
mkdir -p "$prefix/bin" "$prefix/share/tiddu"
prefix=$(cd "$prefix" && pwd)
cd "$(dirname "$0")/.."
build=.build-static
case " $* " in *" tiddu-serve "*) export TIDDU_SERVICE=1 ;; esac
for product in "$@" generate-manual; do
  swift build -c release --static-swift-stdlib --scratch-path $build --product "$product"
done
for product in "$@"; do
  strip -o "$prefix/bin/$product" "$build/release/$product"
  chmod 755 "$prefix/bin/$product"
done
cp Models/*.safetensors Models/*.md "$prefix/share/tiddu/"

tiddu=$build/release/tiddu
share=$prefix/share
mkdir -p "$share/bash-completion/completions" "$share/zsh/site-functions" "$share/fish/vendor_completions.d" "$share/man/man1"
"$tiddu" --generate-completion-script bash > "$share/bash-completion/completions/tiddu"
"$tiddu" --generate-completion-script zsh > "$share/zsh/site-functions/_tiddu"
"$tiddu" --generate-completion-script fish > "$share/fish/vendor_completions.d/tiddu.fish"
"$build/release/generate-manual" "$tiddu" --multi-page --output-directory "$share/man/man1" > "$build/manual.log"
