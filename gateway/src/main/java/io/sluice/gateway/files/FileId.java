package io.sluice.gateway.files;

import io.sluice.JobId;
import java.time.Instant;
import java.util.regex.Pattern;

/** {@code file-} and what a {@link JobId} has behind its own prefix, so that ids sort by time. */
public record FileId(String value) implements Comparable<FileId> {
  private static final String PREFIX = "file-";
  private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9a-f]{32}");

  public FileId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not the id of a file: " + value);
    }
  }

  public static FileId at(Instant now) {
    return new FileId(PREFIX + JobId.at(now).value().substring("job_".length()));
  }

  public static boolean isValid(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(FileId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
