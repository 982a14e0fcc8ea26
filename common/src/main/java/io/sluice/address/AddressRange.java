package io.sluice.address;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of addresses in CIDR notation (RFC 4632, RFC 4291 section 2.3): {@code 10.0.0.0/8},
 * {@code 2001:db8::/32}, or one address. A range of one version of IP holds no address of the
 * other.
 *
 * @param first the lowest address
 * @param bits how many of the 128 bits every address shares with it; of IPv4 at least 96
 */
public record AddressRange(Address first, int bits) {
  private static final Pattern FORM = Pattern.compile("([^/]*)(?:/(0|[1-9][0-9]{0,2}))?");

  /**
   * Reads a range strictly.
   *
   * @throws IllegalArgumentException with a sentence for whoever wrote it
   */
  public static AddressRange parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw malformed(text);
    }
    Address address = Address.parse(form.group(1)).orElseThrow(() -> malformed(text));
    int bits = form.group(2) == null ? Address.BITS : bits(text, form.group(1), form.group(2));
    Address first = address.first(bits);
    AddressRange range = new AddressRange(first, bits);
    if (!first.equals(address)) {
      throw new IllegalArgumentException(
          "'" + text + "' has bits set behind its prefix; did you mean " + range + "?");
    }
    return range;
  }

  private static int bits(String text, String address, String prefix) {
    int offset = address.contains(":") ? 0 : Address.IPV4_OFFSET;
    int bits = offset + Integer.parseInt(prefix);
    if (bits > Address.BITS) {
      throw new IllegalArgumentException(
          "'" + text + "': a prefix has at most " + (Address.BITS - offset) + " bits here");
    }
    return bits;
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is not a range of addresses such as 10.0.0.0/8 or 2001:db8::/32, in full and"
            + " without leading zeros");
  }

  public boolean contains(Address address) {
    return address.isIpv4() == isIpv4() && address.first(bits).equals(first);
  }

  private boolean isIpv4() {
    return first.isIpv4() && bits >= Address.IPV4_OFFSET;
  }

  /** In the shortest form: one address without a prefix. */
  @Override
  public String toString() {
    return bits == Address.BITS
        ? first.toString()
        : first + "/" + (isIpv4() ? bits - Address.IPV4_OFFSET : bits);
  }
}
