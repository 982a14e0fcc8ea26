package io.sluice.gateway.token;

import java.util.List;

/** Keys of the store cannot be opened at the start. Expected, so without stack trace. */
public final class UnusableKeys extends RuntimeException {
  UnusableKeys(List<String> faults) {
    super(
        String.join("; ", faults)
            + "; give the master secret that these were sealed with, or end them:"
            + " sluice token-key revoke --all",
        null,
        false,
        false);
  }
}
