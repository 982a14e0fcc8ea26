package io.sluice.cli.compose;

import io.sluice.tls.Identity;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** What one process is called, and where it is found. */
final class Instance {
  private static final int HOST_LENGTH_MAX = 40;
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

  private Instance() {}

  /** The host's name and what makes it unlike any other process there. */
  static String name() {
    String host = host();
    return host.replaceAll("[^A-Za-z0-9._-]", "-")
            .substring(0, Math.min(host.length(), HOST_LENGTH_MAX))
        + "-"
        + UUID.randomUUID().toString().substring(0, 8);
  }

  /** An address that works from this machine. */
  static URI url(String host, int port) {
    String shown = EVERYWHERE.contains(host) ? "127.0.0.1" : host;
    return URI.create("http://" + (shown.contains(":") ? "[" + shown + "]" : shown) + ":" + port);
  }

  /** The same over HTTPS, by a name that the certificate has, if one of this machine's is in it. */
  static URI httpsUrl(String host, int port, Identity certificate) {
    URI plain = url(host, port);
    String name =
        Stream.of(host, plain.getHost(), "localhost", host())
            .filter(certificate::covers)
            .findFirst()
            .map(one -> one.contains(":") && !one.startsWith("[") ? "[" + one + "]" : one)
            .orElse(plain.getHost());
    return URI.create("https://" + name + ":" + port);
  }

  /** Whether it stands for every address of this machine. */
  static boolean isEverywhere(String host) {
    return EVERYWHERE.contains(host);
  }

  /** Whether only this machine reaches what listens there. */
  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** The name of this machine. */
  static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "sluice";
    }
  }
}
