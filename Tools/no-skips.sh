#!/usr/bin/env bash
# Fails where a log of `swift test` tells of tests that were skipped and should not have been. Usage: no-skips.sh LOG [TARGET],
# where the log is of that target, whose own tests must have run; without it, of make test.
set -euo pipefail
allowed='runs by make check-long'
if [ "${2:-}" != test-ecosystem ]; then allowed="$allowed|runs by make test-ecosystem"; fi
skipped=$(grep -E '^➜ .* skipped|^.*skipped at ' "$1" | grep -vE "$allowed" || true)
if [ -n "$skipped" ]; then
  echo "Skipped, and must not be here:" >&2
  echo "$skipped" >&2
  exit 1
fi
