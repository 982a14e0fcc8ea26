package io.sluice.gateway.auth;

import io.sluice.ApiKey;
import io.sluice.address.Address;
import io.sluice.address.AddressRange;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** The addresses that an API key works from, ready to be asked. */
public record KeyRanges(Optional<List<AddressRange>> ranges) {
  public static final KeyRanges ANYWHERE = new KeyRanges(Optional.empty());

  /** Those of a key; a range that cannot be read holds no address. */
  public static KeyRanges of(ApiKey key) {
    return key.ranges().isEmpty() ? ANYWHERE : new KeyRanges(key.ranges().map(KeyRanges::read));
  }

  private static List<AddressRange> read(List<String> texts) {
    return texts.stream().flatMap(text -> read(text).stream()).toList();
  }

  private static Optional<AddressRange> read(String text) {
    try {
      return Optional.of(AddressRange.parse(text));
    } catch (IllegalArgumentException e) {
      LoggerFactory.getLogger(KeyRanges.class).warn("a key's range means nowhere: {}", text);
      return Optional.empty();
    }
  }

  /**
   * Whether the key works from there.
   *
   * @param address as {@link ClientAddress} tells it
   */
  public boolean contain(String address) {
    return ranges.isEmpty()
        || Address.parse(address)
            .filter(from -> ranges.get().stream().anyMatch(range -> range.contains(from)))
            .isPresent();
  }
}
