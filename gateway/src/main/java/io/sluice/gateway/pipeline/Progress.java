package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Usage;
import io.sluice.gateway.pipeline.Asking.Told;
import io.sluice.gateway.pipeline.task.Answer;

/**
 * How far the parts of a pipeline are that this gateway drives, those of documents without a result
 * included. Safe from any thread.
 */
final class Progress {
  private Counts counts = Counts.NONE;
  private int parts;

  /** A document had a result when this gateway took over. */
  synchronized void before(JsonNode result) {
    counts = counts.plus(result);
    parts = counts.partsCompleted() + counts.partsFailed();
  }

  /** A document has so many parts. */
  synchronized void split(int more) {
    parts += more;
  }

  synchronized void told(Told told) {
    boolean isGood = told instanceof Told.Answered(Answer.Good good, var job);
    counts = counts.part(isGood);
  }

  synchronized void used(Usage usage) {
    counts = counts.used(usage.promptTokens(), usage.completionTokens());
  }

  /** With the documents that another look has counted. */
  synchronized Counts of(Counts documents) {
    return documents.with(counts, parts);
  }
}
