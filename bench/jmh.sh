#!/bin/sh
# Builds and runs the JMH benchmarks, with the processor time of all threads beside the time.
# Needs a JDK 21 or newer as JAVA_HOME or on the PATH.
#   bench/jmh.sh [PATTERN] [OPTIONS OF JMH]        bench/jmh.sh apiKey -f 1
set -eu
cd "$(dirname "$0")/.."
mvn -B -ntp -q -Pjmh -pl bench -am package -DskipTests -Dspotless.check.skip=true
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" --enable-native-access=ALL-UNNAMED -cp "bench/target/classes:bench/target/lib/*" \
  org.openjdk.jmh.Main -prof io.sluice.bench.CpuProfiler -prof gc "$@"
