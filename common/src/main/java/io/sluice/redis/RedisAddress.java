package io.sluice.redis;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Where Redis is and who asks, as its URI says. The password is never printed. */
record RedisAddress(String server, Optional<String> user, Optional<String> password, int database) {
  private static final int DEFAULT_PORT = 6379;
  private static final Set<String> SCHEMES = Set.of("redis", "rediss");

  static RedisAddress parse(URI uri) {
    if (!SCHEMES.contains(String.valueOf(uri.getScheme())) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "not a Redis URI: write redis://[user:password@]host[:port][/database]");
    }
    int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    String server = uri.getScheme() + "://" + uri.getHost() + ":" + port;
    Optional<String> info = Optional.ofNullable(uri.getRawUserInfo());
    return new RedisAddress(
        server,
        info.filter(it -> it.indexOf(':') > 0).map(it -> decoded(it.substring(0, it.indexOf(':')))),
        info.map(it -> decoded(it.substring(it.indexOf(':') + 1))),
        database(uri));
  }

  boolean isTls() {
    return server.startsWith("rediss:");
  }

  private static int database(URI uri) {
    String path = Optional.ofNullable(uri.getPath()).orElse("").replaceFirst("^/", "");
    if (!path.matches("[0-9]{0,4}")) {
      throw new IllegalArgumentException("not a Redis database: " + path);
    }
    return path.isEmpty() ? 0 : Integer.parseInt(path);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return server + "/" + database;
  }
}
