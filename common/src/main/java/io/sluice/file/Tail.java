package io.sluice.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import io.sluice.codec.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The end of the log.
 *
 * @param file the last file; one that is not there yet has no bytes
 * @param bytes whole lines in it
 * @param torn bytes behind them, of a line that a killed process did not end
 * @param day of its first entry, in UTC
 * @param seq the last entry, 0 where there is none
 * @param sameFile what tells the file from another one in its place
 */
record Tail(
    LogFiles.LogFile file,
    long bytes,
    long torn,
    LocalDate day,
    long seq,
    String hash,
    Optional<Object> sameFile) {

  static Tail look(LogFiles files, LocalDate today) throws IOException {
    List<LogFiles.LogFile> all = files.all();
    if (all.isEmpty()) {
      return new Tail(files.beginning(1), 0, 0, today, 0, Link.NONE, Optional.empty());
    }
    LogFiles.LogFile file = all.getLast();
    long size = Files.size(file.path());
    try (LinesBackwards lines = LinesBackwards.open(file.path())) {
      long whole = lines.end();
      Optional<byte[]> last = lines.next();
      // A file that was made and got no entry yet: the end is that of the file before.
      for (int at = all.size() - 2; last.isEmpty() && at >= 0; at--) {
        last = lastLine(all.get(at).path());
      }
      Link link = last.map(Tail::link).orElse(new Link(0, "", Link.NONE, true));
      return new Tail(
          file,
          whole,
          size - whole,
          firstTime(file.path())
              .map(time -> LocalDate.ofInstant(time, ZoneOffset.UTC))
              .orElse(today),
          link.seq(),
          link.hash(),
          identity(file.path()));
    }
  }

  /** Whether nobody else has written since. */
  boolean holds(LogFiles files) {
    try {
      BasicFileAttributes now = Files.readAttributes(file.path(), BasicFileAttributes.class);
      return now.size() == bytes
          && Optional.ofNullable(now.fileKey()).equals(sameFile)
          && !(bytes > 0 && Files.exists(files.beginning(seq + 1).path()));
    } catch (IOException e) {
      return false;
    }
  }

  static Optional<Object> identity(Path file) throws IOException {
    return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
  }

  /** When the first entry of a file was written; none if it has no entry that can be read. */
  static Optional<Instant> firstTime(Path file) throws IOException {
    return firstLine(file)
        .flatMap(
            line -> {
              try {
                JsonNode json = Json.parse(new String(line, StandardCharsets.UTF_8));
                return Optional.of(Instant.parse(json.path("time").asText()));
              } catch (CodecException | DateTimeException e) {
                return Optional.empty();
              }
            });
  }

  static Optional<byte[]> firstLine(Path file) throws IOException {
    try (LinesForwards lines = LinesForwards.open(file)) {
      return lines.next() && lines.ended()
          ? Optional.of(Arrays.copyOfRange(lines.bytes(), lines.from(), lines.to()))
          : Optional.empty();
    }
  }

  private static Optional<byte[]> lastLine(Path file) throws IOException {
    try (LinesBackwards lines = LinesBackwards.open(file)) {
      return lines.next();
    }
  }

  /** A line that somebody has spoilt still has a hash that the next can be bound to. */
  private static Link link(byte[] line) {
    return Link.read(line).orElseGet(() -> new Link(0, "", Sha256.hex(line), false));
  }
}
