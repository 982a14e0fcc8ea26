package io.sluice.file;

import java.util.Optional;

/**
 * The first thing that is wrong with a log.
 *
 * @param seq the first entry that is not as it was written
 * @param file where it is, or should be
 * @param text what is wrong, one sentence
 */
public record Flaw(Kind kind, long seq, Optional<String> file, String text) {
  /** What somebody, or a fault, has done. */
  public enum Kind {
    CHANGED,
    REMOVED,
    REORDERED,
    INSERTED,
    CUT,
    FILE_MISSING,
    REPLACED,
    NO_CHECKPOINT,
    FOUND_BEFORE
  }
}
