package io.sluice.worker.openai;

import io.sluice.Failure;
import io.sluice.worker.http.Dialect;

/**
 * Server-sent events of completion chunks.
 *
 * @param promptTokens what the prompt is said to have where the server does not count it
 */
record OpenAiDialect(int promptTokens) implements Dialect {
  @Override
  public boolean speaks(String contentType) {
    return contentType.startsWith("text/event-stream");
  }

  @Override
  public Failure refusal(int status, String body) {
    return OpenAiErrors.refusal(status, body);
  }

  @Override
  public Reading reading() {
    return new CompletionStream(promptTokens);
  }
}
