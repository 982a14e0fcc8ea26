package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.Exit;
import io.sluice.cli.client.Undertaking;
import java.util.ArrayList;
import java.util.List;

/** What came of an undertaking, as its exit code and in words. */
record Outcome(Exit exit, List<String> lines) {
  /** The answer over all documents is one more result, which no count has. */
  Outcome withOverall(String status) {
    if (status.equals("completed")) {
      return this;
    }
    List<String> more = new ArrayList<>(lines);
    more.add("the answer over all documents is " + status);
    return new Outcome(exit == Exit.OK ? Exit.NOT_COMPLETED : exit, more);
  }

  static Outcome of(Undertaking kind, JsonNode ended, int notSent) {
    return kind == Undertaking.BATCH ? batch(ended) : pipeline(ended, notSent);
  }

  private static Outcome batch(JsonNode batch) {
    String id = batch.path("id").asText();
    String status = batch.path("status").asText();
    JsonNode counts = batch.path("request_counts");
    if (status.equals("failed")) {
      return refused(id, batch.path("errors").path("data"));
    }
    long total = counts.path("total").asLong();
    long completed = counts.path("completed").asLong();
    long failed = counts.path("failed").asLong();
    String line =
        "%s: %s of %s answered, %s failed"
            .formatted(
                was(id, status),
                Amounts.count(completed),
                Amounts.of(total, "line"),
                Amounts.count(failed));
    return outcome(status.equals("completed") && completed == total, line);
  }

  private static Outcome refused(String id, JsonNode errors) {
    List<String> lines = new ArrayList<>();
    lines.add(id + " was refused:");
    for (JsonNode error : errors) {
      String where =
          error.path("line").isNumber() ? "line " + error.path("line").asLong() + ": " : "";
      String param = error.path("param").asText("");
      lines.add(
          where
              + error.path("message").asText(error.path("code").asText())
              + (param.isEmpty() || param.equals("null") ? "" : " (" + param + ")"));
    }
    return new Outcome(Exit.REFUSED, lines);
  }

  private static Outcome pipeline(JsonNode pipeline, int notSent) {
    String status = pipeline.path("status").asText();
    JsonNode documents = pipeline.path("counts").path("documents");
    long total = documents.path("total").asLong();
    long completed = documents.path("completed").asLong();
    List<String> said = new ArrayList<>();
    said.add(Amounts.count(completed) + " of " + Amounts.of(total, "document") + " completed");
    add(said, documents.path("incomplete").asLong(), "incomplete");
    add(said, documents.path("failed").asLong(), "failed");
    add(said, notSent, "left out");
    JsonNode usage = pipeline.path("usage");
    long tokens = usage.path("prompt_tokens").asLong() + usage.path("completion_tokens").asLong();
    if (tokens > 0) {
      said.add(Amounts.of(tokens, "token"));
    }
    String line = was(pipeline.path("id").asText(), status) + ": " + String.join(", ", said);
    return outcome(status.equals("completed") && completed == total && notSent == 0, line);
  }

  private static String was(String id, String status) {
    return switch (status) {
      case "cancelled" -> id + " was cancelled";
      case "expired" -> id + " expired";
      default -> id;
    };
  }

  private static void add(List<String> said, long number, String what) {
    if (number > 0) {
      said.add(Amounts.count(number) + " " + what);
    }
  }

  private static Outcome outcome(boolean whole, String line) {
    return new Outcome(whole ? Exit.OK : Exit.NOT_COMPLETED, List.of(line));
  }
}
