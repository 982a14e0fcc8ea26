package io.sluice.gateway.bulk;

import io.sluice.FileStore;
import java.util.List;

/** Reads a journal that somebody may still add to. Used by one thread at a time; blocks. */
public final class JournalTail {
  private final Segments segments;
  private final long after;
  private long next;

  private JournalTail(Segments segments, long after, long next) {
    this.segments = segments;
    this.after = after;
    this.next = next;
  }

  /**
   * @param after the number of the last entry that is known; 0 for none
   */
  public static JournalTail open(FileStore files, String folder, long after) {
    Segments segments = new Segments(files, folder);
    return new JournalTail(segments, after, after == 0 ? 1 : segments.beginOf(after + 1));
  }

  /** Some entries more, in order, a MiB or one entry at most; none if there are no more now. */
  public List<Journal.Entry> more() {
    List<Journal.Entry> entries = segments.at(next);
    next += entries.size();
    if (entries.isEmpty() || entries.getFirst().seq() > after) {
      return entries;
    }
    List<Journal.Entry> unknown = entries.stream().filter(it -> it.seq() > after).toList();
    return unknown.isEmpty() ? more() : unknown;
  }
}
