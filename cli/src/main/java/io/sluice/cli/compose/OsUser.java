package io.sluice.cli.compose;

/** Who runs this process, as the audit log names them. */
final class OsUser {
  private OsUser() {}

  /** {@code os:anna}: no API key and no subject of a token has such a name. */
  static String name() {
    return "os:" + System.getProperty("user.name", "unknown");
  }
}
