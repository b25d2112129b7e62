#!/usr/bin/env bash
# Does what the Dockerfile does, without Docker: a clean checkout, the same scripts, and a Debian that has nothing but the
# packages of packages.txt, in which the service then answers. Needs root, debootstrap and the packages of `make deps`.
set -euo pipefail
cd "$(dirname "$0")/.."
work=${1:-$(mktemp -d)}
root=$work/root
if [ ! -x "$work/install/bin/tiddu-serve" ]; then
  git clone --quiet . "$work/source"
  (cd "$work/source" && Deployment/install.sh "$work/install")
fi
rm -rf "$root"
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -1)
debootstrap --variant=minbase --include="$(tr ' ' ',' < Deployment/packages.txt)" bookworm "$root" "$mirror" \
  > "$work/debootstrap.log"
cp -r "$work/install/." "$root/usr/local/"
mount -t proc proc "$root/proc"
trap 'umount "$root/proc"' EXIT
chroot "$root" /usr/local/bin/tiddu --version
chroot --userspec=65534:65534 "$root" /usr/local/bin/tiddu-serve --port 0 > "$work/address" &
service=$!
trap 'kill $service; wait $service; umount "$root/proc"' EXIT
until [ -s "$work/address" ]; do
  kill -0 $service
  sleep 0.1
done
address=$(cat "$work/address")
curl -fsS "${address}v2/health/ready"
echo
curl -fsS --data-binary @Documentation/photograph.jpg "${address}read?numbers=true" | grep -o '"number":"[0-9]*"'
ls -l "$work/install/bin"
