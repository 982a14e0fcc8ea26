package io.sluice.cli.settings;

import java.net.URI;

/** The address of a server that may carry a password, which prints as stars. */
public record ServiceUrl(URI uri) {
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
