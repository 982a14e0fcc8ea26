package io.sluice.gateway.webhook;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ports from one to another, both included: {@code 443} or {@code 8000-8999}. */
public record PortRange(int first, int last) {
  private static final int PORT_MAX = 65_535;
  private static final Pattern FORM = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

  public PortRange {
    if (first < 1 || last < first || last > PORT_MAX) {
      throw new IllegalArgumentException("ports are 1 to 65535, the lower one first");
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with a sentence for whoever wrote it
   */
  public static PortRange parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no port such as 443 or 8000-8999");
    }
    int first = Integer.parseInt(form.group(1));
    return new PortRange(first, form.group(2) == null ? first : Integer.parseInt(form.group(2)));
  }

  boolean contains(int port) {
    return port >= first && port <= last;
  }

  @Override
  public String toString() {
    return first == last ? String.valueOf(first) : first + "-" + last;
  }
}
