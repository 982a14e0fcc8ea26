#!/bin/sh
# How many documents a second become text: a corpus of N (bench/corpus.sh), type by type, in P processes.
#   bench/documents.sh [N] [P]            1000 and 2 unless said; figures for docs/PERFORMANCE.md
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$(dirname "$0")/.."
bench/corpus.sh "${1:-1000}" "$folder" >/dev/null
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "documents/target/test-classes:documents/target/classes:documents/target/lib/*" \
  io.sluice.documents.corpus.SpeedMain "$folder" "${2:-2}"
