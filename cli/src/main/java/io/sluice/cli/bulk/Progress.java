package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** How far an undertaking is, in words. */
interface Progress {
  /**
   * A line for so many columns.
   *
   * @param undertaking as the server shows it
   */
  String line(JsonNode undertaking, Instant now, int columns);
}
