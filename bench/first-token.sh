#!/bin/sh
# Time to the first token with one client: the engine alone, and the same engine behind Sluice, taken in turns in one run.
# The engine is simulated (20 ms a token), unless one is named; Sluice is one process on the embedded store.
#   bench/first-token.sh [ROUNDS] [ENGINE_URL MODEL]
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-200}
work=$(mktemp -d)
started=
stop() {
  for pid in $started; do kill "$pid" 2>/dev/null || true; done
  for pid in $started; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap stop EXIT INT TERM

# Waits up to a minute for the line that a program prints when it serves, and prints the address in it.
address() {
  for _ in $(seq 600); do
    found=$(sed -n "s/^$1 ready //p" "$2")
    [ -z "$found" ] || { echo "$found"; return; }
    sleep 0.1
  done
  cat "$2" >&2
  exit 1
}

if [ $# -ge 3 ]; then
  engine=$2 model=$3
else
  ./sluice engine-sim --port 0 --token-ms 20 --answer-tokens 4 >"$work/engine" &
  started="$started $!"
  engine=$(address engine-sim "$work/engine") model=qwen3:14b
fi
SLUICE_AUDIT_DIR="$work/audit" ./sluice up --port 0 --data "$work/data" --engine "$engine" --model "$model" --slots 2 \
  >"$work/up" 2>"$work/up.log" &
started="$started $!"
sluice=$(address sluice "$work/up")
uptime
"${JAVA_HOME:+$JAVA_HOME/bin/}java" bench/src/main/java/io/sluice/bench/FirstToken.java \
  "$rounds" "$model" "$engine" "$sluice" "$(cat "$work/data/api-key")"
uptime
