package io.sluice;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place in a job's log of events: the fence of the attempt that wrote it, and its number within
 * that attempt. The id of an SSE event is its text form, {@code fence.seq}.
 */
public record Position(long fence, long seq) implements Comparable<Position> {
  /** Before every event. */
  public static final Position START = new Position(0, 0);

  private static final Pattern FORM = Pattern.compile("[0-9]{1,16}\\.[0-9]{1,10}");
  private static final Comparator<Position> ORDER =
      Comparator.comparingLong(Position::fence).thenComparingLong(Position::seq);

  /** Reads the text form; empty if it is not one. */
  public static Optional<Position> parse(String text) {
    if (!FORM.matcher(text).matches()) {
      return Optional.empty();
    }
    int dot = text.indexOf('.');
    return Optional.of(
        new Position(
            Long.parseLong(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1))));
  }

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return fence + "." + seq;
  }
}
