package io.sluice.file;

import io.sluice.AuditEvent;
import io.sluice.AuditLog.Query;
import io.sluice.Unavailable;
import io.sluice.codec.AuditCodec;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks through a log from its end. Lines that do not match are passed over unparsed. */
final class Search {
  /** Entries are in the order of their writing, which is nearly that of their times. */
  private static final Duration DISORDER = Duration.ofMinutes(10);

  private final Query query;
  private final long deadline;
  private final Duration within;
  private final List<String> parts;
  private final List<AuditEvent> found = new ArrayList<>();

  Search(Query query, Duration within) {
    this.query = query;
    this.within = within;
    this.deadline = System.nanoTime() + within.toNanos();
    this.parts =
        Stream.of(
                query.tenant().map(it -> Entry.field("tenant", it)),
                query.principal().map(it -> Entry.field("principal", it)),
                query.address().map(it -> Entry.field("address", it)),
                query.target().map(it -> Entry.field("target", it)),
                query.action().map(it -> Entry.field("action", it.wireName())),
                query.outcome().map(it -> Entry.field("outcome", it.wireName())))
            .flatMap(Optional::stream)
            .toList();
  }

  List<AuditEvent> in(LogFiles files) throws IOException {
    for (LogFiles.LogFile file : files.all().reversed()) {
      try {
        if (!look(file)) {
          break;
        }
      } catch (NoSuchFileException e) {
        // It was too old and was deleted meanwhile, as all before it.
        break;
      }
    }
    return found;
  }

  /** Whether the search goes on in the file before. */
  private boolean look(LogFiles.LogFile file) throws IOException {
    try (LinesBackwards lines = LinesBackwards.open(file.path())) {
      for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
        if (System.nanoTime() > deadline) {
          throw new Unavailable(
              FileAudit.PART,
              "the search takes longer than " + within.toSeconds() + " s: say since when");
        }
        if (!take(new String(line.get(), StandardCharsets.ISO_8859_1))
            || found.size() >= query.limit()) {
          return false;
        }
      }
    }
    return true;
  }

  /** Takes a line that matches; false when no earlier one can. */
  private boolean take(String line) {
    boolean mayMatch = parts.stream().allMatch(line::contains);
    if (!mayMatch && query.since().isEmpty()) {
      return true;
    }
    Optional<AuditEvent> event = event(line);
    if (event.isEmpty()) {
      return true;
    }
    if (mayMatch && matches(event.get())) {
      found.add(event.get());
    }
    return query.since().isEmpty() || event.get().at().isAfter(query.since().get().minus(DISORDER));
  }

  /** Lines that were spoilt, or that a newer program wrote, match nothing. */
  private static Optional<AuditEvent> event(String line) {
    try {
      return Optional.of(AuditCodec.read(Json.parse(line)));
    } catch (CodecException e) {
      return Optional.empty();
    }
  }

  private boolean matches(AuditEvent event) {
    return is(query.tenant(), event.tenant())
        && is(query.principal(), event.principal())
        && is(query.address(), event.address())
        && is(query.target(), event.target())
        && query.action().filter(it -> it != event.action()).isEmpty()
        && query.outcome().filter(it -> it != event.outcome()).isEmpty()
        && query.since().filter(event.at()::isBefore).isEmpty()
        && query.until().filter(event.at()::isAfter).isEmpty();
  }

  private static boolean is(Optional<String> wanted, Optional<String> value) {
    return wanted.isEmpty() || wanted.equals(value);
  }
}
