#!/usr/bin/env bash
# The whole suite with sanitizers, the kernels under valgrind, and clang's analyzer:
#   Tests/Robustness/sanitizers.sh [analyzer] [address] [thread] [valgrind]    all of them, if none is named
# address: with it undefined behaviour in C, too. Each builds the package anew, in .build-sanitizers. Needs Swift's own clang; valgrind for
# valgrind, which knows no AVX-512: that level is checked by the address sanitizer where the processor has it, AVX2 and SSE2 by both.
set -euo pipefail
cd "$(dirname "$0")/../.."
export TIDDU_SERVICE=1 SWIFT_BACKTRACE=enable=no
here=$PWD/Tests/Robustness
clang=$(dirname "$(readlink -f "$(command -v swift)")")/clang

analyzer() {
  for file in Sources/CKernels/*.c Sources/CLibraries/*/*.c; do
    # That checker condemns memcpy itself.
    "$clang" --analyze -Xanalyzer -analyzer-output=text -Wall -Wextra \
      -Xclang -analyzer-checker=core,unix,security,deadcode,nullability,optin.portability \
      -Xclang -analyzer-disable-checker=security.insecureAPI.DeprecatedOrUnsafeBufferHandling \
      -ISources/CKernels/include -ISources/CLibraries/CHDF5Files/include $(pkg-config --cflags hdf5-serial) "$file" 2>&1
  done | tee .build-sanitizers/analyzer.log
  ! grep -q "warning:" .build-sanitizers/analyzer.log
}

suite() {
  name=$1
  shift
  swift build -c release --scratch-path ".build-sanitizers/$name" --build-tests "$@"
  # Sanitizers want more address space than these tests leave.
  ".build-sanitizers/$name/release/tidduPackageTests.xctest" --testing-library swift-testing --skip "tooLittleMemory|withoutMemory"
}

address() {
  export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1:suppressions=$here/address.supp
  suite address --sanitize address -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined
}

thread() {
  export TSAN_OPTIONS=suppressions=$here/thread.supp:halt_on_error=1
  mkdir -p .build-sanitizers/thread
  mutex=$PWD/.build-sanitizers/thread/mutex.o
  "$clang" -O2 -c $here/mutex.c -o "$mutex"
  handle='$s15Synchronization12_MutexHandleV'
  suite thread --sanitize thread -Xlinker "$mutex" -Xlinker "--wrap=${handle}9_lockSlowyys6UInt32VF" \
    -Xlinker "--wrap=${handle}11_unlockSlowyyF"
}

# Training and restoring by every kind of layer, in programs that fit a patience: a hundredth of the speed.
valgrind_kernels() {
  swift build -c release --product tiddu
  mkdir -p .build-sanitizers/valgrind
  # Valgrind cannot read what Swift's compiler says for debuggers.
  strip -S -o .build-sanitizers/valgrind/tiddu .build/release/tiddu
  tiddu() {
    echo "$TIDDU_MAX_ISA: tiddu $*"
    valgrind -q --error-exitcode=9 --suppressions=$here/valgrind.supp .build-sanitizers/valgrind/tiddu "$@" --quiet
  }
  export TIDDU_MODELS=$PWD/Models
  for TIDDU_MAX_ISA in AVX2 SSE2; do
    export TIDDU_MAX_ISA
    work=$(mktemp -d)
    tiddu data synthesize --into "$work/few.csv" --count 6
    tiddu distort "$work/few.csv" --recipe everyday --into "$work/distorted.npz"
    tiddu train --subset 20 --epochs 1 --threads 1 --into "$work/dense"
    tiddu train --preset report-conv-2-8-bce --subset 8 --epochs 1 --threads 1 --into "$work/conv"
    tiddu train --preset report-classifier --subset 8 --epochs 1 --validation none --threads 1 --into "$work/classifier"
    tiddu train --architecture $here/every-layer.yaml --subset 8 --epochs 1 --threads 2 --into "$work/every"
    tiddu restore tiddu-best "$work/distorted.npz" --into "$work/restored.npz" --threads 1
    tiddu restore "$work/dense" "$work/distorted.npz" --into "$work/restored2.npz" --threads 2
    rm -rf "$work"
  done
}

mkdir -p .build-sanitizers
[ $# -gt 0 ] || set -- analyzer address thread valgrind
for check in "$@"; do
  echo "== $check"
  case $check in
    analyzer | address | thread) $check ;;
    valgrind) valgrind_kernels ;;
    *) echo "there is no check $check" >&2; exit 64 ;;
  esac
done
