package io.sluice.enginesim;

/** Ends a request with an error of OpenAI's protocol, before its first byte. */
final class OpenAiRefused extends Exception {
  private final OpenAiError error;

  OpenAiRefused(OpenAiError error) {
    super(error.text(), null, false, false);
    this.error = error;
  }

  OpenAiError error() {
    return error;
  }
}
