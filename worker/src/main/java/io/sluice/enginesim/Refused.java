package io.sluice.enginesim;

/** Ends a request with a status and Ollama's text, before its first byte. */
final class Refused extends Exception {
  private final int status;

  Refused(int status, String text) {
    super(text, null, false, false);
    this.status = status;
  }

  Refused(EngineError error) {
    this(error.status(), error.text());
  }

  int status() {
    return status;
  }
}
