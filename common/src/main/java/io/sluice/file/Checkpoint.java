package io.sluice.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.util.Optional;

/**
 * How far the log goes, as a second place knows it.
 *
 * @param turn counts the checkpoints, so that the newer of two is known
 * @param seq the last entry, 0 before the first
 * @param hash the hash of that entry
 * @param first the first entry that is kept: those before were deleted as the settings say
 * @param firstPrev the {@code prev} of that entry
 */
record Checkpoint(long turn, long seq, String hash, long first, String firstPrev) {
  static final Checkpoint EMPTY = new Checkpoint(0, 0, Link.NONE, 1, Link.NONE);

  Checkpoint at(long last, String lastHash) {
    return new Checkpoint(turn + 1, last, lastHash, first, firstPrev);
  }

  Checkpoint beginning(long kept, String keptPrev) {
    return new Checkpoint(turn, seq, hash, kept, keptPrev);
  }

  /** What two of them know together: the further end, in a turn that neither is behind. */
  Checkpoint and(Checkpoint other) {
    boolean further = seq > other.seq || seq == other.seq && turn >= other.turn;
    Checkpoint far = further ? this : other;
    return new Checkpoint(Math.max(turn, other.turn), far.seq, far.hash, far.first, far.firstPrev);
  }

  /** How many entries there are. */
  long count() {
    return seq - first + 1;
  }

  String write(AuditKey key) {
    return key.signed(text());
  }

  /** Empty if this key did not sign it. */
  static Optional<Checkpoint> read(String text, AuditKey key) {
    try {
      JsonNode json = Json.parse(text);
      Checkpoint read =
          new Checkpoint(
              json.path("turn").asLong(),
              json.path("seq").asLong(),
              json.path("hash").asText(),
              json.path("first").asLong(),
              json.path("first_prev").asText());
      return key.hasSigned(read.text(), json) ? Optional.of(read) : Optional.empty();
    } catch (CodecException e) {
      return Optional.empty();
    }
  }

  private String text() {
    return Json.write(
        Json.object()
            .put("turn", turn)
            .put("seq", seq)
            .put("hash", hash)
            .put("count", count())
            .put("first", first)
            .put("first_prev", firstPrev));
  }
}
