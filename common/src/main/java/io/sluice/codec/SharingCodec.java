package io.sluice.codec;

import io.sluice.Cached;
import io.sluice.JobId;
import io.sluice.Sharing;
import java.time.Duration;
import java.util.Optional;

/** What jobs share, and how they were answered, as words for the stores. */
public final class SharingCodec {
  private SharingCodec() {}

  /** {@code KEY OLDEST AGE ENTRIES BYTES}, times in ms. */
  public static String write(Sharing sharing) {
    Sharing.Terms terms = sharing.terms();
    return String.join(
        " ",
        sharing.key(),
        String.valueOf(sharing.oldest().toMillis()),
        String.valueOf(terms.age().toMillis()),
        String.valueOf(terms.entriesMax()),
        String.valueOf(terms.bytesMax()));
  }

  /** Empty for a form that this program does not know, of a newer one: the job then shares none. */
  public static Optional<Sharing> read(String text) {
    String[] words = text.split(" ");
    if (words.length != 5) {
      return Optional.empty();
    }
    return Optional.of(
        new Sharing(
            words[0],
            Duration.ofMillis(Long.parseLong(words[1])),
            new Sharing.Terms(
                Duration.ofMillis(Long.parseLong(words[2])),
                Integer.parseInt(words[3]),
                Long.parseLong(words[4]))));
  }

  /** {@code HOW} or {@code HOW SOURCE}. */
  public static String write(Cached cached) {
    return cached.how().wireName() + cached.source().map(id -> " " + id.value()).orElse("");
  }

  /** Empty for a way that this program does not know, of a newer one. */
  public static Optional<Cached> readCached(String text) {
    String[] words = text.split(" ");
    Optional<JobId> source = words.length > 1 ? Optional.of(new JobId(words[1])) : Optional.empty();
    for (Cached.How how : Cached.How.values()) {
      if (how.wireName().equals(words[0])) {
        return Optional.of(new Cached(how, source));
      }
    }
    return Optional.empty();
  }
}
