#!/bin/sh
# A long batch beside interactive jobs: what it costs them, the gateway's memory, and how near it comes to what its slots allow.
# The engine is simulated: 192 slots, three seconds a job. Interactive jobs come by chance, 3.2 a second, first alone and then beside the batch.
#   bench/batch.sh [LINES] [MODE]      MODE batch; pauses to pause it every other 35 s, so that what else the machine does meets both alike;
#                                      jobs for the same lines as single jobs of class batch
# One process on the embedded store; with SLUICE_AMQP_URL and SLUICE_REDIS_URL a gateway and a worker of their own.
set -eu
cd "$(dirname "$0")/.."
lines=${1:-50000} mode=${2:-batch} slots=192 rate=3.2 alone=${ALONE_SECONDS:-150}
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
  cat "$2" "$2.log" >&2
  exit 1
}

./sluice engine-sim --port 0 --slots $slots --token-ms 1500 --answer-tokens 2 >"$work/engine" 2>"$work/engine.log" &
started="$started $!"
engine=$(address engine-sim "$work/engine") model=qwen3:14b
export SLUICE_AUDIT_DIR="$work/audit" SLUICE_DATA="$work/data" SLUICE_FILES="$work/files" SLUICE_CALIBRATE=no SLUICE_MODEL=$model
mkdir -p "$work/files"
if [ -n "${SLUICE_AMQP_URL:-}" ]; then
  key=$(./sluice key create --tenant bench --json --scope ollama:chat --scope batch | sed -n 's/.*"key" *: *"\([^"]*\)".*/\1/p')
  JAVA_TOOL_OPTIONS=-Xmx512m ./sluice gateway --port 0 >"$work/gateway" 2>"$work/gateway.log" &
  gateway=$! started="$started $!"
  SLUICE_FILES='' ./sluice worker --engine "$engine" --slots $slots >"$work/worker" 2>"$work/worker.log" &
  started="$started $!"
  sluice=$(address sluice "$work/gateway")
else
  JAVA_TOOL_OPTIONS=-Xmx512m ./sluice up --port 0 --engine "$engine" --slots $slots >"$work/gateway" 2>"$work/gateway.log" &
  gateway=$! started="$started $!"
  sluice=$(address sluice "$work/gateway")
  key=$(cat "$work/data/api-key")
fi
uptime
"${JAVA_HOME:+$JAVA_HOME/bin/}java" bench/src/main/java/io/sluice/bench/BatchLoad.java \
  "$sluice" "$key" "$engine" $model "$gateway" "$mode" "$lines" $slots $rate "$alone"
uptime
