package io.sluice.gateway.auth;

/** The one header in which a trusted proxy says for whom it asks. */
public enum ForwardedHeader {
  X_FORWARDED_FOR("X-Forwarded-For"),
  /** RFC 7239. */
  FORWARDED("Forwarded");

  private final String header;

  ForwardedHeader(String header) {
    this.header = header;
  }

  String header() {
    return header;
  }
}
