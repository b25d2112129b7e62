#!/bin/sh
# Prints the licences of what a build with Swift's libraries linked into it is made of: Tiddu's own, Swift's, those of the Swift
# packages, and, for shared libraries named as further arguments, those of the Debian packages they are from.
#   Deployment/licences.sh SCRATCH-FOLDER [LIBRARY...]
set -eu
cd "$(dirname "$0")/.."
scratch=${1:?usage: Deployment/licences.sh SCRATCH-FOLDER [LIBRARY...]}
shift
swift=$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")/share/swift/LICENSE.txt
for file in LICENSE "$swift" "$scratch"/checkouts/*/LICENSE*; do
  case $file in
    LICENSE) name=Tiddu ;;
    "$swift") name="Swift's libraries" ;;
    *) name=$(basename "$(dirname "$file")") ;;
  esac
  printf '\n==== %s ====\n\n' "$name"
  cat "$file"
done
printf '\n==== The models ====\n\n'
echo "The models that come with Tiddu are under CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/), trained on"
echo "Kannada-MNIST by Vinay Uday Prabhu (arXiv 1908.01242); the .md file beside each says more."
# Debian lists files below /usr, and the linker may find them by the link /lib.
for library in "$@"; do
  dpkg -S "$library" 2> /dev/null || dpkg -S "/usr$library"
done | cut -d: -f1 | sort -u | while read -r package; do
  printf '\n==== %s (Debian) ====\n\n' "$package"
  cat "/usr/share/doc/$package/copyright"
done
