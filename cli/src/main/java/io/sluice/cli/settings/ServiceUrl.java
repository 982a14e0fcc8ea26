package io.sluice.cli.settings;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The address of a server that may carry a password, which prints as stars. */
public record ServiceUrl(URI uri) {
  /** What is wrong if the address has none of these schemes; nothing if it has. */
  Optional<String> wrongScheme(String... right) {
    return List.of(right).contains(String.valueOf(uri.getScheme()))
        ? Optional.empty()
        : Optional.of("the address must begin with " + right[0] + ":// or " + right[1] + "://");
  }

  @Override
  public String toString() {
    String user = uri.getRawUserInfo();
    if (user == null) {
      return uri.toString();
    }
    String shown = user.contains(":") ? user.substring(0, user.indexOf(':')) + ":***" : "***";
    return uri.toString().replace(user + "@", shown + "@");
  }
}
