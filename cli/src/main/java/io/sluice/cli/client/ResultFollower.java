package io.sluice.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * One reader of the results of one undertaking, over as many connections as it takes: each goes on
 * after the last result that came.
 */
final class ResultFollower {
  /** Between two connections that ended at once, where a server does not hold them open. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Bulk bulk;
  private final Endurance endurance;
  private final Undertaking kind;
  private final String id;
  private final ResultReader reader;
  private long last;

  ResultFollower(Bulk bulk, Endurance endurance, Undertaking kind, String id, ResultReader reader) {
    this.bulk = bulk;
    this.endurance = endurance;
    this.kind = kind;
    this.id = id;
    this.reader = reader;
  }

  JsonNode follow(long after) {
    last = after;
    while (true) {
      long before = last;
      boolean whole = read(true);
      JsonNode found = bulk.find(kind, id);
      // Seen as ended: what is there now is all, however the stream before came to its end.
      if (isEnded(found) && read(false)) {
        return found;
      }
      if (!whole || last == before) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  /** Whether the results were read to the end, rather than cut off. */
  private boolean read(boolean live) {
    try (InputStream in = endurance.until(() -> bulk.results(kind, id, last, live))) {
      ResultParser parser = new ResultParser(in);
      for (Optional<ResultLine> line = parser.next(); line.isPresent(); line = parser.next()) {
        take(line.get());
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void take(ResultLine line) {
    if (line.seq() > last) {
      reader.result(line);
      last = line.seq();
    }
  }

  private static boolean isEnded(JsonNode found) {
    return switch (found.path("status").asText()) {
      case "completed", "failed", "cancelled", "expired" -> true;
      default -> false;
    };
  }
}
