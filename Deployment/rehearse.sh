#!/usr/bin/env bash
# Installs what was made into a Debian that has nothing else, and uses it there:
#   Deployment/rehearse.sh prefix FOLDER     what install.sh put there, as the Dockerfile does
#   Deployment/rehearse.sh deb FILE.deb      the Debian package
#   Deployment/rehearse.sh wheel FILE.whl    Python's package
#   Deployment/rehearse.sh source SUITE [TARGET ...]   a clean clone in Debian's bookworm or trixie, with this machine's Swift; make's
#                                            targets, demo and test if none is named
# Needs root, debootstrap, curl and a Debian mirror.
set -euo pipefail
kind=${1:?usage: Deployment/rehearse.sh prefix|deb|wheel|source PATH|SUITE}
made=${2:?usage: Deployment/rehearse.sh prefix|deb|wheel|source PATH|SUITE}
suite=bookworm
if [ "$kind" = source ]; then suite=$made; else made=$(realpath "$made"); fi
shift 2
cd "$(dirname "$0")/.."
work=$(mktemp -d)
root=$work/root
service=
mounted=()
finish() {
  [ -z "$service" ] || { kill "$service"; wait "$service" || true; }
  for place in "${mounted[@]}" "$root/proc"; do umount -l "$place" 2> /dev/null || true; done
  rm -rf --one-file-system "$work"
}
trap finish EXIT

# clean_debian PACKAGE...
clean_debian() {
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -1)
  debootstrap --variant=minbase ${1:+--include="$(echo "$@" | tr ' ' ',')"} $suite "$root" "$mirror" > "$work/debootstrap.log" \
    || { tail "$work/debootstrap.log"; exit 1; }
  # What this machine reaches its mirror by.
  cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
  mount -t proc proc "$root/proc"
}

# bind FROM TO: to be read alone.
bind() {
  mkdir -p "$2"
  mount --bind -o ro "$1" "$2"
  mounted+=("$2")
}

inside() { chroot "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/tmp LC_ALL=C.UTF-8 "$@"; }
as_nobody() { chroot --userspec=65534:65534 "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/tmp "$@"; }

use_program() {
  cp Documentation/photograph.jpg "$root/tmp/"
  as_nobody tiddu --version
  as_nobody tiddu doctor
  as_nobody sh -c "cd /tmp && tiddu data synthesize --into digits.npz --count 10 && tiddu distort digits.npz --into damaged.npz \
    --recipe report-multiple && tiddu restore damaged.npz --into clean.npz && tiddu read photograph.jpg --numbers \
    && tiddu show clean.npz && tiddu train --subset 300 --epochs 1 --into run && tiddu restore run damaged.npz --into again.npz"
}

use_service() {
  # Without a shell between, so that signals reach it.
  chroot --userspec=65534:65534 "$root" "$(inside which tiddu-serve)" --port 0 > "$work/address" &
  service=$!
  until [ -s "$work/address" ]; do
    kill -0 $service
    sleep 0.1
  done
  address=$(cat "$work/address")
  curl -fsS "${address}v2/health/ready"
  echo
  curl -fsS --data-binary @Documentation/photograph.jpg "${address}read?numbers=true" | grep -o '"number":"[0-9]*"'
}

case $kind in
  prefix)
    clean_debian $(cat Deployment/packages.txt)
    cp -r "$made/." "$root/usr/local/"
    use_program
    use_service
    ;;
  deb)
    clean_debian
    cp "$made" "$root/tmp/tiddu.deb"
    inside apt-get update -q > "$work/apt.log"
    before=$(inside dpkg-query -W | wc -l)
    inside apt-get install -q -y --no-install-recommends /tmp/tiddu.deb >> "$work/apt.log" 2>&1 || { tail "$work/apt.log"; exit 1; }
    echo "$(($(inside dpkg-query -W | wc -l) - before)) packages installed"
    inside dpkg --verify tiddu
    use_program
    use_service
    kill $service
    wait $service || true
    service=
    inside dpkg --purge tiddu
    if inside which tiddu || [ -e "$root/usr/share/tiddu" ]; then
      echo "tiddu is still there" >&2
      exit 1
    fi
    ;;
  wheel)
    clean_debian python3 python3-numpy python3-pip
    cp "$made" "$root/tmp/"
    inside pip install --quiet --no-index --break-system-packages --root-user-action ignore "/tmp/$(basename "$made")"
    as_nobody python3 - <<'END'
import numpy as np
import tiddu

digit = np.zeros((5, 28, 28), np.uint8)
digit[:, 4:24, 13:15] = 255
damaged = tiddu.distort(digit, "partly-damaged", seed=2)
restored = tiddu.restore(damaged)
print("tiddu", tiddu.__version__, restored.shape, restored.dtype, tiddu.classify(restored))
try:
    tiddu.restore(np.zeros((2, 9, 9)))
except tiddu.Error as error:
    print("refused:", error)
END
    ;;
  source)
    # What Swift itself wants, and what the README says that building needs.
    clean_debian ca-certificates
    (inside apt-get update -q && inside env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends make git python3 \
      python3-venv binutils gcc libc6-dev libstdc++-12-dev libcurl4 libxml2 libncurses6 libsqlite3-0 tzdata) > "$work/apt.log" 2>&1 \
      || { tail "$work/apt.log"; exit 1; }
    swift=$(realpath "$(dirname "$(readlink -f "$(command -v swift)")")/../..")
    bind "$swift" "$root/swift"
    # What this machine reaches others by: names, git's other places for packages, pip's.
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    for own in .gitconfig .swiftpm/configuration .config/pip; do
      [ ! -e "$HOME/$own" ] || (cd "$HOME" && cp -r --parents "$own" "$root/tmp/")
    done
    [ ! -e /etc/gitconfig ] || cp /etc/gitconfig "$root/etc/"
    for place in $(git config --get-regexp '^url\..*\.insteadof$' | sed -n 's/^url\.\(\/[^ ]*\)\.insteadof .*/\1/p' | sort -u); do
      bind "$place" "$root/$place"
    done
    git clone -q . "$root/tmp/tiddu"
    [ $# -gt 0 ] || set -- demo test
    for target in "$@"; do
      start=$SECONDS
      inside env PATH=/swift/usr/bin:/usr/bin:/bin:/usr/sbin:/sbin make -C /tmp/tiddu "$target" > "$work/$target.log" 2>&1 \
        || { grep -a "✘" "$work/$target.log" | head -60 || true; tail -40 "$work/$target.log"; exit 1; }
      echo "$suite: make $target: $((SECONDS - start)) s"
    done
    ;;
  *)
    echo "usage: Deployment/rehearse.sh prefix|deb|wheel|source PATH|SUITE" >&2
    exit 64
    ;;
esac
echo "$kind: works"
