package io.sluice.cli.doctor;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Versions of servers, compared number by number. */
public final class Versions {
  private static final Pattern NUMBERS = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,6}){0,3}");

  private Versions() {}

  /** Whether one is at least as new as a floor; what has no numbers is not. */
  public static boolean atLeast(String version, String floor) {
    Matcher found = NUMBERS.matcher(version);
    return found.find() && Arrays.compare(numbers(found.group()), numbers(floor)) >= 0;
  }

  private static int[] numbers(String text) {
    return Arrays.copyOf(Arrays.stream(text.split("\\.")).mapToInt(Integer::parseInt).toArray(), 4);
  }
}
