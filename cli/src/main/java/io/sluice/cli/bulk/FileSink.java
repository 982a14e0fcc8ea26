package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.client.ResultLine;
import java.util.Optional;

/**
 * Results to a file, and those that failed to another one where there is one.
 *
 * @param errors of the lines of a batch that failed
 */
record FileSink(ResultFile results, Optional<ResultFile> errors) implements Sink {
  private static final int OK_FROM = 200;
  private static final int OK_BELOW = 300;

  @Override
  public void result(ResultLine line) {
    errors.filter(file -> isFailed(line.json())).orElse(results).add(line.seq(), line.text());
  }

  /** Results come in their order, so what is in either file was there before what is in none. */
  @Override
  public long last() {
    return Math.max(results.last(), errors.map(ResultFile::last).orElse(0L));
  }

  private static boolean isFailed(JsonNode line) {
    int status = line.path("response").path("status_code").asInt();
    return line.path("error").isObject() || status < OK_FROM || status >= OK_BELOW;
  }

  @Override
  public void close() {
    results.close();
    errors.ifPresent(ResultFile::close);
  }
}
