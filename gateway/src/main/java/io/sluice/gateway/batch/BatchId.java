package io.sluice.gateway.batch;

import io.sluice.JobId;
import io.sluice.codec.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The identity of a batch: {@code batch_} and what stands behind {@code job_} in a job's, so that
 * ids sort by the time of their creation.
 */
record BatchId(String value) {
  private static final String PREFIX = "batch_";
  private static final Pattern FORM = Pattern.compile("batch_[0-9a-f]{12}7[0-9a-f]{19}");

  static BatchId at(Instant now) {
    return new BatchId(PREFIX + JobId.at(now).value().substring("job_".length()));
  }

  /** Empty for what is none. */
  static Optional<BatchId> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new BatchId(text)) : Optional.empty();
  }

  /** The one that has a folder of this name. */
  static BatchId ofFolder(String name) {
    return new BatchId(PREFIX + turned(name));
  }

  /** When it was made, by the clock of the gateway that made it. */
  Instant createdAt() {
    return new JobId("job_" + value.substring(PREFIX.length())).createdAt();
  }

  /** The name of its folder: a list of folders begins with the newest. */
  String folder() {
    return turned(value.substring(PREFIX.length()));
  }

  /**
   * A file that it makes, the same whoever makes it: of a time-ordered id the time, and of the rest
   * what nobody guesses who does not know the batch.
   *
   * @param use what it is for
   */
  String file(String use) {
    String unique = value.substring(PREFIX.length());
    String digest = Sha256.hex((value + ":" + use).getBytes(StandardCharsets.UTF_8));
    return "file-" + unique.substring(0, 17) + digest.substring(0, 15);
  }

  /** Every digit by the one that is as far from the other end. */
  private static String turned(String hex) {
    StringBuilder turned = new StringBuilder(hex.length());
    for (int i = 0; i < hex.length(); i++) {
      turned.append(Character.forDigit(15 - Character.digit(hex.charAt(i), 16), 16));
    }
    return turned.toString();
  }

  @Override
  public String toString() {
    return value;
  }
}
