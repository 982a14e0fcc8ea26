package io.sluice.worker.plan;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GPU and all of its memory.
 *
 * @param name what it calls itself; empty where only its size was given
 */
public record Gpu(String name, long bytes) {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,5}(?:\\.[0-9]{1,3})?)(gib|gb|mib|mb)");

  public Gpu {
    if (bytes < 1) {
      throw new IllegalArgumentException("a GPU of " + bytes + " bytes");
    }
  }

  /**
   * Reads a size, such as {@code 24GiB}, {@code 24564MiB} or {@code 80GB}.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  public static Gpu parse(String text) {
    Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
    double bytes = form.matches() ? Double.parseDouble(form.group(1)) * unit(form.group(2)) : 0;
    if (bytes < Bytes.MIB) {
      throw new IllegalArgumentException(
          "'" + text + "' is no memory of a GPU such as 24GiB or 24564MiB");
    }
    return new Gpu("", (long) bytes);
  }

  private static long unit(String name) {
    return switch (name) {
      case "gib" -> Bytes.GIB;
      case "gb" -> 1_000_000_000L;
      case "mib" -> Bytes.MIB;
      default -> 1_000_000L;
    };
  }
}
