#!/bin/sh
# Makes a Debian package of what install.sh installs, tiddu_VERSION_ARCHITECTURE.deb in the folder given (default: .build-deb), with the
# service's unit if the service is among the products: Deployment/deb.sh [FOLDER [tiddu] [tiddu-serve]]
# Needs what install.sh needs, and dpkg-deb.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-.build-deb}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- tiddu tiddu-serve
version=$(sed -n 's/.*programVersion = "\(.*\)"/\1/p' Sources/Support/ProgramVersion.swift)
architecture=$(dpkg --print-architecture)
root=$folder/root
rm -rf "$root"
mkdir -p "$root/DEBIAN" "$root/usr/share/doc/tiddu"
Deployment/install.sh "$root/usr" "$@"

share=$root/usr/share
gzip -9n "$share"/man/man1/*
# Where Debian's zsh looks.
mkdir "$share/zsh/vendor-completions"
mv "$share/zsh/site-functions/_tiddu" "$share/zsh/vendor-completions/"
rmdir "$share/zsh/site-functions"
gzip -9nc CHANGELOG.md > "$share/doc/tiddu/changelog.gz"
Deployment/licences.sh .build-static > "$share/doc/tiddu/copyright"
if [ -x "$root/usr/bin/tiddu-serve" ]; then
  mkdir -p "$root/lib/systemd/system"
  # Installed, not started: `systemctl enable --now tiddu` does that.
  sed -e '1d' -e 's|/usr/local/|/usr/|' Deployment/tiddu.service > "$root/lib/systemd/system/tiddu.service"
fi
find "$root" -type d -exec chmod 755 {} + -o -type f ! -path '*/bin/*' -exec chmod 644 {} +
cat > "$root/DEBIAN/control" <<END
Package: tiddu
Version: $version
Architecture: $architecture
Maintainer: The Tiddu developers <tiddu@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: libc6 (>= 2.36), $(sed 's/ /, /g' Deployment/packages.txt)
Section: graphics
Priority: optional
Description: corrects distorted images so that they can be read again
 An image goes in flipped, rotated, noisy or partly covered, and comes out as it
 should have been. Trains such correctors, measures them, and uses them; models
 for handwritten digits come with it.
END
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
dpkg-deb --root-owner-group -Zxz --build "$root" "$folder/tiddu_${version}_$architecture.deb"
