package io.sluice.gateway.files;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which bytes of a file are wanted (RFC 9110 section 14).
 *
 * @param first the first of them
 * @param length how many; 0 only of an empty file
 */
record ByteRange(long first, long length) {
  private static final Pattern FORM = Pattern.compile("bytes=([0-9]{0,15})-([0-9]{0,15})");

  /** What came of a header. */
  sealed interface Wish {
    /** None, several, or one that cannot be read: the whole file is the answer. */
    record Whole() implements Wish {}

    record Part(ByteRange range) implements Wish {}

    /** There is no such byte. */
    record Unsatisfiable() implements Wish {}
  }

  static Wish parse(Optional<String> header, long bytes) {
    Matcher form = FORM.matcher(header.orElse(""));
    if (!form.matches() || form.group(1).isEmpty() && form.group(2).isEmpty()) {
      return new Wish.Whole();
    }
    if (form.group(1).isEmpty()) {
      long last = Math.min(bytes, Long.parseLong(form.group(2)));
      return last == 0
          ? new Wish.Unsatisfiable()
          : new Wish.Part(new ByteRange(bytes - last, last));
    }
    long first = Long.parseLong(form.group(1));
    long end = form.group(2).isEmpty() ? bytes - 1 : Long.parseLong(form.group(2));
    if (end < first && !form.group(2).isEmpty()) {
      return new Wish.Whole();
    }
    return first >= bytes
        ? new Wish.Unsatisfiable()
        : new Wish.Part(new ByteRange(first, Math.min(end, bytes - 1) - first + 1));
  }

  String header(long bytes) {
    return "bytes " + first + "-" + (first + length - 1) + "/" + bytes;
  }
}
