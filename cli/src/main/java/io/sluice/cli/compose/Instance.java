package io.sluice.cli.compose;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.UUID;

/** What one process is called, and where it is found. */
final class Instance {
  private static final int HOST_LENGTH_MAX = 40;
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

  private Instance() {}

  /** The host's name and what makes it unlike any other process there. */
  static String name() {
    String host = host();
    return host.substring(0, Math.min(host.length(), HOST_LENGTH_MAX))
        + "-"
        + UUID.randomUUID().toString().substring(0, 8);
  }

  /** An address that works from this machine. */
  static URI url(String host, int port) {
    String shown = EVERYWHERE.contains(host) ? "127.0.0.1" : host;
    return URI.create("http://" + (shown.contains(":") ? "[" + shown + "]" : shown) + ":" + port);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "sluice";
    }
  }
}
