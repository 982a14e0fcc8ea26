package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.gateway.batch.LineIndex.Place;
import io.sluice.gateway.bulk.JobGroup.Ask;
import io.sluice.gateway.held.Surface;
import io.sluice.gateway.submit.JobReader;
import java.util.Optional;
import java.util.function.Consumer;

/** The jobs that the lines of a batch become. */
record LineJobs(BatchRun.Parts parts, Batch batch) {
  /** As long as a request gets whose client is held for its answer. */
  private static final String TIMEOUT = "10m";

  private static final int PAIRS_MAX = 16;

  /** Reads lines with everything that would be refused of them. */
  RequestReader checked() {
    JobReader.Envelope envelope =
        new JobReader.Envelope(
            batch.caller(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    return reader(
        job -> parts.reader().read(timed(job.deepCopy()).put("class", "batch"), envelope));
  }

  /** Reads lines that were found good. */
  RequestReader plain() {
    return reader(job -> {});
  }

  private RequestReader reader(Consumer<ObjectNode> check) {
    Surface surface = parts.endpoints().at(batch.endpoint()).orElseThrow().surface();
    return new RequestReader(batch.endpoint(), surface, parts.lineBytesMax(), check);
  }

  Ask ask(Place place, Request.Good request) {
    ObjectNode job = timed(request.job().deepCopy());
    pair(job, "batch_id", batch.id().value());
    pair(job, "custom_id", request.customId());
    return new Ask("line-" + place.piece(), job, request.order().kept(), place.bytes());
  }

  private static ObjectNode timed(ObjectNode job) {
    return job.has("timeout") ? job : job.put("timeout", TIMEOUT);
  }

  /** Tells of a job where it is from, if there is room beside what its client says of it. */
  private static void pair(ObjectNode job, String name, String value) {
    JsonNode metadata = job.path("metadata");
    if (metadata.isMissingNode() || metadata.isNull()) {
      job.putObject("metadata").put(name, value);
    } else if (metadata instanceof ObjectNode pairs
        && pairs.size() < PAIRS_MAX
        && !pairs.has(name)) {
      pairs.put(name, value);
    }
  }
}
