#!/bin/sh
# Makes a folder of real documents: the texts, HTML and .gz that Debian's packages bring, and PDFs and DOCX of them.
#   bench/corpus.sh N FOLDER [SOURCE]     SOURCE is /usr/share/doc unless said; the same files each time
# Prints each file's name and where its text is from. Needs a JDK 21 or newer as JAVA_HOME or on the PATH.
set -eu
case $# in 2 | 3) ;; *) echo "usage: $0 N FOLDER [SOURCE]" >&2; exit 2 ;; esac
number=$1
folder=$(realpath -m "$2")
source=$(realpath -m "${3:-/usr/share/doc}")
cd "$(dirname "$0")/.."
mvn -B -ntp -q -Pcorpus -pl documents -am package -DskipTests -Dspotless.check.skip=true
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider -Dlog4j2.StatusLogger.level=OFF \
  -cp "documents/target/test-classes:documents/target/classes:documents/target/lib/*" \
  io.sluice.documents.corpus.CorpusMain "$number" "$folder" "$source"
