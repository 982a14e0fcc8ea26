package io.sluice.address;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.IncompatibleAddressException;
import inet.ipaddr.ipv6.IPv6Address;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An IPv4 or IPv6 address. An IPv4 address that is mapped into IPv6 (RFC 4291 section 2.5.5.2) is
 * that IPv4 address, so that no two texts of one host differ.
 *
 * @param high the upper 64 bits; an IPv4 address has none
 * @param low the lower 64 bits; those of IPv4 behind {@code ffff}
 */
public record Address(long high, long low) {
  static final int BITS = 128;

  /** Bits before those of an IPv4 address. */
  static final int IPV4_OFFSET = 96;

  private static final Pattern CHARACTERS = Pattern.compile("[0-9A-Fa-f.:]{2,45}");
  private static final long MAPPED = 0xffffL;

  /** One address in full, decimal without leading zeros, and nothing else. */
  private static final IPAddressStringParameters STRICT = strict();

  /**
   * Reads one address, without port, zone or prefix; empty if it is none. Octal, hexadecimal and
   * shortened IPv4 are none, since others read them as another address.
   */
  public static Optional<Address> parse(String text) {
    if (!CHARACTERS.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(of(new IPAddressString(text, STRICT).toAddress().getBytes()));
    } catch (AddressStringException | IncompatibleAddressException e) {
      return Optional.empty();
    }
  }

  private static Address of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return bytes.length == 4
        ? new Address(0, MAPPED << 32 | Integer.toUnsignedLong(buffer.getInt()))
        : new Address(buffer.getLong(), buffer.getLong());
  }

  public boolean isIpv4() {
    return high == 0 && low >>> 32 == MAPPED;
  }

  /**
   * What one customer of a network usually has: the address itself for IPv4, its first 64 bits for
   * IPv6.
   */
  public Address network() {
    return isIpv4() ? this : new Address(high, 0);
  }

  /** The first bits of it, the rest zero. */
  Address first(int bits) {
    return new Address(high & mask(bits), low & mask(bits - Long.SIZE));
  }

  private static long mask(int bits) {
    return bits <= 0 ? 0 : bits >= Long.SIZE ? -1 : -1L << (Long.SIZE - bits);
  }

  /** As RFC 5952 writes it. */
  @Override
  public String toString() {
    if (isIpv4()) {
      return (low >>> 24 & 255)
          + "."
          + (low >>> 16 & 255)
          + "."
          + (low >>> 8 & 255)
          + "."
          + (low & 255);
    }
    byte[] bytes = ByteBuffer.allocate(BITS / 8).putLong(high).putLong(low).array();
    return new IPv6Address(bytes).toCanonicalString();
  }

  private static IPAddressStringParameters strict() {
    IPAddressStringParameters.Builder builder =
        new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowWildcardedSeparator(false)
            .allowMask(false)
            .allowPrefix(false)
            .allowPrefixOnly(false)
            .setRangeOptions(RangeParameters.NO_RANGE);
    builder
        .getIPv4AddressParametersBuilder()
        .allow_inet_aton(false)
        .allowLeadingZeros(false)
        .allowUnlimitedLeadingZeros(false)
        .allowBinary(false);
    builder
        .getIPv6AddressParametersBuilder()
        .allowZone(false)
        .allowBase85(false)
        .allowBinary(false)
        .allowUnlimitedLeadingZeros(false)
        .getEmbeddedIPv4AddressParametersBuilder()
        .allow_inet_aton(false)
        .allowLeadingZeros(false)
        .allowUnlimitedLeadingZeros(false)
        .allowBinary(false);
    return builder.toParams();
  }
}
