#!/bin/sh
# Simulates the scheduler in virtual time, and prints the tables of docs/PERFORMANCE.md: exact, and the same everywhere.
# Needs a JDK 21 or newer as JAVA_HOME or on the PATH.
set -eu
cd "$(dirname "$0")/.."
mvn -B -ntp -q -Pjmh -pl bench -am package -DskipTests -Dspotless.check.skip=true
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "bench/target/classes:bench/target/lib/*" io.sluice.bench.schedule.Schedule
