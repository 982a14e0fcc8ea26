package io.sluice.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What writers have said of the log in the log: what they found and mended, or could not, and what
 * was lost to them.
 */
final class WritersNotes {
  private static final int NOTES_MAX = 1_000;

  /** How the actions of the log itself begin, and no others. */
  private static final byte[] OWN = "\"action\":\"audit_".getBytes(StandardCharsets.US_ASCII);

  private final List<String> notes = new ArrayList<>();
  private long untold;

  /** Reads an entry if it is one of these; what is no note but a flaw. */
  Optional<String> read(long seq, LinesForwards lines) {
    if (!contains(lines, OWN)) {
      return Optional.empty();
    }
    String line =
        new String(
            lines.bytes(), lines.from(), lines.to() - lines.from(), StandardCharsets.US_ASCII);
    try {
      return read(seq, Json.parse(line));
    } catch (CodecException e) {
      add("entry " + seq + " cannot be read as JSON");
      return Optional.empty();
    }
  }

  private Optional<String> read(long seq, JsonNode json) {
    String action = json.path("action").asText();
    JsonNode details = json.path("details");
    String when = " (" + json.path("time").asText() + ")";
    if (Action.AUDIT_LOSS.wireName().equals(action)) {
      add("entry " + seq + ": events lost: " + details.path("events").asText() + when);
    } else if (Action.AUDIT_REPAIR.wireName().equals(action)) {
      String cause = details.path("cause").asText() + when;
      if (Outcome.FAILED.wireName().equals(json.path("outcome").asText())) {
        return Optional.of("a writer found that " + cause);
      }
      add("entry " + seq + ": " + cause);
    }
    return Optional.empty();
  }

  void add(String note) {
    if (notes.size() < NOTES_MAX) {
      notes.add(note);
    } else {
      untold++;
    }
  }

  List<String> all() {
    if (untold == 0) {
      return notes;
    }
    List<String> all = new ArrayList<>(notes);
    all.add("and " + untold + " more of these");
    return all;
  }

  private static boolean contains(LinesForwards lines, byte[] part) {
    byte[] bytes = lines.bytes();
    int end = lines.to() - part.length;
    for (int at = lines.from(); at <= end; at++) {
      if (bytes[at] == '"' && Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }
}
