#!/usr/bin/env bash
# Coverage-guided fuzzing of readers by libFuzzer, with the address sanitizer:
#   Tools/fuzz.sh TARGET [INPUTS, default 100000]     one of the names in Tests/Fuzzing/Targets.swift
#   Tools/fuzz.sh all [INPUTS]                        all of them, as many at a time as there are cores, and a table
#   Tools/fuzz.sh "TARGET TARGET ..." [INPUTS]        the same of some
# An input that crashes, hangs for over a second or takes over 1 GiB is left in finds/TARGET; once that is mended it goes to
# Tests/FuzzingTests/Corpus/TARGET, which `make test` reads.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:?usage: Tools/fuzz.sh TARGET|all [INPUTS]}
inputs=${2:-100000}
scratch=.build-fuzzing

build() {
  TIDDU_FUZZING=1 swift build -c release --scratch-path $scratch --product tiddu-fuzzing --sanitize address \
    -Xswiftc -sanitize=fuzzer -Xswiftc -parse-as-library -Xcc -fsanitize=fuzzer-no-link
  swiftc -sanitize=fuzzer,address -o $scratch/fuzzer @$scratch/release/tiddu-fuzzing.product/Objects.LinkFileList -lm \
    $(pkg-config --libs libcrypto libwebp libwebpdemux libwebpmux libtiff-4 libturbojpeg spng libzip zlib lept hdf5-serial sqlite3) \
    2> $scratch/link.log || { cat $scratch/link.log >&2; exit 1; }
}

fuzz() {
  corpus=$scratch/corpus/$1
  mkdir -p "finds/$1" "$corpus"
  [ ! -d "Tests/FuzzingTests/Corpus/$1" ] || cp "Tests/FuzzingTests/Corpus/$1"/* "$corpus/"
  TIDDU_FUZZING_TARGET=$1 TIDDU_FUZZING_SEEDS=$corpus SWIFT_BACKTRACE=enable=no $scratch/fuzzer -runs="$inputs" -timeout=1 \
    -rss_limit_mb=1024 -artifact_prefix="finds/$1/" -print_final_stats=1 "$corpus"
}

# One line of the table: inputs, edges that were covered, the most memory, what was found.
row() {
  log=$scratch/$1.log
  # A process of its own or a training with its files for each input takes a hundred times as long; of zip archives some do.
  case $1 in keras | run) inputs=$((inputs / 100)) ;; keras-zip) inputs=$((inputs / 5)) ;; esac
  fuzz "$1" > "$log" 2>&1 || true
  printf '| %s | %s | %s | %s MiB | %s |\n' "$1" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)" "$(sed -n 's/^stat::peak_rss_mb: *//p' "$log")" \
    "$(sed -n 's/^\(SUMMARY: .*\)/\1/p' "$log" | head -1)"
}

build
case $target in
  # Asked for none, it names all.
  all) targets=$( (TIDDU_FUZZING_TARGET= $scratch/fuzzer -runs=0 2>&1 || true) | sed -n 's/^TIDDU_FUZZING_TARGET is one of //p') ;;
  *" "*) targets=$target ;;
  *)
    fuzz "$target"
    exit
    ;;
esac
export -f fuzz row
export scratch inputs
echo '| target | inputs | edges | memory | finds |'
echo '|---|---|---|---|---|'
tr ' ' '\n' <<< "$targets" | xargs -P "$(nproc)" -I{} bash -c 'row {}'
