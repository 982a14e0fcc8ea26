package io.sluice.gateway.auth;

import io.sluice.address.Address;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The elements of a forwarding header, from the last to the first. It is read from the right
 * because the right end was written by the nearest proxy, and whatever a client put before it must
 * not change how that is read: not even an open quotation mark.
 */
final class Hops {
  private static final int NODE_CHARACTERS_MAX = 128;
  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final String PORT = "(?::(?:[0-9]{1,5}|_[0-9A-Za-z._-]+))?";
  private static final Pattern NODE =
      Pattern.compile(
          "\\[([0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)\\]"
              + PORT
              + "|([0-9.]+)"
              + PORT
              + "|([0-9A-Fa-f:.]+)");

  private final ForwardedHeader header;
  private final String text;
  private int end;

  Hops(ForwardedHeader header, String text) {
    this.header = header;
    this.text = text;
    this.end = text.length();
  }

  boolean hasNext() {
    return end >= 0;
  }

  /** The address of the next hop to the left; empty if the element does not name one. */
  Optional<Address> next() {
    int comma = before(text, end, ',');
    String element = text.substring(comma + 1, end).strip();
    end = comma;
    return header == ForwardedHeader.FORWARDED ? parameter(element) : node(element);
  }

  /** The last such character before {@code end} that is in no quoted string, or -1. */
  private static int before(String text, int end, char wanted) {
    boolean quoted = false;
    for (int i = end - 1; i >= 0; i--) {
      char c = text.charAt(i);
      if (c == '"' && !(quoted && escaped(text, i))) {
        quoted = !quoted;
      } else if (c == wanted && !quoted) {
        return i;
      }
    }
    return -1;
  }

  private static boolean escaped(String text, int at) {
    int start = at;
    while (start > 0 && text.charAt(start - 1) == '\\') {
      start--;
    }
    return (at - start) % 2 == 1;
  }

  /** What {@code for} says, if it is there once (RFC 7239 section 4). */
  private static Optional<Address> parameter(String element) {
    Optional<String> found = Optional.empty();
    int to = element.length();
    while (to >= 0) {
      int semicolon = before(element, to, ';');
      String[] parameter = element.substring(semicolon + 1, to).strip().split("=", 2);
      if (parameter[0].equalsIgnoreCase("for")) {
        if (found.isPresent() || parameter.length < 2) {
          return Optional.empty();
        }
        found = Optional.of(parameter[1]);
      }
      to = semicolon;
    }
    return found.flatMap(Hops::node);
  }

  /** An address, perhaps with a port; IPv6 perhaps in brackets, all of it perhaps in quotes. */
  private static Optional<Address> node(String text) {
    if (text.length() > NODE_CHARACTERS_MAX) {
      return Optional.empty();
    }
    Matcher quoted = QUOTED.matcher(text);
    Matcher node =
        NODE.matcher(quoted.matches() ? quoted.group(1).replaceAll("\\\\(.)", "$1") : text);
    return node.matches()
        ? Stream.of(1, 2, 3)
            .map(node::group)
            .filter(Objects::nonNull)
            .findFirst()
            .flatMap(Address::parse)
        : Optional.empty();
  }
}
