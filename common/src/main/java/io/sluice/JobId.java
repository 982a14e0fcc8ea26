package io.sluice;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The identity of a job: {@code job_} and a UUIDv7 (RFC 9562) without dashes, so that ids sort by
 * the time of their creation and say when that was.
 */
public record JobId(String value) implements Comparable<JobId> {
  private static final Pattern FORM = Pattern.compile("job_[0-9a-f]{12}7[0-9a-f]{19}");
  private static final SecureRandom RANDOM = new SecureRandom();

  public JobId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a job id: " + value);
    }
  }

  public static JobId at(Instant now) {
    long high = (now.toEpochMilli() << 16) | 0x7000L | (RANDOM.nextInt() & 0xfffL);
    long low = (RANDOM.nextLong() >>> 2) | 0x8000000000000000L;
    return new JobId("job_" + new UUID(high, low).toString().replace("-", ""));
  }

  public static boolean isValid(String text) {
    return FORM.matcher(text).matches();
  }

  /** When the id was made, by the clock of the gateway that made it, in whole milliseconds. */
  public Instant createdAt() {
    return Instant.ofEpochMilli(Long.parseLong(value, 4, 16, 16));
  }

  @Override
  public int compareTo(JobId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
