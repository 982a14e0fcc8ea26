package io.sluice.file;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An audit log in a folder of a test's own, and what somebody may do to its files. */
record TemporaryAudit(Path data, FileAuditConfig config) implements AutoCloseable {
  static TemporaryAudit make(long fileBytesMax, int daysKept) {
    try {
      Path data = Files.createTempDirectory("sluice-audit");
      FileAuditConfig in = FileAuditConfig.in(data);
      return new TemporaryAudit(
          data,
          new FileAuditConfig(in.folder(), in.checkpoint(), in.key(), fileBytesMax, daysKept));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static TemporaryAudit make() {
    return make(FileAuditConfig.FILE_BYTES_MAX, 0);
  }

  static AuditEvent event(int number) {
    return AuditEvent.of(Instant.now(), Action.JOB_SUBMIT, Outcome.SUCCESS)
        .tenant("acme")
        .address("10.1.2.3")
        .target("job_" + number)
        .detail("number", String.valueOf(number));
  }

  FileAudit open() {
    return FileAudit.open(config, InstantSource.system());
  }

  /** Writes entries, each in a batch of its own, and closes the log. */
  void write(int from, int to) {
    try (FileAudit audit = open()) {
      IntStream.range(from, to).forEach(n -> Await.await(audit.append(event(n))));
    }
  }

  Verdict verify() {
    return new AuditReader(config).verify(Optional.empty());
  }

  Flaw flaw() {
    return verify().flaw().orElseThrow(() -> new AssertionError("nothing was found"));
  }

  List<Path> files() {
    try {
      return new LogFiles(config.folder()).all().stream().map(LogFiles.LogFile::path).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path only() {
    return files().getFirst();
  }

  static List<String> lines(Path file) {
    return List.of(text(file).split("\n"));
  }

  static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void put(Path file, String text) {
    try {
      Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void put(Path file, List<String> lines) {
    put(file, String.join("\n", lines) + "\n");
  }

  /** The line of an entry as somebody who knows the form would forge it. */
  static String forged(int seq, AuditEvent event, String lineBefore) {
    String prev = lineBefore.isEmpty() ? Link.NONE : hash(lineBefore);
    return Entry.of(seq, event, prev).line().strip();
  }

  static String hash(String line) {
    return Link.read(line.getBytes(StandardCharsets.ISO_8859_1)).orElseThrow().hash();
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
